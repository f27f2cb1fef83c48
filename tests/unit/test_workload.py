from dataclasses import fields

import numpy as np
import pytest

from rooflab.errors import FactError
from rooflab.facts.workloads import DEEPSEEK_V3
from rooflab.facts.workloads_tracks import LLAMA_3_8B
from rooflab.specs import Confidence, Source, SourceKind, Workload

HERE = Source(
    id="here", name="This test", kind=SourceKind.ASSUMPTION, confidence=Confidence.ASSUMED, date="2026", note="a shape"
)
PLAIN = {
    "layers": 10, "hidden": 64, "heads": 4, "kv_heads": 2, "head_dim": 16, "ffn": 256, "vocab": 1000,
    "max_context_tokens": 4096,
}  # fmt: skip
ATTENTION = 64 * 16 * (4 + 4 + 2 + 2)  # query, output, key, value
NORMS = (2 * 10 + 1) * 64


def shape(**changes):
    values = PLAIN | changes
    every = [each.name for each in fields(Workload) if each.name not in ("id", "name", "sources")]
    defaults = {each.name: each.default for each in fields(Workload)}
    present = [name for name in every if values.get(name, defaults[name]) is not None]
    return Workload(id="x", name="X", **values, sources={HERE: tuple(present)})


def test_a_gate_is_a_third_matrix():
    per_layer = 64 * 256

    assert shape(ffn_matrices=3).params_count - shape(ffn_matrices=2).params_count == 10 * per_layer


def test_tied_tables_count_once():
    assert shape(tied_embeddings=True).params_count == 10 * (ATTENTION + 3 * 64 * 256) + 1000 * 64 + NORMS


def test_heads_may_be_wider_than_the_hidden_vector_says():
    assert shape(head_dim=32).attention_params == 2 * ATTENTION


def test_a_token_uses_its_experts_and_the_shared_ones():
    found = shape(experts=8, experts_per_token=2, shared_experts=1, shared_ffn=512)
    expert = 3 * 64 * 256

    assert found.shared_params == 3 * 64 * 512
    assert found.params_count - found.active_params_count == 10 * 6 * expert
    assert found.params_count - shape().params_count == 10 * (7 * expert + 3 * 64 * 512 + 64 * 8)


def test_dense_layers_have_one_mlp_and_no_router():
    mixture = {"experts": 8, "experts_per_token": 2}
    found = shape(**mixture, dense_layers=3, dense_ffn=1024)

    assert shape(**mixture).params_count - found.params_count == 3 * (3 * 64 * (8 * 256 - 1024) + 64 * 8)


def test_every_expert_for_every_token_is_all_parameters():
    found = shape(experts=4, experts_per_token=4)

    assert found.active_params_count == found.params_count


def test_what_a_shape_does_not_imply_is_added():
    found = shape(experts=8, experts_per_token=2, other_params=111, other_expert_params=7)
    without = shape(experts=8, experts_per_token=2)

    assert found.params_count - without.params_count == 111 + 10 * 8 * 7
    assert found.active_params_count - without.active_params_count == 111 + 10 * 2 * 7


def test_latent_attention_is_its_projections_and_two_norms():
    query = 7168 * 1536 + 1536 + 1536 * 128 * (128 + 64)
    keys_and_values = 7168 * (512 + 64) + 512 + 512 * 128 * (128 + 128)

    assert DEEPSEEK_V3.attention_params == query + keys_and_values + 128 * 128 * 7168
    assert DEEPSEEK_V3.cached_elements == 512 + 64


def test_a_query_without_a_rank_is_one_projection():
    latent = {"kv_lora_rank": 32, "qk_rope_head_dim": 8, "qk_nope_head_dim": 16, "v_head_dim": 16}
    straight, ranked = shape(**latent), shape(**latent, q_lora_rank=24)

    assert straight.attention_params - ranked.attention_params == 64 * 4 * 24 - (64 * 24 + 24 + 24 * 4 * 24)


def test_keys_and_values_are_kept_of_each_kv_head():
    assert LLAMA_3_8B.cached_elements == 2 * 8 * 128
    assert LLAMA_3_8B.latent_elements is None


def test_a_windowed_layer_keeps_no_more_than_its_window():
    found = shape(sliding_window=128, windowed_layers=4).cache_bytes(np.array([100, 128, 4096]), 2.0)

    each = 2 * 2 * 16 * 2  # keys and values of two KV heads of 16, in two bytes
    assert found.tolist() == [10 * 100 * each, 10 * 128 * each, (6 * 4096 + 4 * 128) * each]
    assert shape().cache_bytes(4096, 2.0) == 10 * 4096 * each


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"heads": 5}, "5 heads do not share 2 KV heads evenly"),
        ({"ffn_matrices": 4}, "ffn_matrices must be 2 or 3, not 4"),
        ({"kv_lora_rank": 32}, "kv_lora_rank and qk_rope_head_dim and .* must be given together"),
        ({"sliding_window": 128}, "sliding_window and windowed_layers must be given together"),
        ({"dense_layers": 1}, "dense_layers and dense_ffn must be given together"),
        ({"q_lora_rank": 32}, "q_lora_rank says nothing without kv_lora_rank"),
        ({"shared_ffn": 32}, "shared_ffn says nothing without shared_experts"),
        ({"experts": 2, "experts_per_token": 3}, "experts_per_token is 3, more than experts, 2"),
        ({"sliding_window": 128, "windowed_layers": 11}, "windowed_layers is 11, more than layers, 10"),
    ],
)
def test_a_shape_that_contradicts_itself_is_refused(changes, words):
    with pytest.raises(FactError, match=words):
        shape(**changes)
