"""Configurations that cannot be read: one sentence each, with the field, what it is and what is accepted."""

import json

import pytest

from rooflab.checkpoints import read_checkpoint
from rooflab.errors import BadCheckpoint
from tests.unit.checkpoints.models import config, read

LLAMA, MISTRAL, QWEN_MOE = "meta-llama/Llama-3.1-8B", "mistralai/Mistral-7B-v0.1", "Qwen/Qwen3-30B-A3B"
DEEPSEEK, GEMMA = "deepseek-ai/DeepSeek-V3", "google/gemma-3-4b-it"
DEEP = '{"a":' * 100_000 + "1" + "}" * 100_000

TEXTS = [
    ("", "not JSON: Expecting value"),
    ("model_type: llama", "not JSON: Expecting value"),
    (json.dumps(config(LLAMA))[:-40], "not JSON"),
    ("[]", "got a list"),
    ('"llama"', "got a text"),
    ("null", "got null"),
    ("32", "got a number"),
    ("{}", "model_type is missing; a text is needed"),
    ('{"model_type": "llama", "model_type": "mistral"}', "model_type is given twice"),
    (DEEP, "nested too deeply"),
    ('{"model_type": "llama", "x": "' + "y" * 10_000_000 + '"}', "this text has 10.0 MB, and 4 MB are read"),
    (json.dumps(config(LLAMA, hidden_size=float("nan"))), "hidden_size must be a whole number from 1 to .*; got NaN"),
    (json.dumps(config(LLAMA, vocab_size=float("inf"))), "vocab_size must be a whole number .*; got Infinity"),
    (json.dumps(config(LLAMA)).replace("4096", "4" * 5000), "hidden_size must be a whole number .*; got Infinity"),
]
FIELDS = [
    (LLAMA, {"model_type": 3}, "model_type must be a text; got 3"),
    (LLAMA, {"model_type": "mamba"}, 'model_type is "mamba"; known are deepseek_v2, .*, llama, .*qwen3_moe'),
    (LLAMA, {"num_hidden_layers": ...}, "num_hidden_layers is missing; a whole number from 1 to 10,000 is needed"),
    (LLAMA, {"num_hidden_layers": None}, "num_hidden_layers is null; a whole number from 1 to 10,000 is needed"),
    (LLAMA, {"num_hidden_layers": "32"}, 'num_hidden_layers must be a whole number from 1 to 10,000; got "32"'),
    (LLAMA, {"num_hidden_layers": -32}, "num_hidden_layers must be .*; got -32"),
    (LLAMA, {"num_hidden_layers": 32.5}, "num_hidden_layers must be .*; got 32.5"),
    (LLAMA, {"num_hidden_layers": True}, "num_hidden_layers must be .*; got true"),
    (LLAMA, {"num_hidden_layers": [32]}, r"num_hidden_layers must be .*; got \[32\]"),
    (LLAMA, {"num_attention_heads": 0}, "num_attention_heads must be .*; got 0"),
    (LLAMA, {"num_key_value_heads": 7}, "num_attention_heads is 32, no multiple of num_key_value_heads, 7"),
    (LLAMA, {"num_key_value_heads": 64}, "num_attention_heads is 32, no multiple of num_key_value_heads, 64"),
    (LLAMA, {"num_attention_heads": 24}, "hidden_size is 4096, no multiple of num_attention_heads, 24, and head_dim is missing"),
    (LLAMA, {"head_dim": {}}, "head_dim must be .*; got {}"),
    (LLAMA, {"vocab_size": 10**12}, "vocab_size must be a whole number from 1 to 10,000,000; got 1000000000000"),
    (LLAMA, {"tie_word_embeddings": "yes"}, 'tie_word_embeddings must be true or false; got "yes"'),
    (LLAMA, {"attention_bias": 1}, "attention_bias must be true or false; got 1"),
    (LLAMA, {"kv_lora_rank": 512}, "kv_lora_rank belongs to latent attention, and model_type llama has KV heads"),
    (LLAMA, {"is_encoder_decoder": True}, "is_encoder_decoder is true; decoder-only models are read here"),
    (LLAMA, {"mamba_d_state": 128}, "mamba_d_state stands for state-space layers, which are not modelled"),
    (LLAMA, {"block_configs": [{}]}, "block_configs stands for dimensions that differ by layer"),
    (LLAMA, {"text_config": [1]}, r"text_config must be an object; got \[1\]"),
    (DEEPSEEK, {"num_key_value_heads": 8}, "num_key_value_heads is 8 beside kv_lora_rank 512: latent attention has one cached vector"),
    (DEEPSEEK, {"kv_lora_rank": ...}, "kv_lora_rank is missing"),
    (DEEPSEEK, {"moe_layer_freq": 2}, "moe_layer_freq is 2; 1, experts in every layer after the first ones, is accepted"),
    (DEEPSEEK, {"first_k_dense_replace": 61}, "first_k_dense_replace must be a whole number from 0 to 60; got 61"),
    (DEEPSEEK, {"index_topk": 2048}, "index_topk chooses the tokens that attention reads, which is not modelled"),
    (QWEN_MOE, {"num_experts_per_tok": 129}, "num_experts_per_tok is 129, more than num_experts, 128"),
    (QWEN_MOE, {"moe_intermediate_size": ...}, "moe_intermediate_size is missing"),
    (QWEN_MOE, {"mlp_only_layers": [48]}, r"mlp_only_layers must be a list of distinct layers from 0 to 47; got \[48\]"),
    (QWEN_MOE, {"mlp_only_layers": list(range(48))}, "leave no layer with experts"),
    (MISTRAL, {"layer_types": ["full_attention"]}, "layer_types names 1 layers, and num_hidden_layers is 32; they must agree"),
    (MISTRAL, {"layer_types": ["linear_attention"] * 32}, 'layer_types holds "linear_attention"; full_attention and sliding_attention'),
    (MISTRAL, {"layer_types": "full_attention"}, 'layer_types must be a list of texts; got "full_attention"'),
    (MISTRAL, {"layer_types": ["sliding_attention"] * 32, "sliding_window": None}, "sliding_window is missing, and layer_types gives one to 32"),
    (MISTRAL, {"sliding_window": 0}, "sliding_window must be a whole number from 1 to .*; got 0"),
    (GEMMA, {"text_config": {"model_type": "gemma4_text"}}, 'text_config.model_type is "gemma4_text"; known are'),
    (GEMMA, {"text_config": {"model_type": "gemma3_text"}}, "text_config.num_hidden_layers is missing"),
    (LLAMA, {"quantization_config": "fp8"}, 'quantization_config must be an object; got "fp8"'),
    (LLAMA, {"quantization_config": {}}, "quantization_config.quant_method is missing; awq, compressed-tensors, .*mxfp4 are known"),
    (LLAMA, {"quantization_config": {"quant_method": "exl2"}}, 'quantization_config.quant_method is "exl2"; awq, .*mxfp4 are known'),
    (LLAMA, {"quantization_config": {"quant_method": "gptq", "bits": 3, "group_size": 128}}, "quantization_config.bits is 3; 4 and 8 are known"),
    (LLAMA, {"quantization_config": {"quant_method": "awq"}}, "quantization_config.bits is missing; a whole number from 1 to 64"),
    (LLAMA, {"quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 0}}, "group_size must be a whole number from 1 to .*; got 0"),
    (LLAMA, {"quantization_config": {"quant_method": "fp8", "weight_block_size": [128]}}, r"weight_block_size must be two whole numbers from 1; got \[128\]"),
    (LLAMA, {"quantization_config": {"quant_method": "modelopt", "quant_algo": "MIXED_PRECISION"}}, 'quant_algo is "MIXED_PRECISION"; FP8 and NVFP4'),
    (LLAMA, {"quantization_config": {"quant_method": "compressed-tensors"}}, "config_groups has 0 groups; one format for all layers is accepted"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), TEXTS, ids=[words for _, words in TEXTS])
def test_a_text_that_is_no_configuration_is_refused(text, words):
    with pytest.raises(BadCheckpoint, match=words):
        read_checkpoint(text, name="config.json")


@pytest.mark.parametrize(("name", "changes", "words"), FIELDS, ids=[words for _, _, words in FIELDS])
def test_a_field_that_cannot_be_is_named(name, changes, words):
    with pytest.raises(BadCheckpoint, match=words) as caught:
        read(name, **changes)

    said = str(caught.value)
    assert said.endswith(".") and "\n" not in said and len(said) < 400


def test_a_name_cannot_steer_a_terminal():
    assert read(LLAMA, _name_or_path="x/\x1b[31mLlama\n").workload.name == "[31mLlama"
