"""The way back from a design that cannot run: the single changes after which it does."""

from collections.abc import Iterable

from rooflab.analyses.changes import value_words
from rooflab.analyses.memory import tried_alone
from rooflab.specs import Control, Design, Scenario

__all__ = ["ways_to_run"]


def ways_to_run(scenario: Scenario, design: Design, controls: Iterable[Control]) -> tuple[str, ...]:
    """Return for each control the first value that makes the design run by itself, in words; empty where none does."""
    found: dict[str, str] = {}
    for control, value, _, _, runs in tried_alone(scenario, design, controls):
        if runs:
            found.setdefault(control.id, f"{control.label}: {value_words(control, value)}")
    return tuple(found.values())
