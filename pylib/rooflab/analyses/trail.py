"""One design as one point on the roofline."""

from dataclasses import dataclass

from rooflab.model.roofline import BOUNDS
from rooflab.systems.outcome import Outcome

__all__ = ["TrailPoint", "trail_point"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPoint:
    """A whole step on the roofline: operations for each byte, and operations a second.

    `roof_flop_per_s` is what the device's two roofs allow at this intensity. `bound` is what
    most of the step waits for.
    """

    intensity_flop_per_byte: float
    attained_flop_per_s: float
    roof_flop_per_s: float
    bound: str

    @property
    def roof_fraction(self) -> float:
        """Share of the roof above the point that is attained."""
        return self.attained_flop_per_s / self.roof_flop_per_s


def trail_point(outcome: Outcome) -> TrailPoint:
    """Return where the step of one design stands: all its FLOP over all its bytes and its time."""
    flop = float(outcome.operators.flop.sum())
    intensity = flop / float(outcome.operators.hbm_bytes.sum())
    return TrailPoint(
        intensity_flop_per_byte=intensity,
        attained_flop_per_s=flop / float(outcome.step_time_s),
        roof_flop_per_s=min(
            float(outcome.peak_flop_per_s), intensity * float(outcome.hbm_bytes_per_s)
        ),
        bound=BOUNDS[int(outcome.bound)],
    )
