"""What the instruments of a part read, as numbers that can be pinned, and the figures of a committed design."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rooflab.errors import BadDesign
from rooflab.evaluate import Outcome, evaluate, timeline
from rooflab.lab.shared_readings import shared_reading
from rooflab.specs import Design, Gauge, Mission, Part, Scenario

__all__ = ["Reading", "figure", "figures", "reading"]

ROOFLINE = "roofline"
PROFILER = "profiler"
_INTENSITY = "Intensity of "

# Instruments of the first lab, whose pins name no gauge.
_FIRST = {
    "mbu": Gauge(id="mbu", name="MBU", quantity="mbu_fraction"),
    "mfu": Gauge(id="mfu", name="MFU", quantity="mfu_fraction"),
    "kv-share": Gauge(id="kv-share", name="KV share of the step", quantity="kv_time_fraction"),
    "throughput": Gauge(id="throughput", name="Throughput", quantity="tokens_per_s", unit="tokens/s"),
    "capacity": Gauge(id="capacity", name="Memory needed on each GPU", quantity="needed_bytes", unit="B"),
}
_ALWAYS = ("step_time_s", "mfu_fraction", "mbu_fraction", "needed_bytes", "feasible")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number that an instrument shows, ready to be pinned; `layer` is the operator it is of, if any."""

    instrument: str
    name: str
    value: float
    unit: str
    layer: str = ""


def reading(
    scenario: Scenario,
    part: Part,
    design: Design,
    instrument: str,
    layer: str = "",
    *,
    outcome: Outcome | None = None,
) -> Reading:
    """Return what `instrument` shows for one design: a gauge of the part, the roofline or the profiler.

    The roofline reads the intensity of the operator whose id is `layer`; an `outcome` of the same
    design saves evaluating it again.

    Raises:
        BadDesign: the part has no such instrument, or the design no such operator.
    """
    outcome = evaluate(scenario, design) if outcome is None else outcome
    if instrument == ROOFLINE:
        at = _operator(outcome, layer)
        return Reading(
            instrument=instrument,
            name=f"{_INTENSITY}{outcome.operators.names[at]}",
            value=float(outcome.operators.intensity_flop_per_byte[at]),
            unit="FLOP/byte",
            layer=outcome.operators.ids[at],
        )
    if instrument == PROFILER:
        gap = timeline(scenario, design, outcome).gap_fraction
        return Reading(instrument=instrument, name="Gaps between kernels", value=float(gap), unit="")
    if all(each.id != instrument for each in part.gauges):
        shared = shared_reading(scenario, part, design, instrument, outcome)
        if shared is not None:
            name, value, unit = shared
            return Reading(instrument=instrument, name=name, value=value, unit=unit)
    gauge = _gauge(part, instrument)
    return Reading(
        instrument=instrument, name=gauge.name, value=figure(outcome, gauge.quantity), unit=gauge.unit
    )


def layer_of(outcome: Outcome, name: str) -> str:
    """Return the id of the operator that the name of a roofline reading of the first lab speaks of."""
    named = name.removeprefix(_INTENSITY)
    for operator_id, words in zip(outcome.operators.ids, outcome.operators.names, strict=True):
        if words == named:
            return operator_id
    raise BadDesign(f"The design has no operator {named!r}.")


def figure(outcome: Outcome, quantity: str) -> float:
    """Return a figure of one design's outcome by name.

    Raises:
        BadDesign: the outcome has no such figure, or it is no single number.
    """
    value = getattr(outcome, quantity, None)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise BadDesign(f"A {type(outcome).__name__} has no figure {quantity!r}.") from None


def figures(part: Part, mission: Mission | None, outcome: Outcome) -> Mapping[str, float]:
    """Return the figures that are kept with a committed design, by the ledger's names.

    They are those of the gauges, the targets, the objective and the demand, and a few that every
    kind of design has; what is not finite cannot be kept.
    """
    objective = () if mission is None else (mission.objective.quantity, *(name for name, _ in mission.objective.ties))
    quantities = dict.fromkeys(
        (
            *_ALWAYS,
            *objective,
            *(each.target.quantity for each in outcome.targets),
            *(each.quantity for each in part.gauges),
            *((part.demand.quantity,) if part.demand else ()),
        )
    )
    found = {ledger_name(each): figure(outcome, each) for each in quantities}
    return {name: value for name, value in found.items() if math.isfinite(value)}


def ledger_name(quantity: str) -> str:
    """Return the name by which the ledger keeps a figure of an outcome."""
    return quantity.replace("_", "-")


def quantity_of(name: str) -> str:
    """Return the figure of an outcome that the ledger keeps by this name."""
    return name.replace("-", "_")


def _gauge(part: Part, instrument: str) -> Gauge:
    for each in part.gauges:
        if each.id == instrument:
            return each
    if instrument in _FIRST:
        return _FIRST[instrument]
    known = ", ".join((ROOFLINE, PROFILER, *(each.id for each in part.gauges)))
    raise BadDesign(f"Part {part.number} has no instrument {instrument!r}; it has {known}.")


def _operator(outcome: Outcome, layer: str) -> int:
    if layer not in outcome.operators.ids:
        raise BadDesign(f"No operator {layer!r}; the design has {', '.join(outcome.operators.ids)}.")
    return outcome.operators.ids.index(layer)
