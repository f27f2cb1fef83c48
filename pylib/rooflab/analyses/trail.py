"""One design as one point on the roofline."""

from dataclasses import dataclass

from rooflab.model.roofline import BOUNDS, COMPUTE, MEMORY
from rooflab.systems.outcome import Outcome

__all__ = ["MIXED", "TrailPoint", "trail_point"]

MIXED = "mixed"
"""The state of a step whose kernels are on both sides of the ridge, and neither side has the whole step with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPoint:
    """A whole step on the roofline: operations for each byte, and operations a second.

    Its own ceiling, `ceiling_flop_per_s` with a bend at `ridge_flop_per_byte`, is what all kernels of the step together
    reach; `roof_flop_per_s` is that at this intensity. `bound` is what most of the step waits for, one of BOUNDS, or
    MIXED where that is not the state that its own ridge tells.
    """

    intensity_flop_per_byte: float
    attained_flop_per_s: float
    ceiling_flop_per_s: float
    ridge_flop_per_byte: float
    bound: str

    @property
    def roof_flop_per_s(self) -> float:
        """The height of its own ceiling at its intensity."""
        if self.intensity_flop_per_byte >= self.ridge_flop_per_byte:
            return self.ceiling_flop_per_s
        return self.ceiling_flop_per_s * self.intensity_flop_per_byte / self.ridge_flop_per_byte

    @property
    def roof_fraction(self) -> float:
        """Share of the ceiling above the point that is attained."""
        return self.attained_flop_per_s / self.roof_flop_per_s


def trail_point(outcome: Outcome) -> TrailPoint:
    """Return where the step of one design stands: all its FLOP over all its bytes and its time."""
    operators = outcome.operators
    flop, compute_s, memory_s = (float(each.sum()) for each in (operators.flop, operators.compute_s, operators.memory_s))
    intensity = flop / float(operators.hbm_bytes.sum())
    most, side = int(outcome.bound), MEMORY if memory_s >= compute_s else COMPUTE
    return TrailPoint(
        intensity_flop_per_byte=intensity,
        attained_flop_per_s=flop / float(outcome.step_time_s),
        ceiling_flop_per_s=flop / compute_s,
        ridge_flop_per_byte=intensity * memory_s / compute_s,
        bound=MIXED if most in (MEMORY, COMPUTE) and most != side else BOUNDS[most],
    )
