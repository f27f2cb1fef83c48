"""Latent attention and windows of models that a row names, by any of their names."""

import pytest

from rooflab.measured.known_models import known_model

DEEPSEEK = {"layers": 61, "hidden": 7168, "heads": 128, "kv_heads": None, "experts": 256}
GPT_OSS = {"layers": 36, "hidden": 2880, "heads": 64, "kv_heads": 8, "experts": 128}


@pytest.mark.parametrize(
    ("model", "shape", "found"),
    [
        ("deepseek-v3", DEEPSEEK, "deepseek-v3"),
        ("deepseek-v3", DEEPSEEK | {"kv_heads": 128, "head_dim": 128}, "deepseek-v3"),  # as its configuration has it
        ("deepseek-ai/DeepSeek-R1", DEEPSEEK, "deepseek-v3"),
        ("deepseek-v3", {}, "deepseek-v3"),
        ("gpt-oss-120b", GPT_OSS, "gpt-oss-120b"),
        ("openai/gpt-oss-120b", GPT_OSS, "gpt-oss-120b"),
    ],
)
def test_what_a_shape_leaves_out_is_known_by_name(model, shape, found):
    assert known_model({"model": model, "shape": shape}).id == found


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        ("deepseek-v3", DEEPSEEK | {"kv_lora_rank": 512, "qk_rope_head_dim": 64}),  # the row says it
        ("gpt-oss-120b", GPT_OSS | {"layer_types": ["full_attention"] * 36}),
        ("deepseek-v3", DEEPSEEK | {"layers": 27}),  # another size
        ("llama-3-70b", {}),  # plain attention
        ("unheard-of", DEEPSEEK),
        (None, DEEPSEEK),
    ],
)
def test_a_row_that_says_it_or_is_of_another_model_is_left_alone(model, shape):
    assert known_model({"model": model, "shape": shape}) is None
