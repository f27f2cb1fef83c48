"""The workloads. One record each; what follows from the shape is computed, not stored."""

from rooflab.facts.sources import (
    DEEPSEEK_V3_CONFIG,
    LLAMA_2_CONFIG,
    LLAMA_3_8B_CONFIG,
    LLAMA_3_CONFIG,
    MIXTRAL_CONFIG,
)
from rooflab.specs import Workload

__all__ = [
    "DEEPSEEK_V3",
    "LLAMA_2_70B",
    "LLAMA_2_7B",
    "LLAMA_3_70B",
    "LLAMA_3_8B",
    "MIXTRAL_8X22B",
    "MIXTRAL_8X7B",
    "WORKLOADS",
]

_SHAPE = (
    "layers",
    "hidden",
    "heads",
    "kv_heads",
    "head_dim",
    "ffn",
    "vocab",
    "max_context_tokens",
    "ffn_matrices",
    "tied_embeddings",
    "experts",
    "experts_per_token",
)

LLAMA_3_70B = Workload(
    id="llama-3-70b",
    name="Llama-3-70B",
    layers=80,
    hidden=8192,
    heads=64,
    kv_heads=8,
    head_dim=128,
    ffn=28672,
    vocab=128256,
    max_context_tokens=8192,
    sources={LLAMA_3_CONFIG: _SHAPE},
)

LLAMA_3_8B = Workload(
    id="llama-3-8b",
    name="Llama-3-8B",
    layers=32,
    hidden=4096,
    heads=32,
    kv_heads=8,
    head_dim=128,
    ffn=14336,
    vocab=128256,
    max_context_tokens=8192,
    sources={LLAMA_3_8B_CONFIG: _SHAPE},
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
    sources={LLAMA_2_CONFIG: _SHAPE},
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
    sources={LLAMA_2_CONFIG: _SHAPE},
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
    sources={MIXTRAL_CONFIG: _SHAPE},
)
MIXTRAL_8X22B = Workload(
    id="mixtral-8x22b",
    name="Mixtral-8x22B",
    layers=56,
    hidden=6144,
    heads=48,
    kv_heads=8,
    head_dim=128,
    ffn=16384,
    vocab=32768,
    max_context_tokens=65536,
    experts=8,
    experts_per_token=2,
    sources={MIXTRAL_CONFIG: _SHAPE},
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
    sources={
        DEEPSEEK_V3_CONFIG: (
            *_SHAPE,
            "q_lora_rank",
            "kv_lora_rank",
            "qk_rope_head_dim",
            "qk_nope_head_dim",
            "v_head_dim",
            "shared_experts",
            "dense_layers",
            "dense_ffn",
        )
    },
)

WORKLOADS: tuple[Workload, ...] = (
    LLAMA_3_70B,
    LLAMA_3_8B,
    LLAMA_2_7B,
    LLAMA_2_70B,
    MIXTRAL_8X7B,
    MIXTRAL_8X22B,
    DEEPSEEK_V3,
)
