"""The workloads. One record each; what follows from the shape is computed, not stored."""

from ridgepoint.errors import FactError
from ridgepoint.facts.sources import LLAMA_3_CONFIG
from ridgepoint.specs import Workload

__all__ = ["LLAMA_3_70B", "WORKLOADS", "workload"]

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

WORKLOADS: tuple[Workload, ...] = (LLAMA_3_70B,)


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
