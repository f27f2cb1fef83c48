"""Where the fused curve bends: from peak and bandwidth measured apart, and from the curve's own ends.

k multiply-adds on each element do 2 k FLOP for 8 bytes. Up to the bend a pass takes as long as its traffic, whatever k is;
beyond it, as long as its arithmetic. Both are equal at k = 4 peak / bandwidth, where the intensity k / 4 is the ridge.
"""

from __future__ import annotations

from dataclasses import dataclass

from rooflab.machine.counts import cost
from rooflab.machine.roofs import Roofs
from rooflab.machine.samples import Row, Rows

__all__ = ["Bend", "Gained", "bend", "gained"]

@dataclass(frozen=True, slots=True, kw_only=True)
class Bend:
    """The number of multiply-adds on an element at which the curve bends, as predicted and as the curve has it."""

    predicted_count: float
    own_count: float

    @property
    def error_fraction(self) -> float:
        """How far the prediction is from the curve's own bend."""
        return self.predicted_count / self.own_count - 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gained:
    """One fused pass against as many passes as there are steps: measured, and by the model."""

    steps: int
    fused: Row
    passes: Row

    @property
    def factor(self) -> float:
        """How many times as fast the fused pass is."""
        return self.passes.best_s / self.fused.best_s


def gained(measured: Rows, where: str = "wasm") -> tuple[Gained, ...]:
    """Return what fusing gains at each number of steps that was measured both ways."""
    passes = {each.size: each for each in measured.of("chain", "passes", where=where)}
    return tuple(
        Gained(steps=each.size, fused=each, passes=passes[each.size]) for each in measured.of("chain", "fused", where=where) if each.size in passes
    )


def bend(measured: Rows, found: Roofs) -> Bend | None:
    """Return where the fused curve bends; None where its ends were not measured, or it does not bend between them.

    The left end of the curve is flat, the right one a line through nothing at k = 0: they cross at the time of the left end
    over the time of a step at the right one. With 50 GFLOP/s and 32 GB/s roofs measured apart say 4 x 50 / 32 = 6.3.
    """
    curve = measured.of("chain", "fused", where=found.where)
    if len(curve) < 3:
        return None
    own = curve[0].best_s / (curve[-1].best_s / curve[-1].size)
    one = cost("chain", "fused", 1)
    predicted = one.hbm_bytes / one.flop * found.peak_flop_per_s / found.memory_bytes_per_s
    return Bend(predicted_count=predicted, own_count=own) if curve[0].size < own < curve[-1].size else None
