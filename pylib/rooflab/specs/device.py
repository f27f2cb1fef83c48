"""Chips: accelerators and microcontrollers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self

from rooflab.errors import FactError, UnsupportedPrecision
from rooflab.specs.precision import Precision
from rooflab.specs.source import Source, Sourced

__all__ = ["Device", "MemoryLevel", "Microcontroller"]

_MULTIPROCESSOR_FLOP_PER_S = 0.4e12


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryLevel:
    """A cache or memory as a benchmark sees it: what it holds, and how fast that is read and written."""

    capacity_bytes: float
    bytes_per_s: float

    def __post_init__(self) -> None:
        """Refuse a figure that is not positive."""
        for each in fields(self):
            if not 0 < getattr(self, each.name) < math.inf:
                raise FactError(f"A memory level's {each.name} must be positive, not {getattr(self, each.name)}.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Device(Sourced):
    """One chip. Peaks are dense; a figure that nobody publishes is absent.

    `dla_flop_per_s` is the INT8 peak of fixed-function units beside the GPU, all together. `memory_levels` are those
    of a machine that was measured, the fastest first.
    """

    id: str
    name: str
    peak_flop_per_s: Mapping[Precision, float]
    vector_flop_per_s: float | None = None
    hbm_bytes_per_s: float | None = None
    hbm_bytes: float | None = None
    link_bytes_per_s: float | None = None
    tdp_w: float | None = None
    idle_w: float | None = None
    dla_flop_per_s: float | None = None
    sm_count: int | None = None
    shared_memory_bytes: float | None = None
    line_bytes: int | None = None
    l2_bytes: float | None = None
    clock_hz: float | None = None
    memory_levels: tuple[MemoryLevel, ...] | None = None
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that is not positive or that no source vouches for."""
        self._check_sources()
        for each in fields(self):
            value = getattr(self, each.name)
            numbers = value.values() if each.name == "peak_flop_per_s" else (value,)
            for number in numbers:
                if isinstance(number, int | float) and not 0 < number < math.inf:
                    raise FactError(f"{self.id}: {each.name} must be positive, not {number}.")

    @property
    def roof_sources(self) -> tuple[Source, ...]:
        """Where both limits of its roof come from."""
        return self.source_of("peak_flop_per_s"), self.source_of("hbm_bytes_per_s")

    def peak(self, precision: Precision) -> float:
        """Return the dense peak rate in FLOP/s.

        Raises:
            UnsupportedPrecision: the device publishes no peak for `precision`.
        """
        try:
            return self.peak_flop_per_s[precision]
        except KeyError:
            known = ", ".join(self.peak_flop_per_s)
            raise UnsupportedPrecision(
                f"{self.name} has no peak rate for {precision}; it has {known}."
            ) from None

    def scaled(self, peak_factor: float, bandwidth_factor: float) -> Self:
        """Return a device that nobody sells: this one with every rate of arithmetic, and of its memory, so many times as high."""
        arithmetic = ("vector_flop_per_s", "dla_flop_per_s")
        rates = {name: peak_factor * rate for name in arithmetic if (rate := getattr(self, name)) is not None}
        if self.hbm_bytes_per_s is not None:
            rates["hbm_bytes_per_s"] = bandwidth_factor * self.hbm_bytes_per_s
        peaks = {name: peak_factor * rate for name, rate in self.peak_flop_per_s.items()}
        return replace(self, peak_flop_per_s=peaks, **rates)

    @property
    def multiprocessor_count(self) -> float:
        """Multiprocessors; where nobody says how many, one for each 0.4 TFLOP/s of the vector units, as on GPUs since 2020.

        Those have 0.18 (A100) to 0.65 TFLOP/s (L40S) each.
        """
        return self.sm_count or max(self.fact("vector_flop_per_s") / _MULTIPROCESSOR_FLOP_PER_S, 1.0)

    def ridge_flop_per_byte(self, precision: Precision) -> float:
        """Return the intensity at which the datasheet's two roofs meet."""
        return self.peak(precision) / self.fact("hbm_bytes_per_s")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Microcontroller(Sourced):
    """A small chip: cycles, memories and currents. Internal SRAM is not cached.

    Cycles are those of its vector unit where it has one, `plain_*` those of plain C beside it.
    `keyword_*` and `anomaly_*` are inferences of the two MLPerf Tiny networks of these tasks.
    """

    id: str
    name: str
    clock_hz: float | None = None
    cores: int | None = None
    sram_bytes: float | None = None
    nvm_bytes: float | None = None
    active_w: float | None = None
    sleep_w: float | None = None
    peak_flop_per_s: float | None = None
    energy_j_per_flop: float | None = None
    mac_j: float | None = None
    weight_byte_j: float | None = None
    keyword_time_s: float | None = None
    keyword_energy_j: float | None = None
    anomaly_time_s: float | None = None
    external_bytes_per_s: float | None = None
    line_bytes: int | None = None
    lanes: int | None = None
    call_cycles: float | None = None
    output_cycles: float | None = None
    mac_cycles: float | None = None
    plain_output_cycles: float | None = None
    plain_mac_cycles: float | None = None
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that no source vouches for."""
        self._check_sources()
