"""The instruments on the bench, each in one record: its name, where it is, what can be pinned from it, its formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rooflab.analyses.gains import gains
from rooflab.analyses.traffic import traffic
from rooflab.analyses.trail import trail_point
from rooflab.errors import BadDesign
from rooflab.evaluate import Outcome, timeline
from rooflab.specs import Design, Gauge, Part, Scenario

__all__ = [
    "GAINS",
    "INSTRUMENTS",
    "INTENSITY",
    "MEMORY",
    "PROFILER",
    "ROOFLINE",
    "TRAFFIC",
    "TRAIL",
    "Instrument",
    "Reading",
    "Shown",
    "figure",
    "gauge_reading",
    "instruments_of",
    "lever_instrument",
]

ROOFLINE = "roofline"
TRAFFIC = "traffic"
MEMORY = "memory"
TRAIL = "trail"
GAINS = "gains"
PROFILER = "profiler"

INTENSITY = "Intensity of "


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number that an instrument shows, ready to be pinned; `layer` is the operator it is of, if any."""

    instrument: str
    name: str
    value: float
    unit: str
    layer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One design as the instruments show it; `layer` is the id of the operator looked at."""

    scenario: Scenario
    part: Part
    design: Design
    outcome: Outcome
    layer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """Something on the bench that shows one design; `views.bench` has its view by the same id.

    All tracks have it in `parts`; elsewhere a part names it in `Part.instruments`. `pins` gives the ids of the
    readings that a part can pin from it, and `read` reads one of them. `formula` is what `Formula.instrument` says
    of its formulas; it is empty for the gauges, whose formulas name the gauge, and where there is nothing to derive.
    """

    id: str
    title: str
    parts: tuple[int, ...] = ()
    pins: Callable[[Part], tuple[str, ...]] = lambda part: ()
    read: Callable[[Shown, str], Reading] | None = None
    formula: str = ""


def instruments_of(part: Part) -> tuple[Instrument, ...]:
    """Return the instruments of a part, in the order in which they are on the bench."""
    return tuple(each for each in INSTRUMENTS if part.number in each.parts or each.id in part.instruments)


def lever_instrument(lever_id: str) -> str:
    """Return the id of the reading of one lever's factor."""
    return f"{GAINS}-{lever_id}"


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


def gauge_reading(gauge: Gauge, outcome: Outcome) -> Reading:
    """Return what a gauge shows."""
    return Reading(instrument=gauge.id, name=gauge.name, value=figure(outcome, gauge.quantity), unit=gauge.unit)


def _one(pin: str) -> Callable[[Part], tuple[str, ...]]:
    return lambda part: (pin,)


def _gauges(*ids: str) -> Callable[[Part], tuple[str, ...]]:
    """Return the ids of those gauges that a part has."""
    return lambda part: tuple(each.id for each in part.gauges if each.id in ids)


def _gauge(shown: Shown, pin: str) -> Reading:
    return next(gauge_reading(each, shown.outcome) for each in shown.part.gauges if each.id == pin)


def _intensity(shown: Shown, pin: str) -> Reading:
    operators = shown.outcome.operators
    if shown.layer not in operators.ids:
        raise BadDesign(f"No operator {shown.layer!r}; the design has {', '.join(operators.ids)}.")
    at = operators.ids.index(shown.layer)
    return Reading(
        instrument=pin,
        name=f"{INTENSITY}{operators.names[at]}",
        value=float(operators.intensity_flop_per_byte[at]),
        unit="FLOP/byte",
        layer=shown.layer,
    )


def _step_intensity(shown: Shown, pin: str) -> Reading:
    value = trail_point(shown.outcome).intensity_flop_per_byte
    return Reading(instrument=pin, name="Intensity of the step", value=value, unit="FLOP/byte")


def _needed(shown: Shown, pin: str) -> Reading:
    return Reading(instrument=pin, name="Memory needed", value=float(shown.outcome.capacity.needed_bytes), unit="B")


def _gap(shown: Shown, pin: str) -> Reading:
    gap = timeline(shown.scenario, shown.design, shown.outcome).gap_fraction
    return Reading(instrument=pin, name="Gaps between kernels", value=float(gap), unit="")


def _where_fused(part: Part) -> tuple[str, ...]:
    return (TRAFFIC,) if any(each.chain for each in part.controls) else ()


def _saved(shown: Shown, pin: str) -> Reading:
    control = next(each for each in shown.part.controls if each.chain)
    found = traffic(shown.scenario, shown.design, control.id, control)
    return Reading(instrument=pin, name="Traffic that fusion takes away", value=found.saved_fraction, unit="")


def _where_levers(part: Part) -> tuple[str, ...]:
    if part.mission is None or not part.levers:
        return ()
    return (GAINS, *(lever_instrument(each.id) for each in part.levers))


def _gained(shown: Shown, pin: str) -> Reading:
    """Return the speed-up since the baseline of the part's mission, or one lever's factor of it."""
    baseline = shown.part.mission(shown.scenario.variant).baseline
    found = gains(shown.scenario, baseline, shown.design, shown.part.levers)
    if pin == GAINS:
        return Reading(instrument=pin, name="Speed-up since the start", value=found.total_factor, unit="×")
    for each in found.gains:
        if lever_instrument(each.lever_id) == pin:
            return Reading(instrument=pin, name=f"Speed-up by {each.name.lower()}", value=each.factor, unit="×")
    raise BadDesign(f"The speed-up of this design cannot be divided among levers: {found.problem}")


# In the order in which they are on the bench; of two with a reading of one id, the first reads it.
INSTRUMENTS = (
    Instrument(id="trace", title="Recording", formula="p999"),
    Instrument(
        id="roofline",
        title="Roofline",
        parts=(1, 2, 3),
        pins=_one(ROOFLINE),
        read=_intensity,
        formula="roofline",
    ),
    Instrument(id="heat", title="Heat", pins=_gauges("heat"), read=_gauge, formula="heat"),
    Instrument(id="matrix", title="Matrix in memory", pins=_gauges("lines", "vectors"), read=_gauge, formula="matrix"),
    Instrument(
        id="trail",
        title="Optimization trail",
        parts=(3,),
        pins=_one(TRAIL),
        read=_step_intensity,
        formula="trail",
    ),
    Instrument(
        id="readings",
        title="Readings",
        parts=(1, 2, 3),
        pins=lambda part: tuple(each.id for each in part.gauges),
        read=_gauge,
    ),
    Instrument(id="traffic", title="Memory traffic", parts=(2,), pins=_where_fused, read=_saved, formula="traffic"),
    Instrument(id="memory", title="Memory", parts=(2, 3), pins=_one(MEMORY), read=_needed, formula="memory"),
    Instrument(
        id="gains",
        title="Optimization waterfall",
        parts=(3,),
        pins=_where_levers,
        read=_gained,
        formula="gains",
    ),
    Instrument(id="profiler", title="Profiler mode", parts=(1, 2), pins=_one(PROFILER), read=_gap, formula="profile"),
    Instrument(id="peek", title="Math Peek", parts=(1, 2, 3)),
)
