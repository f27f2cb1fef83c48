"""An experiment: what to do on the bench, what to watch, when it is done, and what it showed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Experiment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One of a part's experiments; `done` and `finding` take a Trial.

    `finding` gives the mechanism with the numbers that decide it, by comparing the trial with the same bench but for the one
    thing that was to be changed.
    """

    id: str
    do: str
    watch: str
    done: Callable[[Any], bool]
    finding: Callable[[Any], str]
