"""The one door to the model: from a scenario and a design to what follows, for every kind of system."""

from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

import numpy as np

from rooflab.axes import Axes, axes_of
from rooflab.errors import BadDesign
from rooflab.model.roofline import BOUNDS
from rooflab.specs import Design, Scenario, WhatIf
from rooflab.specs.design import got
from rooflab.systems.band import ErrorBand, assumed_band, grade, graded_band
from rooflab.systems.earbud.kind import EARBUD
from rooflab.systems.formula import Formula
from rooflab.systems.glasses.kind import GLASSES
from rooflab.systems.kind import Kind
from rooflab.systems.outcome import Operators, Outcome, TargetOutcome
from rooflab.systems.picture import Look, Picture
from rooflab.systems.serving.kind import SERVING
from rooflab.systems.timeline import Timeline
from rooflab.systems.vehicle.kind import VEHICLE

__all__ = [
    "BOUNDS",
    "Design",
    "ErrorBand",
    "Formula",
    "KINDS",
    "Kind",
    "Look",
    "Operators",
    "Outcome",
    "Picture",
    "TargetOutcome",
    "Timeline",
    "design_from_json",
    "error_band",
    "evaluate",
    "formulas",
    "grade",
    "imagine",
    "kind_of",
    "picture",
    "sweep",
    "timeline",
]

KINDS: tuple[Kind, ...] = (SERVING, GLASSES, EARBUD, VEHICLE)
"""Every kind of system that there is."""

_BLOCK = 2048
_SPANNED = 4096


def kind_of(scenario: Scenario) -> Kind:
    """Return the kind of system that a scenario is of.

    Raises:
        BadDesign: no kind has such scenarios.
    """
    for each in KINDS:
        if type(scenario) is each.scenario:
            return each
    raise BadDesign(f"A {type(scenario).__name__} is of no kind of system; there are {', '.join(each.id for each in KINDS)}.")


def design_from_json(data: Any) -> Design:
    """Return the design that `data` describes, by its `kind`.

    Raises:
        BadDesign: it is no design of any kind; the message says what is accepted.
    """
    if isinstance(data, dict):
        for each in KINDS:
            if str(data.get("kind")) == each.id:
                return each.design.from_json(data)
    raise BadDesign(f"A design is an object with a kind, one of {', '.join(each.id for each in KINDS)}; got {got(data)}.")


def evaluate(scenario: Scenario, design: Design) -> Outcome:
    """Return what `design` does in `scenario`.

    Every value of the design may be an array; all of them broadcast.

    Raises:
        BadDesign: the design is of another kind than the scenario, or names an unknown device.
        UnsupportedPrecision: the device has no peak rate for the precision.
    """
    kind = kind_of(scenario)
    if type(design) is not kind.design:
        raise BadDesign(f"This scenario takes a {kind.id} design; got a {type(design).__name__}.")
    return kind.evaluate(scenario, design)


@lru_cache(maxsize=16)
def imagine(scenario: Scenario, what_if: WhatIf) -> Scenario:
    """Return the scenario in which what is supposed is so; the scenario itself where nothing is."""
    return scenario if what_if == WhatIf() else kind_of(scenario).imagine(scenario, what_if)


def error_band(scenario: Scenario, design: Design, outcome: Outcome) -> ErrorBand:
    """Return how far the step time of one design may be from the world, and what stands behind it.

    Where enough published rows stand behind the design's topic, the band is the error that nine of ten rows keep; else it
    is the range over the constants that are assumed.
    """
    step_s = float(outcome.step_time_s)
    if (graded := grade(scenario, design)) is not None:
        return graded_band(graded, step_s)
    ends = (evaluate(replace(scenario, calibration=each), design) for each in scenario.calibration_range)
    return assumed_band(step_s, [float(each.step_time_s) for each in ends])


def timeline(scenario: Scenario, design: Design, outcome: Outcome | None = None) -> Timeline:
    """Return the kernels of one design in the order in which they run, as a trace shows them.

    An `outcome` of the same design saves evaluating it again.
    """
    return kind_of(scenario).timeline(scenario, design, outcome or evaluate(scenario, design))


def picture(scenario: Scenario, design: Design, outcome: Outcome, look: Look | None = None) -> Picture:
    """Return the living picture of one design: the system at work, as the page draws it.

    What `look` hides, and whatever tells it, is left out.
    """
    return kind_of(scenario).picture(scenario, design, outcome, look or Look())


def formulas(
    scenario: Scenario, design: Design, outcome: Outcome, *, operator_id: str | None = None
) -> tuple[Formula, ...]:
    """Return the formulas behind the instruments for one design, with its numbers in them.

    `operator_id` is the layer whose dot the roofline's formulas follow, the first if it is not
    given. Bytes, flop and times are those of one device.

    Raises:
        BadDesign: there is no such operator.
    """
    band = error_band(scenario, design, outcome)
    return kind_of(scenario).formulas(
        scenario, design, outcome, band, operator_id=operator_id or outcome.operators.ids[0]
    )


def sweep(
    scenario: Scenario, design: Design, *, figures: tuple[str, ...] = ("step_time_s",)
) -> dict[str, np.ndarray]:
    """Return some figures of a grid of designs, without keeping the operators of each.

    Where the designs are those of a few values for each field, in any order, each value is an axis of its own.

    Raises:
        BadDesign: a figure is unknown, or a design of the grid is malformed.
    """
    known = kind_of(scenario).figures
    if unknown := [each for each in figures if each not in known]:
        raise BadDesign(f"No figure {unknown[0]!r}; there are {', '.join(known)}.")
    varied = {each.name: np.asarray(value) for each in fields(design) if np.ndim(value := getattr(design, each.name))}
    shape = np.broadcast_shapes(*(each.shape for each in varied.values()))
    columns = {name: np.broadcast_to(value, shape).ravel() for name, value in varied.items()}
    axes = axes_of(columns)
    if axes is None:
        found = _over_columns(scenario, design, columns, figures)
    else:
        found = {name: value[axes.places] for name, value in _over_axes(scenario, design, axes, figures).items()}
    return {name: value.reshape(shape) for name, value in found.items()}


def _over_axes(scenario: Scenario, design: Design, axes: Axes, figures: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return figures of every design that axes span, raveled; what follows from a few of them is found for those alone."""
    found = {name: np.empty(axes.shape) for name in figures}
    for place, values in axes.blocks(_SPANNED):
        outcome = evaluate(scenario, design.replace(**values))
        for name in figures:
            found[name][place] = getattr(outcome, name)
    return {name: value.ravel() for name, value in found.items()}


def _over_columns(
    scenario: Scenario, design: Design, columns: dict[str, np.ndarray], figures: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """Return figures of designs side by side, in blocks that stay in a processor's cache."""
    count = next((each.size for each in columns.values()), 1)
    found = {name: np.empty(count) for name in figures}
    for first in range(0, count, _BLOCK):
        block = slice(first, first + _BLOCK)
        outcome = evaluate(scenario, design.replace(**{name: column[block] for name, column in columns.items()}))
        for name in figures:
            found[name][block] = getattr(outcome, name)
    return found
