"""Llama-3-70B on eight devices, counted by hand."""

from dataclasses import replace

import pytest

from rooflab.facts.workloads import DEEPSEEK_V3
from rooflab.facts.workloads_tracks import LLAMA_3_70B, MIXTRAL_8X22B
from rooflab.model.decoder import decoder_costs
from rooflab.model.layer_fusion import chain_counts
from rooflab.model.stack import OPERATORS, Load, Weights, shape_of

AT = {each.id: at for at, each in enumerate(OPERATORS)}
B, C, N, L = 16, 4096, 8, 80


PLAIN = Load(
    batch=B,
    query_tokens=1,
    useful_tokens=1,
    context_tokens=C,
    prompt_tokens=0.0,
    prompt_length=0.0,
    decoding=1.0,
    eager=0.0,
    kv_element_bytes=2.0,
)
BF16 = Weights(
    element_bytes=2.0,
    head_element_bytes=2.0,
    executed_fraction=1.0,
    kept_fraction=1.0,
    expert_parallel=0.0,
    imbalance_factor=1.0,
)


def stack(*, workload=LLAMA_3_70B, weights=BF16, fusion="010010", all_to_all=False, **changes):
    return decoder_costs(
        shape_of(workload),
        PLAIN._replace(**changes),
        weights,
        chain_counts(fusion),
        device_count=N,
        all_to_all=all_to_all,
    )


def prefill(**changes):
    return stack(query_tokens=C, useful_tokens=C, decoding=0.0, **changes)


@pytest.mark.parametrize(
    ("operator", "weights"),
    [
        ("qkv", 8192 * (64 + 2 * 8) * 128),
        ("o_proj", 64 * 128 * 8192),
        ("gate_up", 8192 * 2 * 28672),
        ("down", 28672 * 8192),
    ],
)
def test_a_projection_reads_its_share_of_the_weights_once(operator, weights):
    costs = stack().executed
    at = AT[operator]

    assert costs.weight_bytes[at] == 2 * L * weights / N
    assert costs.flop[at] == 2 * B * L * weights / N
    assert costs.launches[at] == L


def test_activations_of_the_projections():
    costs = stack().executed
    row = 8192 * 2  # one token of the residual stream

    # the stream in; an eighth of the heads out
    assert costs.activation_bytes[AT["qkv"]] == L * B * (row + (64 + 16) * 128 * 2 / N)
    assert costs.activation_bytes[AT["o_proj"]] == L * B * (64 * 128 * 2 / N + row)
    assert costs.activation_bytes[AT["gate_up"]] == L * B * (row + 2 * 28672 * 2 / N)
    assert costs.activation_bytes[AT["down"]] == L * B * (28672 * 2 / N + row)


def test_the_lm_head_runs_once_for_one_token_of_each_sequence():
    for costs in (stack().executed, prefill().executed):
        assert costs.flop[AT["lm_head"]] == 2 * B * 8192 * 128256 / N
        assert costs.weight_bytes[AT["lm_head"]] == 2 * 8192 * 128256 / N


def test_norms_and_pointwise_operators():
    costs = stack().executed

    # input and residual read, sum and norm written; on every device
    assert costs.activation_bytes[AT["attn_norm"]] == L * B * 4 * 8192 * 2
    assert costs.activation_bytes[AT["mlp_norm"]] == L * B * 4 * 8192 * 2
    # gate and up read, product written
    assert costs.activation_bytes[AT["silu_mul"]] == L * B * 3 * 28672 * 2 / N
    # queries and keys read, queries written, values read
    assert costs.activation_bytes[AT["rope"]] == L * B * (2 * 64 + 2 * 8) * 128 * 2 / N
    # a key and a value of each KV head go to the cache
    assert costs.kv_bytes[AT["rope"]] == L * B * 2 * 8 * 128 * 2 / N
    # a row of the table read and written
    assert costs.activation_bytes[AT["embed"]] == B * 2 * 8192 * 2


def test_fused_decode_reads_the_cache_once():
    costs = stack().executed
    at = AT["attention"]

    assert costs.kv_bytes[at] == B * C * 327_680 / N
    assert costs.activation_bytes[at] == L * B * 2 * 64 * 128 * 2 / N  # queries in, outputs out
    assert costs.flop[at] == L * B * 4 * 64 * 128 * C / N
    assert costs.launches[at] == 2 * L  # split over the keys, then combined


def test_eager_decode_repeats_the_cache():
    costs = stack(eager=1.0).executed
    at = AT["attention"]

    assert costs.kv_bytes[at] == 17 * B * C * 327_680 / N
    scores = B * 64 * C * 2 / N
    assert costs.activation_bytes[at] == L * (B * 2 * 64 * 128 * 2 / N + 8 * scores)
    assert costs.flop[at] == L * B * 4 * 64 * 128 * C / N  # fusing does not change O
    assert costs.launches[at] == 7 * L


def test_fused_prefill_does_half_of_the_square():
    eager, fused = prefill(eager=1.0), prefill()
    at = AT["attention"]

    assert eager.executed.flop[at] == L * B * 4 * 64 * 128 * C * C / N
    assert fused.executed.flop[at] == L * B * 4 * 64 * 128 * (C * (C + 1) / 2) / N
    assert eager.necessary_flop == fused.necessary_flop


def test_prefill_writes_the_cache_that_decode_reads():
    assert prefill().executed.kv_bytes[AT["rope"]] == B * C * 327_680 / N
    assert prefill().necessary_kv_bytes == stack().necessary_kv_bytes == B * C * 327_680 / N


def test_an_8_bit_cache_halves_the_read_but_not_the_copies():
    at = AT["attention"]
    wide, narrow = stack(), stack(kv_element_bytes=1.0)
    eager = stack(kv_element_bytes=1.0, eager=1.0)

    assert narrow.executed.kv_bytes[at] == wide.executed.kv_bytes[at] / 2
    assert eager.executed.kv_bytes[at] == wide.executed.kv_bytes[at] * (0.5 + 16)


def test_weights_add_up_to_the_model():
    read = stack().executed.weight_bytes.sum() * N
    table = 2 * 8192 * 128256  # the input table is not streamed
    norms = 2 * (80 * 2 * 8192 + 8192)  # not counted

    assert read == 2 * LLAMA_3_70B.params_count - table - norms


def test_an_all_reduce_sends_the_stream_around_the_ring():
    assert stack().executed.link_bytes[AT["mlp_reduce"]] == L * B * 8192 * 2 * 2 * 7 / 8


def test_one_token_of_prefill_is_one_of_decode():
    one = stack(context_tokens=1, decoding=0.0).executed
    other = stack(context_tokens=1).executed

    assert one.flop.tolist() == other.flop.tolist()
    assert one.hbm_bytes.tolist() == other.hbm_bytes.tolist()


def mixture(batch, **changes):
    return stack(workload=MIXTRAL_8X22B, batch=batch, context_tokens=1024, **changes)


def test_one_token_meets_two_experts_and_reads_two():
    one = mixture(1).executed

    gate_up, router = 2 * 6144 * 2 * 16384, 6144 * 8  # of two experts, and what chooses them
    assert one.weight_bytes[AT["gate_up"]] == pytest.approx(2 * 56 * (gate_up + router) / N)
    assert one.flop[AT["gate_up"]] == pytest.approx(2 * 56 * (gate_up + router) / N)


def test_sixteen_tokens_read_nearly_all_experts():
    one, many = mixture(1).executed, mixture(16).executed
    down = AT["down"]

    assert many.weight_bytes[down] / one.weight_bytes[down] == pytest.approx(4 * 0.99, rel=0.001)
    assert many.flop[down] == 16 * one.flop[down]  # a token's arithmetic does not change


def test_whole_experts_are_read_by_the_busiest_device():
    whole = BF16._replace(expert_parallel=1.0, imbalance_factor=1.25)
    one, cut = mixture(1, weights=whole, all_to_all=True), mixture(1)
    gate = AT["gate_up"]

    # One token meets two of eight experts: an eighth of each is read on every device if they are
    # cut, one whole expert on the busiest device if they are not.
    router = 2 * 56 * 6144 * 8 / N  # bytes, and flop; divided in either case
    assert one.executed.weight_bytes[gate] == pytest.approx(2 * 56 * 6144 * 2 * 16384 + router)
    assert (one.executed.weight_bytes[gate] - router) / (cut.executed.weight_bytes[gate] - router) == pytest.approx(8 / 2)
    assert one.executed.flop[gate] - router == pytest.approx(1.25 * (cut.executed.flop[gate] - router))
    assert one.necessary_flop == cut.necessary_flop  # imbalance is no need of the model


def test_whole_experts_exchange_tokens_instead_of_half_of_the_reductions():
    whole = BF16._replace(expert_parallel=1.0, imbalance_factor=1.0)
    one, cut = mixture(64, weights=whole, all_to_all=True), mixture(64, all_to_all=True)
    row = 56 * 64 * 6144 * 2

    # Two experts for each of an eighth of the tokens, there and back, seven eighths to others.
    assert one.executed.link_bytes[-1] == 2 * 2 * row / 8 * 7 / 8
    assert one.executed.launches[-1] == 2 * 56
    assert one.executed.link_bytes[AT["mlp_reduce"]] == cut.executed.link_bytes[AT["mlp_reduce"]] / 2
    assert cut.executed.link_bytes[-1] == cut.executed.launches[-1] == 0


def test_prompts_that_ride_along_share_the_read_of_the_weights():
    alone, along = stack(), stack(prompt_tokens=100.0, prompt_length=500.0)
    gate, attention = AT["gate_up"], AT["attention"]

    assert along.executed.weight_bytes.tolist() == alone.executed.weight_bytes.tolist()
    assert along.executed.flop[gate] == alone.executed.flop[gate] * (B + 100) / B
    # Each of 100 tokens sees 250.5 keys on average; 64 heads of 128 on eight devices.
    seen = L * 4 * 64 * 128 * 100 * 250.5 / N
    assert along.executed.flop[attention] - alone.executed.flop[attention] == pytest.approx(seen)
    assert along.executed.flop[AT["lm_head"]] == alone.executed.flop[AT["lm_head"]]


def test_a_verification_reads_the_cache_once_and_computes_for_every_draft():
    one, five = stack(), stack(query_tokens=5.0, useful_tokens=3.36)
    gate, attention = AT["gate_up"], AT["attention"]

    assert five.executed.flop[gate] == 5 * one.executed.flop[gate]
    assert five.executed.weight_bytes[gate] == one.executed.weight_bytes[gate]
    assert five.executed.kv_bytes[attention] == one.executed.kv_bytes[attention]
    assert five.executed.flop[AT["lm_head"]] == 5 * one.executed.flop[AT["lm_head"]]
    assert five.necessary_flop == pytest.approx(3.36 * one.necessary_flop, rel=1e-3)


def test_two_of_four_halve_the_work_and_unstructured_zeros_only_what_is_needed():
    pair = stack(weights=BF16._replace(element_bytes=1.125, executed_fraction=0.5, kept_fraction=0.5))
    loose = stack(weights=BF16._replace(element_bytes=1.125, kept_fraction=0.5))
    dense, gate, head = stack(), AT["gate_up"], AT["lm_head"]

    assert pair.executed.weight_bytes[gate] / dense.executed.weight_bytes[gate] == 0.5625
    assert pair.executed.flop[gate] == dense.executed.flop[gate] / 2
    assert loose.executed.flop[gate] == dense.executed.flop[gate]  # matrix units skip nothing
    assert pair.necessary_flop == loose.necessary_flop < dense.necessary_flop
    assert pair.executed.weight_bytes[head] == dense.executed.weight_bytes[head]  # the head stays dense


def activations(fusion, operator):
    return stack(fusion=fusion).executed.activation_bytes[AT[operator]]


A, F = L * B * 8192 * 2, L * B * 28672 * 2 / N  # rows of the stream and of the MLP, all layers


def test_nothing_fused_moves_every_intermediate():
    assert activations("000000", "mlp_reduce") == 2 * A
    assert activations("000000", "mlp_norm") == (3 + 2) * A  # sum of two, then norm
    assert activations("000000", "gate_up") == A + 2 * F
    assert activations("000000", "silu_mul") == (2 + 3) * F
    assert activations("000000", "down") == F + A


def test_a_norm_in_the_prologue_of_its_product_is_done_for_every_column_of_tiles():
    plain, fused = stack(), stack(fusion="101110")
    gate, qkv, norm = AT["gate_up"], AT["qkv"], AT["mlp_norm"]

    assert fused.executed.launches[norm] == fused.executed.activation_bytes[norm] == 0
    # 7168 columns of gate and up and 1280 of Q, K and V on a device: 28 and 5 tiles of 256.
    assert fused.vector_flop[gate] == L * B * (3 * 8192 * 28 + 5 * 28672 / N)
    assert fused.vector_flop[qkv] == L * B * 3 * 8192 * 5
    assert fused.executed.flop.sum() > plain.executed.flop.sum()
    assert fused.necessary_flop == plain.necessary_flop


def test_what_cannot_be_computed_again_must_be_held():
    assert stack(fusion="110110").held_bytes == 0
    assert stack(fusion="111000").held_bytes == 64 * 8192 * 2  # rows that eight GPUs have summed
    assert stack(fusion="000111").held_bytes == 64 * 28672 / N * 2  # rows between two products


def test_latent_attention_and_shared_experts_have_kernels_of_their_own():
    plain, latent = mixture(1).executed, stack(workload=DEEPSEEK_V3, batch=1, context_tokens=1024).executed

    # Down to the latent vectors, norms, queries up, into the latent space, values out of it; then gate and up, the
    # activation and down of the shared expert, beside router, gathering and those of the others.
    assert (plain.launches[AT["qkv"]], latent.launches[AT["qkv"]]) == (56, 5 * 61)
    assert [plain.launches[AT[each]] / 56 for each in ("gate_up", "silu_mul", "down")] == [3, 1, 1]
    assert [latent.launches[AT[each]] / 61 for each in ("gate_up", "silu_mul", "down")] == [4, 2, 2]


def test_a_latent_cache_is_read_whole_by_every_device_that_shares_its_heads():
    heads, sequences = (
        stack(workload=DEEPSEEK_V3, batch=16, context_tokens=1024, data_parallel=each).executed for each in (0.0, 1.0)
    )
    cache = 61 * 16 * 1024 * (512 + 64) * 2  # layers, sequences, tokens, the latent vector with its rotary part

    assert heads.kv_bytes[AT["attention"]] == pytest.approx(cache)
    assert sequences.kv_bytes[AT["attention"]] == pytest.approx(cache / N)


def test_a_window_bounds_what_its_layers_see_and_read():
    window = 128
    windowed = replace(
        LLAMA_3_70B,
        sliding_window=window,
        windowed_layers=40,
        sources={**LLAMA_3_70B.sources, next(iter(LLAMA_3_70B.sources)): (*next(iter(LLAMA_3_70B.sources.values())), "sliding_window", "windowed_layers")},
    )
    far, near = (stack(workload=windowed, context_tokens=each).executed for each in (4096, 100))
    each_token = 2 * 128 * 2  # keys and values of the one KV head of a device, in two bytes

    assert far.kv_bytes[AT["attention"]] == pytest.approx(B * 40 * (4096 + window) * each_token)
    assert near.kv_bytes[AT["attention"]] == pytest.approx(B * 80 * 100 * each_token)
    prompt = stack(workload=windowed, query_tokens=C, useful_tokens=C, decoding=0.0).executed
    full = C * (C + 1) / 2
    inside = window * (window + 1) / 2 + (C - window) * window  # the first see all, each later one the window
    assert prompt.flop[AT["attention"]] == pytest.approx(4 * 128 * B * 8 * 40 * (full + inside))
    # A whole prompt that rides along in a step does the same work.
    riding, alone = (
        stack(workload=windowed, prompt_tokens=each, prompt_length=C).executed.flop[AT["attention"]] for each in (C, 0)
    )
    assert riding - alone == pytest.approx(4 * 128 * 8 * 40 * (full + inside))
