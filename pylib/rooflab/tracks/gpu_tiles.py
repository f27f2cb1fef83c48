"""What tiles find on every GPU: the shape of its matrix unit, and an L2 cache in front of its memory."""

from rooflab.facts.sources import L2_ASSUMPTION
from rooflab.specs import Device, TileMemory

__all__ = ["UNIT_COLUMNS", "UNIT_ROWS", "l2_cache"]

UNIT_ROWS, UNIT_COLUMNS = 16, 8
"""Outputs of one instruction of a tensor core, mma.m16n8k16: NVIDIA, PTX ISA."""

_L2_FACTOR = 3.0  # of the memory's bandwidth


def l2_cache(device: Device, *, memory_bytes_per_s: float) -> TileMemory:
    """Return the L2 cache of a GPU whose memory reaches `memory_bytes_per_s`."""
    return TileMemory(
        name="L2", bytes_per_s=_L2_FACTOR * memory_bytes_per_s, source=L2_ASSUMPTION, capacity_bytes=device.fact("l2_bytes")
    )
