"""The roofs of a machine from its measured rows: peaks, bandwidths, and the levels of memory as a staircase."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_high

from rooflab.errors import LabError
from rooflab.machine.counts import footprint_bytes
from rooflab.machine.samples import Row, Rows
from rooflab.specs import MemoryLevel

__all__ = ["Roofs", "Step", "levels", "roofs", "steps"]

STEP_FRACTION = 0.85
"""A level of memory begins where the triad falls below this share of its neighbour's rate."""

SLOPE_FRACTION = 0.7
"""It begins as well where small steps add up to less than this share of the rate at which the level before began."""

Levels = tuple[MemoryLevel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roofs:
    """What one core, or one graphics device, was measured to do at most.

    `all_flop_per_s` and `all_bytes_per_s` are those of all cores together, None where there is one. `scalar_flop_per_s` is
    the peak without vector instructions.
    """

    where: str
    peak_flop_per_s: float
    memory_bytes_per_s: float
    scalar_flop_per_s: float | None
    levels: Levels
    all_flop_per_s: float | None = None
    all_bytes_per_s: float | None = None
    all_workers: int = 1
    steady: bool = True

    @property
    def ridge_flop_per_byte(self) -> float:
        """The intensity at which peak and main memory meet."""
        return self.peak_flop_per_s / self.memory_bytes_per_s

    @property
    def all_ridge_flop_per_byte(self) -> float | None:
        """The same for all cores together."""
        return self.all_flop_per_s / self.all_bytes_per_s if self.all_flop_per_s and self.all_bytes_per_s else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The triad at one size: what it touches, and how fast."""

    footprint_bytes: float
    bytes_per_s: float


def roofs(measured: Rows, where: str = "wasm") -> Roofs:
    """Return the roofs: the fastest samples of peak and triad, measured apart.

    Raises:
        LabError: peak or triad was not measured.
    """
    peaks, triads = measured.of("peak", "simd", where=where), measured.of("triad", where=where)
    if not peaks or not triads:
        raise LabError("Neither peak nor triad can be missing from a measurement: they are its roofs.")
    scalar = measured.of("peak", "scalar", where=where)
    all_peaks, all_triads = measured.of("peak", "simd", workers=2, where=where), measured.of("triad", workers=2, where=where)
    return Roofs(
        where=where,
        peak_flop_per_s=max(each.flop_per_s for each in peaks),
        memory_bytes_per_s=triads[-1].bytes_per_s,
        scalar_flop_per_s=max((each.flop_per_s for each in scalar), default=None),
        levels=levels(steps(triads)),
        all_flop_per_s=max((each.flop_per_s for each in all_peaks), default=None),
        all_bytes_per_s=max((each.bytes_per_s for each in all_triads), default=None),
        all_workers=max((each.workers for each in all_peaks), default=1),
        steady=peaks[-1].steady and triads[-1].steady,
    )


def steps(triads: tuple[Row, ...]) -> tuple[Step, ...]:
    """Return the rate of the triad at each footprint, the smallest first."""
    return tuple(Step(footprint_bytes=footprint_bytes(*each.key), bytes_per_s=each.bytes_per_s) for each in triads)


def levels(found: tuple[Step, ...]) -> Levels:
    """Return the levels of memory: neighbours that are about as fast are one, and none is faster than a smaller one.

    The capacity of a level is the largest footprint at which it was seen, and its rate the middle of those seen; that of
    the last, main memory, is the rate at the largest footprint.

    >>> rates = ((24e3, 74e9), (96e3, 64e9), (384e3, 62e9), (96e6, 35e9), (192e6, 34e9))
    >>> [(each.capacity_bytes, each.bytes_per_s) for each in levels(tuple(Step(footprint_bytes=a, bytes_per_s=b) for a, b in rates))]
    [(384000.0, 64000000000.0), (192000000.0, 34000000000.0)]
    """
    groups: list[list[Step]] = []
    for each in _falling(found):
        if groups and _alike(groups[-1], each.bytes_per_s):
            groups[-1].append(each)
        else:
            groups.append([each])
    made = [MemoryLevel(capacity_bytes=group[-1].footprint_bytes, bytes_per_s=median_high(each.bytes_per_s for each in group)) for group in groups]
    return (*made[:-1], MemoryLevel(capacity_bytes=found[-1].footprint_bytes, bytes_per_s=found[-1].bytes_per_s))


def _falling(found: tuple[Step, ...]) -> list[Step]:
    """Return the steps with the rate of the fastest that is as large or larger: a small one may only have been disturbed."""
    fastest, made = 0.0, []
    for each in reversed(found):
        fastest = max(fastest, each.bytes_per_s)
        made.insert(0, Step(footprint_bytes=each.footprint_bytes, bytes_per_s=fastest))
    return made


def _alike(group: list[Step], bytes_per_s: float) -> bool:
    return bytes_per_s >= STEP_FRACTION * group[-1].bytes_per_s and bytes_per_s >= SLOPE_FRACTION * group[0].bytes_per_s
