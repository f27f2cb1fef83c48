"""The error band of a step time."""

from collections.abc import Sequence
from dataclasses import dataclass

from rooflab.specs import Band, Design, Scenario
from rooflab.units import format_fraction

__all__ = ["ErrorBand", "assumed_band", "grade", "graded_band"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBand:
    """A range around a step time, and the evidence for it."""

    low_s: float
    high_s: float
    validated: bool
    words: str


def graded_band(graded: Band, step_s: float) -> ErrorBand:
    """Return the band around a step time in which nine of ten published rows of its kind are.

    The error of a row is |predicted / measured - 1|, so the measured time is the predicted one over 1 + or - it.
    """
    return ErrorBand(
        low_s=step_s / (1 + graded.p90_fraction),
        high_s=step_s / (1 - graded.p90_fraction),
        validated=True,
        words=f"Published {graded.topic} times ({graded.rows}) are met within "
        f"{format_fraction(graded.median_fraction)} (median) and {format_fraction(graded.p90_fraction)} (nine of ten).",
    )


def assumed_band(step_s: float, ends_s: Sequence[float]) -> ErrorBand:
    """Return the band from the step times at the ends of what the assumed constants may be."""
    return ErrorBand(
        low_s=min([step_s, *ends_s]),
        high_s=max([step_s, *ends_s]),
        validated=False,
        words="Not validated: too few published times of this kind. The band is the range over the assumed constants.",
    )


def grade(scenario: Scenario, design: Design) -> Band | None:
    """Return the error on published rows of this kind of design; None where too few stand behind it."""
    band = scenario.band(scenario.topic(design))
    return band if band.validated else None
