"""One kind of system, as the lab knows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rooflab.specs import Design, Scenario, WhatIf
from rooflab.systems.formula import Formula
from rooflab.systems.outcome import Outcome
from rooflab.systems.picture import Picture
from rooflab.systems.timeline import Timeline

__all__ = ["Kind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a learner sets in one kind of system, what follows from it, and how it is shown.

    `id` is the kind that designs in ledgers and links name. The functions take a scenario and a design of this kind:
    `evaluate` gives the outcome, for one design or a grid of them; `timeline` takes the outcome too and gives a trace;
    `formulas` takes the outcome, its error band and `operator_id`, the layer that the roofline's formulas follow;
    `picture` takes the outcome and a Look, and gives what the page draws;
    `imagine` takes a scenario and what is supposed of it, and gives the scenario in which that is so.
    `figures` are what may be asked of a sweep; `rate` is the one that a sweep prints by itself.
    """

    id: str
    scenario: type[Scenario]
    design: type[Design]
    evaluate: Callable[..., Outcome]
    timeline: Callable[..., Timeline]
    formulas: Callable[..., tuple[Formula, ...]]
    imagine: Callable[[Any, WhatIf], Any]
    picture: Callable[..., Picture]
    figures: tuple[str, ...]
    rate: str = "outputs_per_s"
