"""What the instruments of a part read, as numbers that can be pinned, and the figures of a committed design."""

from __future__ import annotations

import math
from collections.abc import Mapping

from rooflab.errors import BadDesign
from rooflab.evaluate import Outcome, evaluate
from rooflab.lab.instruments import INSTRUMENTS, INTENSITY, Reading, Shown, figure, gauge_reading, instruments_of
from rooflab.specs import Design, Gauge, Mission, Part, Scenario

__all__ = ["figures", "layer_of", "ledger_name", "quantity_of", "reading"]

# Instruments of the first lab, whose pins name no gauge.
_FIRST = {
    "mbu": Gauge(id="mbu", name="MBU", quantity="mbu_fraction"),
    "mfu": Gauge(id="mfu", name="MFU", quantity="mfu_fraction"),
    "kv-share": Gauge(id="kv-share", name="KV share of the step", quantity="kv_time_fraction"),
    "throughput": Gauge(id="throughput", name="Throughput", quantity="tokens_per_s", unit="tokens/s"),
    "capacity": Gauge(id="capacity", name="Memory needed on each GPU", quantity="needed_bytes", unit="B"),
}
# Follows from the design as the others do; kept only where it is pinned, so that designs keep the figures they always had.
_PINNED_ONLY = ("bus_busy_fraction",)
_ALWAYS = ("step_time_s", "mfu_fraction", "mbu_fraction", "needed_bytes", "feasible")


def reading(
    scenario: Scenario,
    part: Part,
    design: Design,
    instrument: str,
    layer: str = "",
    *,
    frame: str = "",
    outcome: Outcome | None = None,
) -> Reading:
    """Return what `instrument` shows for one design, by the id that a pin has of it.

    The roofline reads the intensity of the operator whose id is `layer`, a recording how much longer
    it is in the frame of that id; an `outcome` of the same design saves evaluating it again.

    Raises:
        BadDesign: the part has no such instrument, or the design no such operator or frame.
    """
    outcome = evaluate(scenario, design) if outcome is None else outcome
    shown = Shown(scenario=scenario, part=part, design=design, outcome=outcome, layer=layer, frame=frame)
    for each in INSTRUMENTS:
        if each.read and instrument in each.pins(part):
            return each.read(shown, instrument)
    if instrument in _FIRST:
        return gauge_reading(_FIRST[instrument], outcome)
    known = dict.fromkeys(pin for each in instruments_of(part) for pin in each.pins(part))
    raise BadDesign(f"Part {part.number} has no instrument {instrument!r}; it has {', '.join(known)}.")


def layer_of(outcome: Outcome, name: str) -> str:
    """Return the id of the operator that the name of a roofline reading of the first lab speaks of."""
    named = name.removeprefix(INTENSITY)
    for operator_id, words in zip(outcome.operators.ids, outcome.operators.names, strict=True):
        if words == named:
            return operator_id
    raise BadDesign(f"The design has no operator {named!r}.")


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
            *(each.quantity for each in part.gauges if each.quantity not in _PINNED_ONLY),
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
