"""The workloads. One record each; what follows from the shape is computed, not stored."""

from ridgepoint.errors import FactError
from ridgepoint.facts.sources import (
    LLAMA_2_CONFIG,
    LLAMA_3_8B_CONFIG,
    LLAMA_3_CONFIG,
    MIXTRAL_CONFIG,
)
from ridgepoint.specs import Workload

__all__ = [
    "LLAMA_2_70B",
    "LLAMA_2_7B",
    "LLAMA_3_70B",
    "LLAMA_3_8B",
    "MIXTRAL_8X22B",
    "MIXTRAL_8X7B",
    "WORKLOADS",
    "workload",
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

WORKLOADS: tuple[Workload, ...] = (
    LLAMA_3_70B,
    LLAMA_3_8B,
    LLAMA_2_7B,
    LLAMA_2_70B,
    MIXTRAL_8X7B,
    MIXTRAL_8X22B,
)


def workload(workload_id: str) -> Workload:
    """Return the workload of that id.

    Raises:
        FactError: no such workload is known.
    """
    for each in WORKLOADS:
        if each.id == workload_id:
            return each
    known = ", ".join(each.id for each in WORKLOADS)
    raise FactError(f"No workload {workload_id!r} is known; known are {known}.")
