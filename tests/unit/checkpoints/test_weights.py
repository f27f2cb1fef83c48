"""The weight format that a `quantization_config` states, and the bytes that follow from it."""

import pytest

from rooflab.checkpoints import released
from rooflab.facts.workloads import workload
from tests.unit.checkpoints.models import read

LLAMA = "meta-llama/Llama-3.1-8B"
MATRICES = 32 * (4096 * 128 * 2 * (32 + 8) + 3 * 4096 * 14336)  # of attention and MLPs in 32 layers
TABLES_AND_NORMS = 2 * 128256 * 4096 + 65 * 4096
INT4 = {"type": "int", "num_bits": 4, "strategy": "group", "group_size": 128, "symmetric": True}


def stored(config, name=LLAMA):
    found = read(name, quantization_config=config)
    return found.scheme, found.weight_bytes


@pytest.mark.parametrize(
    ("config", "scheme", "element_bytes"),
    [
        ({"quant_method": "fp8", "activation_scheme": "static"}, "fp8", 1),
        ({"quant_method": "fp8", "weight_block_size": [128, 128]}, "fp8", 1 + 4 / 128**2),  # a 32-bit scale a block
        ({"quant_method": "awq", "bits": 4, "group_size": 128, "zero_point": True}, "w4a16", 0.5 + 2.5 / 128),  # scale and zero point
        ({"quant_method": "gptq", "bits": 4, "group_size": 64, "sym": True}, "w4a16", 0.5 + 2.5 / 64),
        ({"quant_method": "gptq", "bits": 8, "group_size": -1}, "w8a16", 1),  # a scale a column, which is next to nothing
        ({"quant_method": "modelopt", "quant_algo": "FP8"}, "fp8", 1),
        ({"quant_algo": "FP8", "kv_cache_scheme": "FP8"}, "fp8", 1),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4", "group_size": 16}, "fp4", 0.5 + 1 / 16),  # an 8-bit scale for 16
        ({"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights": INT4}}}, "w4a16", 0.5 + 2 / 128),
        (
            {"quant_method": "compressed-tensors", "config_groups": {"g": {"weights": {"type": "float", "num_bits": 8}}}},
            "fp8",
            1,
        ),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"g": {"weights": {"type": "int", "num_bits": 8}, "input_activations": {"num_bits": 8}}},
            },
            "w8a8",
            1,
        ),
    ],
)
def test_bytes_follow_from_the_format(config, scheme, element_bytes):
    found, weight_bytes = stored(config)

    assert found.id == scheme
    assert weight_bytes == pytest.approx(MATRICES * element_bytes + TABLES_AND_NORMS * 2)


def test_weights_are_in_16_bits_if_the_file_does_not_say():
    found = read(LLAMA)

    assert found.scheme.id == "bf16"
    assert found.weight_bytes == 2 * 8_030_261_248
    assert any("quantization_config is not in the file" in each for each in found.notes)


@pytest.mark.parametrize("kept", ["model.layers.*.self_attn", "model.layers.0.self_attn.q_proj", "re:.*self_attn.*"])
def test_attention_that_is_left_out_stays_in_16_bits(kept):
    whole, part = (stored({"quant_method": "fp8", "modules_to_not_convert": each})[1] for each in ([], [kept]))

    assert part - whole == 32 * 4096 * 128 * 2 * (32 + 8)


@pytest.mark.parametrize("other", ["lm_head", "model.layers.0.self_attn.kv_a_layernorm", "vision_tower.layers.0.self_attn.q_proj"])
def test_other_modules_that_are_left_out_change_nothing(other):
    whole, same = (stored({"quant_method": "fp8", "modules_to_not_convert": each})[1] for each in ([], [other]))

    assert same == whole


def test_shared_experts_that_are_left_out_stay_in_16_bits():
    name = "moonshotai/Kimi-K2-Instruct"
    config = {"quant_method": "fp8", "ignore": ["re:.*shared_experts.*"]}

    more = stored(config, name)[1] - stored({"quant_method": "fp8"}, name)[1]
    assert more == 60 * 3 * 7168 * 2048  # one shared expert in all layers but the first, dense one


def test_one_token_reads_its_experts_in_4_bits_and_all_else_in_16():
    found = read("openai/gpt-oss-120b")
    shape = found.workload
    matrices = 36 * 4 * 3 * 2880**2  # of four experts in each layer
    weights = shape.active_params_count - shape.table_params  # of the input table one row is read

    assert found.read_element_bytes(4) == pytest.approx((matrices * (0.5 + 1 / 32) + (weights - matrices) * 2) / weights)


def test_many_tokens_read_every_expert():
    found = read("openai/gpt-oss-120b")
    shape = found.workload

    read_bytes = found.weight_bytes - 2 * shape.table_params
    assert found.read_element_bytes(128) == pytest.approx(read_bytes / (shape.params_count - shape.table_params))


def test_a_tied_table_is_read_as_the_head():
    assert read("Qwen/Qwen3-0.6B").read_element_bytes(1) == 2.0


@pytest.mark.parametrize(
    ("model_id", "published"),
    [
        ("gpt-oss-20b", "openai/gpt-oss-20b"),
        ("gpt-oss-120b", "openai/gpt-oss-120b"),
        ("deepseek-v3", "deepseek-ai/DeepSeek-V3"),
        ("qwen3-235b-a22b", "Qwen/Qwen3-235B-A22B"),
        ("llama-3.1-70b", "meta-llama/Llama-3.1-70B"),
    ],
)
def test_a_known_model_is_stored_as_its_files_are(model_id, published):
    known, file = released(workload(model_id)), read(published)

    assert known.weight_bytes == file.weight_bytes
    assert known.scheme == file.scheme
