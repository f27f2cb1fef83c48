"""How far a step time may be from the world."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from rooflab.evaluate.outcome import Outcome
from rooflab.specs import Band, Design, Scenario
from rooflab.units import format_fraction

__all__ = ["ErrorBand", "band_of", "grade"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBand:
    """A range around a step time, and what stands behind it."""

    low_s: float
    high_s: float
    validated: bool
    words: str


def band_of(
    scenario: Scenario, design: Design, outcome: Outcome, pipeline: Callable[..., Outcome]
) -> ErrorBand:
    """Return how far the step time of one design may be from the world.

    Where enough published rows stand behind the design's topic, the band is the error that nine
    of ten rows keep; else it is the range over the constants that are assumed.
    """
    step_s = float(outcome.step_time_s)
    graded = grade(scenario, design)
    if graded is not None:
        # The error of a row is |predicted / measured - 1|, so the measured time is the predicted one over 1 + or - it.
        low_s, high_s = step_s / (1 + graded.p90_fraction), step_s / (1 - graded.p90_fraction)
        words = (
            f"Published {graded.topic} times ({graded.rows}) are met within "
            f"{format_fraction(graded.median_fraction)} (median) and "
            f"{format_fraction(graded.p90_fraction)} (nine of ten)."
        )
        return ErrorBand(low_s=low_s, high_s=high_s, validated=True, words=words)
    ends = [
        float(pipeline(replace(scenario, calibration=each), design).step_time_s)
        for each in scenario.calibration_range
    ]
    return ErrorBand(
        low_s=min(*ends, step_s) if ends else step_s,
        high_s=max(*ends, step_s) if ends else step_s,
        validated=False,
        words="Not validated: too few published times of this kind. The band is the range over "
        "the assumed constants.",
    )


def grade(scenario: Scenario, design: Design) -> Band | None:
    """Return the error on published rows of this kind of design; None where too few stand behind it."""
    band = scenario.band(design.topic)
    return band if band.validated else None
