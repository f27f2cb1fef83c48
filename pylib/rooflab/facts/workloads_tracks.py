"""The models that the tracks serve. The page loads these at its start, and no other."""

from rooflab.facts.sources import LLAMA_3_8B_CONFIG, LLAMA_3_CONFIG, MIXTRAL_CONFIG
from rooflab.specs import Workload

__all__ = ["LLAMA_3_70B", "LLAMA_3_8B", "MIXTRAL_8X22B", "SHAPE"]

SHAPE = (
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
"""The figures of a plain decoder, which one source vouches for."""

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
    sources={LLAMA_3_CONFIG: SHAPE},
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
    sources={LLAMA_3_8B_CONFIG: SHAPE},
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
    sources={MIXTRAL_CONFIG: SHAPE},
)
