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
from rooflab.systems.vehicle.recording import compare_frames, loop_trace
from rooflab.units import format_count

__all__ = [
    "GAINS",
    "INSTRUMENTS",
    "INTENSITY",
    "MEMORY",
    "PROFILER",
    "ROOFLINE",
    "TIMES",
    "TRACE_RUNNING",
    "TRACE_WAITING",
    "TRAFFIC",
    "TRAIL",
    "WATTS",
    "Instrument",
    "Reading",
    "Shown",
    "figure",
    "frame_id",
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
TRACE_WAITING = "trace-waiting"
TRACE_RUNNING = "trace-running"

INTENSITY = "Intensity of "

TIMES = {
    "time-memory": Gauge(id="time-memory", name="Time in memory traffic", quantity="memory_time_fraction"),
    "time-compute": Gauge(id="time-compute", name="Time in arithmetic", quantity="compute_time_fraction"),
    "time-latency": Gauge(id="time-latency", name="Time in launches and gaps", quantity="latency_time_fraction"),
}
"""The pieces of the bar that divides a step, as shares of it."""

WATTS = {
    "power-idle": Gauge(id="power-idle", name="Power of display, camera, radio and system", quantity="idle_power_w", unit="W"),
    "power-memory": Gauge(id="power-memory", name="Power of memory traffic", quantity="memory_power_w", unit="W"),
    "power-compute": Gauge(id="power-compute", name="Power of arithmetic", quantity="arithmetic_power_w", unit="W"),
    "power-static": Gauge(id="power-static", name="Power of leakage while awake", quantity="static_power_w", unit="W"),
}
"""The pieces of the bar that divides the power of the glasses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number that an instrument shows, ready to be pinned.

    `layer` is the operator it is of, and `frame` the id of the recorded frame, if any.
    """

    instrument: str
    name: str
    value: float
    unit: str
    layer: str = ""
    frame: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One design as the instruments show it; `layer` and `frame` are the ids of the operator and the frame looked at."""

    scenario: Scenario
    part: Part
    design: Design
    outcome: Outcome
    layer: str = ""
    frame: str = ""


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


def frame_id(recording: int, frame: int) -> str:
    """Return the id of a frame of a recording.

    >>> frame_id(2, 1234)
    '2-1234'
    """
    return f"{recording}-{frame}"


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


def _gauge(shown: Shown, pin: str) -> Reading:
    return next(gauge_reading(each, shown.outcome) for each in shown.part.gauges if each.id == pin)


def _time(shown: Shown, pin: str) -> Reading:
    return _gauge(shown, pin) if pin not in TIMES else gauge_reading(TIMES[pin], shown.outcome)


def _watts(shown: Shown, pin: str) -> Reading:
    return gauge_reading(WATTS[pin], shown.outcome)


def _layer_index(shown: Shown) -> int:
    ids = shown.outcome.operators.ids
    if shown.layer not in ids:
        raise BadDesign(f"No operator {shown.layer!r}; the design has {', '.join(ids)}.")
    return ids.index(shown.layer)


def _intensity(shown: Shown, pin: str) -> Reading:
    operators, at = shown.outcome.operators, _layer_index(shown)
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


def _where_traced(part: Part) -> tuple[str, ...]:
    """Return the readings of a picked frame, where the loop can be traced."""
    traced = "trace" in part.instruments and any(each.id == "profiler" for each in part.controls)
    return (TRACE_WAITING, TRACE_RUNNING) if traced else ()


def _longer(shown: Shown, pin: str) -> Reading:
    """Return by how much longer a stage waits or runs in a recorded frame than in the typical one."""
    if shown.design.profiler != "on":
        raise BadDesign("Stages are recorded only while the tracing profiler is on.")
    at = _layer_index(shown)
    recording, frame = _recorded_frame(shown)
    trace = loop_trace(shown.scenario, shown.design, shown.outcome, recording=recording)
    compared = compare_frames(trace, frame)
    more_s, does = (compared.more_waiting_s, "waiting") if pin == TRACE_WAITING else (compared.more_running_s, "running")
    return Reading(
        instrument=pin,
        name=f"{trace.names[at]}, more {does} in frame {format_count(frame)} of recording {recording}",
        value=float(more_s[at]),
        unit="s",
        layer=shown.layer,
        frame=shown.frame,
    )


def _recorded_frame(shown: Shown) -> tuple[int, int]:
    recording, _, frame = shown.frame.partition("-")
    if recording.isdecimal() and frame.isdecimal() and int(recording) and int(frame) < int(shown.design.frames):
        return int(recording), int(frame)
    raise BadDesign(f"No frame {shown.frame!r} among the {shown.design.frames} recorded.")


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
    Instrument(id="trace", title="Recording", pins=_where_traced, read=_longer, formula="p999"),
    Instrument(
        id="roofline",
        title="Roofline",
        parts=(1, 2, 3),
        pins=_one(ROOFLINE),
        read=_intensity,
        formula="roofline",
    ),
    Instrument(id="heat", title="Heat", pins=lambda part: tuple(WATTS), read=_watts, formula="heat"),
    Instrument(id="matrix", title="Matrix in memory", formula="matrix"),
    Instrument(
        id="trail",
        title="Optimization trail",
        parts=(3,),
        pins=_one(TRAIL),
        read=_step_intensity,
        formula="trail",
    ),
    Instrument(id="verdict", title="Verdict", parts=(1, 2, 3)),
    Instrument(
        id="readings",
        title="Readings",
        parts=(1, 2, 3),
        pins=lambda part: (*(each.id for each in part.gauges), *TIMES),
        read=_time,
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
