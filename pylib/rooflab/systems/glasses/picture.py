"""The living picture of glasses: the skin that warms, the frames that are left, and where power and bus go."""

import math

from rooflab.specs import ThermalBody
from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.evaluate import GlassesOutcome
from rooflab.systems.glasses.heat import HeatTrace, heat_trace, minutes_words
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.systems.picture import HIDDEN, Look, Picture, pace_of
from rooflab.systems.stopped_picture import stopped_picture
from rooflab.units import format_fraction, format_quantity
from rooflab.values import Plain

__all__ = ["glasses_picture"]

_EVERY = 2  # samples of the trace: one in ten seconds
_LEAST_SPAN_K = 10.0  # of the temperatures shown, so that a flat line looks flat
_TICKS_S = (0, 600, 1200, 1800)


def glasses_picture(scenario: GlassesScenario, design: GlassesDesign, outcome: GlassesOutcome, look: Look) -> Picture:
    """Return half an hour of the glasses from switching on; one period is the time constant of the warm body."""
    if stopped := outcome.cannot_run:
        return stopped_picture("glasses", outcome, stopped, nothing="No frame is filtered.", without=("heat", "power", "frames", "bus"))
    body, trace = scenario.body, heat_trace(scenario, design, outcome)
    power, frames, bus = _power(scenario, outcome, look), _frames(design, outcome, trace), _bus(outcome)
    numbers = {"stopped": None, "heat": _heat(design, trace), "power": power, "frames": frames, "bus": bus}
    return Picture(
        kind="glasses",
        title=_title(outcome, trace),
        words=_words(outcome, numbers),
        rows=_rows(design, outcome, trace, numbers),
        pace=pace_of(body.resistance_k_per_w * body.capacity_j_per_k),
        numbers=numbers,
    )


def _heat(design: GlassesDesign, trace: HeatTrace) -> dict[str, Plain]:
    """Return the skin over time, with the ends of the axis and what stands beside its lines."""
    skin_c = trace.skin_c[::_EVERY]
    return {
        "times_s": trace.times_s[::_EVERY].tolist(),
        "skin_c": skin_c.tolist(),
        "labels": [_degrees(each) for each in skin_c.tolist()],
        "throttled": (trace.clock_fraction[::_EVERY] < 1).tolist(),
        "low_c": float(min(skin_c.min(), trace.limit_c - _LEAST_SPAN_K)),
        "high_c": float(max(skin_c.max(), trace.limit_c)) + 1,
        "limit_c": trace.limit_c,
        "limit_label": f"limit {_assumed(trace.body, 'limit_c')}",
        "resume_c": trace.resume_c,
        "resume_label": f"full clock again at {_assumed(trace.body, 'resume_c')}",
        "ambient_label": f"air {float(design.ambient_c):g} °C",
        "ticks": [{"s": float(each), "label": f"{each // 60} min" if each else "0"} for each in _TICKS_S],
    }


def _frames(design: GlassesDesign, outcome: GlassesOutcome, trace: HeatTrace) -> dict[str, Plain]:
    """Return how many frames the camera takes in a second, and how many are worked on at full clock and throttled."""
    asked, full = float(design.frames_per_s), float(outcome.frames_per_s)
    slow = _throttled_frames(trace)
    return {
        "asked_per_s": asked,
        "full_per_s": full,
        "full_label": _frames_label(full, asked),
        "throttled_per_s": slow,
        "throttled_label": None if slow is None else _frames_label(slow, asked),
        "mean_per_s": float(outcome.sustained_frames_per_s),
        "mean_label": f"{format_quantity(outcome.sustained_frames_per_s, 'FPS')} once settled",
    }


def _throttled_frames(trace: HeatTrace) -> float | None:
    throttled = trace.frames_per_s[trace.clock_fraction < 1]
    return float(throttled[0]) if throttled.size else None


def _power(scenario: GlassesScenario, outcome: GlassesOutcome, look: Look) -> dict[str, Plain]:
    """Return the mean power at full clock by cause; the causes would tell a hidden energy of the frame."""
    hidden = look.hides("frame_energy_j")
    parts = outcome.made_of("power_w")
    limit = format_quantity(outcome.power_limit_w, "W")
    return {
        "power_w": float(outcome.power_w),
        "label": f"{format_quantity(outcome.power_w, 'W')} at full clock",
        "limit_w": float(outcome.power_limit_w),
        "limit_label": scenario.body.source_of("resistance_k_per_w").beside(f"{limit} shed at the limit"),
        "parts": None if hidden else [{"name": name, "w": watts, "label": format_quantity(watts, "W")} for name, watts in parts],
        "hidden": f"by cause: {HIDDEN}" if hidden else None,
    }


def _bus(outcome: GlassesOutcome) -> dict[str, Plain]:
    busy, needed = float(outcome.bus_busy_fraction), float(outcome.mbu_fraction)
    return {
        "busy_fraction": busy,
        "busy_label": f"{format_fraction(busy)} busy",
        "needed_fraction": needed,
        "needed_label": f"{format_fraction(needed)} needed",
    }


def _title(outcome: GlassesOutcome, trace: HeatTrace) -> str:
    if (slow := _throttled_frames(trace)) is None:
        return f"The skin stays below {trace.limit_c:g} °C for half an hour, and ends at {_degrees(float(trace.skin_c[-1]))}"
    when = minutes_words(float(outcome.throttle_s))
    full = format_quantity(outcome.frames_per_s, "FPS")
    return f"{trace.limit_c:g} °C after {when}: {full} fall to {format_quantity(slow, 'FPS')}"


def _words(outcome: GlassesOutcome, numbers: dict[str, Plain]) -> str:
    power, bus, heat = numbers["power"], numbers["bus"], numbers["heat"]
    causes = power["hidden"] or ", ".join(f"{each['name']} {each['label']}" for each in power["parts"])
    warmest = _degrees(max(heat["skin_c"]))
    return (
        f"Half an hour of warming from {heat['labels'][0]}, {heat['labels'][-1]} at its end, {warmest} at most, {heat['limit_label']}; "
        f"{numbers['frames']['full_label']} at full clock, {numbers['frames']['throttled_label'] or 'not throttled'}. "
        f"Power {power['label']}, {power['limit_label']}: {causes}. "
        f"While the networks run the bus is {bus['busy_label']}, {bus['needed_label']}."
    )


def _rows(
    design: GlassesDesign, outcome: GlassesOutcome, trace: HeatTrace, numbers: dict[str, Plain]
) -> tuple[tuple[str, str], ...]:
    power, frames, heat = numbers["power"], numbers["frames"], numbers["heat"]
    causes = ((f"Power: {each['name']}", each["label"]) for each in power["parts"] or ())
    return (
        ("Air", f"{float(design.ambient_c):g} °C"),
        ("Skin at the end of half an hour", heat["labels"][-1]),
        ("Limit of the skin", heat["limit_label"].removeprefix("limit ")),
        ("Full clock again at", _assumed(trace.body, "resume_c")),
        ("Limit reached after", minutes_words(float(outcome.throttle_s)) if math.isfinite(outcome.throttle_s) else "never"),
        ("Frames worked on at full clock", frames["full_label"]),
        ("Frames worked on when throttled", frames["throttled_label"] or "not throttled"),
        ("Frame rate once settled", frames["mean_label"].removesuffix(" once settled")),
        ("Power at full clock", power["label"].removesuffix(" at full clock")),
        *causes,
        *((("Power by cause", HIDDEN),) if power["hidden"] else ()),
        ("Power that the glasses shed", power["limit_label"]),
        ("Bus busy while the networks run", format_fraction(numbers["bus"]["busy_fraction"])),
        ("Bus needed", format_fraction(numbers["bus"]["needed_fraction"])),
    )


def _frames_label(frames_per_s: float, asked_per_s: float) -> str:
    """Write a rate against the camera's."""
    return f"{frames_per_s:.3g} of {asked_per_s:g} FPS"


def _degrees(celsius: float) -> str:
    return f"{celsius:.1f} °C"


def _assumed(body: ThermalBody, name: str) -> str:
    return body.source_of(name).beside(f"{getattr(body, name):g} °C")

