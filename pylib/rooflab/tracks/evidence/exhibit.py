"""A pinned reading with the design that it was read at, ready to be weighed."""

from dataclasses import dataclass
from functools import lru_cache

from rooflab.evaluate import Outcome, evaluate
from rooflab.specs import Design, Part, Scenario, Testimony
from rooflab.units import format_reading

__all__ = ["Exhibit", "Names", "evaluated", "testimony"]

Names = tuple[str, ...]
"""Ids of claims."""


@lru_cache(maxsize=64)
def evaluated(scenario: Scenario, design: Design) -> Outcome:
    """Return the outcome of one design; the start of a part is asked for by every reading."""
    return evaluate(scenario, design)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One number that an instrument showed at `design`; `start` is the design that the part begins with."""

    part: Part
    scenario: Scenario
    start: Design
    design: Design
    instrument: str
    name: str
    value: float
    unit: str
    layer: str = ""

    @property
    def outcome(self) -> Outcome:
        """What the design does, computed again."""
        return evaluated(self.scenario, self.design)

    @property
    def at_start(self) -> Outcome:
        """What the design does that the part begins with."""
        return evaluated(self.scenario, self.start)

    @property
    def said(self) -> str:
        """The reading in words."""
        return f"{self.name} {format_reading(self.value, self.unit)}"

    @property
    def quantity(self) -> str:
        """The figure of an outcome that a gauge of the part shows; empty for other instruments."""
        return next((each.quantity for each in self.part.gauges if each.id == self.instrument), "")


def testimony(words: str, *, supports: Names = (), contradicts: Names = ()) -> Testimony:
    """Return what a reading says."""
    return Testimony(words, frozenset(supports), frozenset(contradicts))
