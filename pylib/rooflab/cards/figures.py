"""What figures a card may give, in which unit, and between what ends one is plausible.

The ends are wide, and catch a slip of a prefix: no device does less than a MFLOP/s or has a main memory of kilobytes.
"""

from dataclasses import dataclass, fields

from rooflab.specs import Device, Microcontroller

__all__ = ["FIGURES", "RIDGES", "Figure", "figures_of"]


@dataclass(frozen=True, slots=True)
class Figure:
    """The unit of a figure, its plausible ends in that unit, and an example; a whole one counts things."""

    unit: str
    low: float
    high: float
    example: str
    whole: bool = False


_RATE = Figure("FLOP/s", 1e6, 1e18, "312 TFLOP/s are 312e12")
_BANDWIDTH = Figure("bytes/s", 1e6, 1e15, "2039 GB/s are 2039e9")
_MEMORY = Figure("bytes", 1e6, 1e15, "80 GB are 80e9")
_SMALL_MEMORY = Figure("bytes", 1024, 1e12, "512 KB are 524288")
_POWER = Figure("watts", 1e-6, 1e5, "400 W are 400")
_CLOCK = Figure("hertz", 1e5, 1e11, "1410 MHz are 1410e6")
_ENERGY = Figure("joules", 1e-18, 1e3, "14.5 pJ are 14.5e-12")
_TIME = Figure("seconds", 1e-9, 1e4, "4.5 ms are 4.5e-3")
_CYCLES = Figure("clock cycles", 0, 1e9, "one multiply-add in 15.5 cycles is 15.5")

FIGURES: dict[str, Figure] = {
    "peak_flop_per_s": _RATE,
    "vector_flop_per_s": _RATE,
    "dla_flop_per_s": _RATE,
    "hbm_bytes_per_s": _BANDWIDTH,
    "link_bytes_per_s": _BANDWIDTH,
    "external_bytes_per_s": Figure("bytes/s", 1e3, 1e12, "40 MB/s are 40e6"),
    "bytes_per_s": _BANDWIDTH,
    "hbm_bytes": _MEMORY,
    "shared_memory_bytes": _SMALL_MEMORY,
    "l2_bytes": _SMALL_MEMORY,
    "sram_bytes": _SMALL_MEMORY,
    "nvm_bytes": _SMALL_MEMORY,
    "capacity_bytes": Figure("bytes", 1024, 1e15, "32 KB are 32768"),
    "line_bytes": Figure("bytes", 1, 65536, "a line of 128 bytes is 128", whole=True),
    "tdp_w": _POWER,
    "idle_w": _POWER,
    "active_w": _POWER,
    "sleep_w": Figure("watts", 1e-12, 1e3, "0.8 mW are 0.8e-3"),
    "clock_hz": _CLOCK,
    "sm_count": Figure("multiprocessors", 1, 1e6, "108 of them are 108", whole=True),
    "cores": Figure("cores", 1, 1e6, "two of them are 2", whole=True),
    "lanes": Figure("elements of a vector", 1, 65536, "16 lanes are 16", whole=True),
    "energy_j_per_flop": Figure("joules per FLOP", 1e-18, 1e-3, "0.33 pJ are 0.33e-12"),
    "mac_j": _ENERGY,
    "weight_byte_j": _ENERGY,
    "keyword_energy_j": _ENERGY,
    "keyword_time_s": _TIME,
    "anomaly_time_s": _TIME,
    "call_cycles": _CYCLES,
    "output_cycles": _CYCLES,
    "mac_cycles": _CYCLES,
    "plain_output_cycles": _CYCLES,
    "plain_mac_cycles": _CYCLES,
}
RIDGES = Figure("FLOP per byte", 1e-2, 1e5, "an A100's is 153")
"""Between which ends a peak over the bandwidth is plausible: each may pass by itself, and one be in another unit."""


def figures_of(kind: type[Device] | type[Microcontroller]) -> tuple[str, ...]:
    """Return the names of the figures that a record of this kind may have, in its order."""
    return tuple(each.name for each in fields(kind) if each.name not in ("id", "name", "sources"))
