"""Every known model, and how one is found. The tracks import their own from `workloads_tracks` and load no other."""

import difflib
import re
from dataclasses import replace
from functools import cache

from rooflab.errors import FactError
from rooflab.facts.sources import MIXTRAL_CONFIG
from rooflab.facts.workload_sources import (
    DEEPSEEK_V3_CONFIG,
    GPT_OSS_CONFIG,
    LLAMA_2_CONFIG,
    LLAMA_3_1_CONFIG,
    MPT_CONFIG,
    QWEN3_CONFIG,
)
from rooflab.facts.workloads_tracks import LLAMA_3_8B, LLAMA_3_70B, MIXTRAL_8X22B, SHAPE
from rooflab.specs import Workload

__all__ = [
    "DEEPSEEK_V3",
    "GPT_OSS_120B",
    "GPT_OSS_20B",
    "LLAMA_2_70B",
    "LLAMA_2_7B",
    "LLAMA_3_1_70B",
    "LLAMA_3_1_8B",
    "MIXTRAL_8X7B",
    "MPT_7B",
    "QWEN3_235B_A22B",
    "WORKLOADS",
    "workload",
]

LLAMA_3_1_8B = replace(
    LLAMA_3_8B, id="llama-3.1-8b", name="Llama-3.1-8B", max_context_tokens=131072, sources={LLAMA_3_1_CONFIG: SHAPE}
)
LLAMA_3_1_70B = replace(
    LLAMA_3_70B, id="llama-3.1-70b", name="Llama-3.1-70B", max_context_tokens=131072, sources={LLAMA_3_1_CONFIG: SHAPE}
)
LLAMA_2_7B = Workload(
    id="llama-2-7b",
    name="Llama-2-7B",
    layers=32,
    hidden=4096,
    heads=32,
    kv_heads=32,
    head_dim=128,
    ffn=11008,
    vocab=32000,
    max_context_tokens=4096,
    sources={LLAMA_2_CONFIG: SHAPE},
)
LLAMA_2_70B = Workload(
    id="llama-2-70b",
    name="Llama-2-70B",
    layers=80,
    hidden=8192,
    heads=64,
    kv_heads=8,
    head_dim=128,
    ffn=28672,
    vocab=32000,
    max_context_tokens=4096,
    sources={LLAMA_2_CONFIG: SHAPE},
)
MIXTRAL_8X7B = Workload(
    id="mixtral-8x7b",
    name="Mixtral-8x7B",
    layers=32,
    hidden=4096,
    heads=32,
    kv_heads=8,
    head_dim=128,
    ffn=14336,
    vocab=32000,
    max_context_tokens=32768,
    experts=8,
    experts_per_token=2,
    sources={MIXTRAL_CONFIG: SHAPE},
)
DEEPSEEK_V3 = Workload(
    id="deepseek-v3",
    name="DeepSeek-V3",
    layers=61,
    hidden=7168,
    heads=128,
    kv_heads=128,
    head_dim=128,
    ffn=2048,
    vocab=129280,
    max_context_tokens=131072,
    experts=256,
    experts_per_token=8,
    q_lora_rank=1536,
    kv_lora_rank=512,
    qk_rope_head_dim=64,
    qk_nope_head_dim=128,
    v_head_dim=128,
    shared_experts=1,
    dense_layers=3,
    dense_ffn=18432,
    other_params=58 * 256,  # a bias for each expert, which balances load, in each router
    sources={
        DEEPSEEK_V3_CONFIG: (
            *SHAPE,
            "q_lora_rank",
            "kv_lora_rank",
            "qk_rope_head_dim",
            "qk_nope_head_dim",
            "v_head_dim",
            "shared_experts",
            "dense_layers",
            "dense_ffn",
            "other_params",
        )
    },
)
QWEN3_235B_A22B = Workload(
    id="qwen3-235b-a22b",
    name="Qwen3-235B-A22B",
    layers=94,
    hidden=4096,
    heads=64,
    kv_heads=4,
    head_dim=128,
    ffn=1536,
    vocab=151936,
    max_context_tokens=40960,
    experts=128,
    experts_per_token=8,
    other_params=94 * 2 * 128,  # a norm for queries and one for keys
    sources={QWEN3_CONFIG: (*SHAPE, "other_params")},
)
_GPT_OSS = (*SHAPE, "sliding_window", "windowed_layers", "other_params", "other_expert_params")
GPT_OSS_20B = Workload(
    id="gpt-oss-20b",
    name="gpt-oss-20b",
    layers=24,
    hidden=2880,
    heads=64,
    kv_heads=8,
    head_dim=64,
    ffn=2880,
    vocab=201088,
    max_context_tokens=131072,
    experts=32,
    experts_per_token=4,
    sliding_window=128,
    windowed_layers=12,
    # Biases of queries, keys, values, output and router, and a sink for each head; biases of an expert's matrices.
    other_params=24 * (64 * (64 + 2 * 8) + 2880 + 32 + 64),
    other_expert_params=3 * 2880,
    sources={GPT_OSS_CONFIG: _GPT_OSS},
)
GPT_OSS_120B = Workload(
    id="gpt-oss-120b",
    name="gpt-oss-120b",
    layers=36,
    hidden=2880,
    heads=64,
    kv_heads=8,
    head_dim=64,
    ffn=2880,
    vocab=201088,
    max_context_tokens=131072,
    experts=128,
    experts_per_token=4,
    sliding_window=128,
    windowed_layers=18,
    other_params=36 * (64 * (64 + 2 * 8) + 2880 + 128 + 64),
    other_expert_params=3 * 2880,
    sources={GPT_OSS_CONFIG: _GPT_OSS},
)
MPT_7B = Workload(
    id="mpt-7b",
    name="MPT-7B",
    layers=32,
    hidden=4096,
    heads=32,
    kv_heads=32,
    head_dim=128,
    ffn=4 * 4096,
    ffn_matrices=2,
    vocab=50432,
    max_context_tokens=2048,
    tied_embeddings=True,
    sources={MPT_CONFIG: SHAPE},
)

WORKLOADS: tuple[Workload, ...] = (
    LLAMA_3_70B,
    LLAMA_3_8B,
    LLAMA_3_1_70B,
    LLAMA_3_1_8B,
    LLAMA_2_7B,
    LLAMA_2_70B,
    MIXTRAL_8X7B,
    MIXTRAL_8X22B,
    DEEPSEEK_V3,
    QWEN3_235B_A22B,
    GPT_OSS_20B,
    GPT_OSS_120B,
    MPT_7B,
)

# Later releases of one shape, and what releases add to its name.
_ALIASES = {"deepseek-r1": "deepseek-v3", "deepseek-v3.1": "deepseek-v3", "llama-3.3-70b": "llama-3.1-70b"}
_VARIANTS = {"meta", "base", "chat", "instruct", "thinking", "hf", "it", "0324", "0528", "2507"}
_SHOWN = 60  # characters of a name that is not known


def workload(text: str) -> Workload:
    """Return the model of that id or name, in any case, with or without its maker and its variant.

    >>> workload("meta-llama/Llama-2-70b-chat-hf").id
    'llama-2-70b'

    Raises:
        FactError: none is known; the message names those that are, the nearest first.
    """
    known, key = _known(), _key(text)
    found = known.get(key)
    if found is None:
        near = difflib.get_close_matches(key, known, n=len(known), cutoff=0.0)
        ids = ", ".join(dict.fromkeys(known[each].id for each in near))
        raise FactError(f"No model {text[:_SHOWN]!r} is known; known are {ids}, and any model by its config.json.")
    return found


@cache
def _known() -> dict[str, Workload]:
    by_id = {each.id: each for each in WORKLOADS}
    return {_key(each): by_id[each] for each in by_id} | {_key(alias): by_id[each] for alias, each in _ALIASES.items()}


def _key(text: str) -> str:
    """Return a model's name without case, signs, maker, variant and version of a release, such as v0.1."""
    bare = re.sub(r"\bv0\.\d+\b", "", text[:200].lower().rpartition("/")[2])
    words = re.findall(r"[a-z0-9]+", bare)
    return "".join(each for each in words if each not in _VARIANTS)
