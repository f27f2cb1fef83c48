"""The picture of a vehicle's loop: the stages of a usual frame, and recorded frames against the deadline."""

import numpy as np

from rooflab.systems.picture import HIDDEN, Look, Picture, pace_of
from rooflab.systems.vehicle.design import VehicleDesign
from rooflab.systems.vehicle.evaluate import VehicleOutcome
from rooflab.systems.vehicle.recording import LoopTrace, compare_frames, loop_trace
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.systems.vehicle.stages import STAGE_NAMES, Course
from rooflab.units import format_count, format_number, format_time
from rooflab.values import Plain

__all__ = ["vehicle_picture"]

BEFORE, AFTER = 2, 3
"""Recorded frames that are shown before the one that is looked at, and from it on."""

MOST_MARKED = 300


def vehicle_picture(scenario: VehicleScenario, design: VehicleDesign, outcome: VehicleOutcome, look: Look) -> Picture:
    """Return a usual frame of one design by stage, and frames of its recording; inside those only a tracer sees."""
    stopped = outcome.cannot_run
    trace = None
    if not stopped and not look.hides("p999_s"):
        trace = loop_trace(scenario, design, outcome, recording=look.recording)
    usual = _usual(outcome)
    numbers = {
        "period_s": None if stopped else usual["time_s"],
        "stopped": stopped and {"kind": stopped.kind, "reason": stopped.reason},
        "deadline_s": outcome.deadline_s,
        "deadline_label": f"deadline {format_time(outcome.deadline_s)}",
        "usual": usual,
        "arrivals_s": [at * scenario.rig.image_gap_s for at in range(int(design.batch))],
        "recorded": None if trace is None else _recorded(trace, design, look),
        "hidden_label": f"Recorded frames: {HIDDEN}" if trace is None and not stopped else None,
        "backlog": None if stopped else _backlog(outcome),
    }
    if trace is not None and trace.slow and (longest := trace.slowest(1)[0]) != look.frame:
        words = f"Slowest frame: {format_count(longest)}, {format_time(trace.frame_s[longest])}"
        numbers["picks"] = [{"name": "Slowest frame", "words": words, "frame": longest}]
    return Picture(
        kind="vehicle",
        title=_title(outcome, trace, numbers),
        words=_words(outcome, trace, numbers),
        rows=_rows(outcome, numbers),
        pace=None if stopped else pace_of(usual["time_s"]),
        numbers=numbers,
    )


def _course(outcome: VehicleOutcome) -> Course:
    """Return what most frames go through: a first look may spare the full detector."""
    stages = outcome.stages
    return stages.short if float(stages.short_fraction[0]) > 1 / 2 else stages.full


def _usual(outcome: VehicleOutcome) -> dict[str, Plain]:
    """Return the stages of a usual frame, each waiting and running, after the wait for the rest of its batch."""
    course, wait_s = _course(outcome), float(outcome.wait_s)
    time_s = wait_s + float(course.time_s.sum())
    stages = [
        {
            "place": at,
            "waits_s": float(course.waiting_s[at, 0]),
            "runs_s": float(course.running_s[at, 0]),
            "on_gpu": bool(outcome.operators.launches[at] > 0),
            "label": f"{name} {format_time(course.time_s[at, 0])}",
        }
        for at, name in enumerate(STAGE_NAMES)
        if course.time_s[at, 0]
    ]
    return {
        "time_s": time_s,
        "label": f"A usual frame, {format_time(time_s)}",
        "keys": ["GPU", "cores, copy", "waits"],
        "ghost_label": f"before: {format_time(time_s)}",
        "batch_wait_s": wait_s,
        "wait_label": f"waits for its batch {format_time(wait_s)}" if wait_s else None,
        "stages": stages,
    }


def _recorded(trace: LoopTrace, design: VehicleDesign, look: Look) -> dict[str, Plain]:
    """Return the frames around the picked one, or around the longest, and which frames of all are slow."""
    count = len(trace.frame_s)
    middle = look.frame if look.frame is not None and look.frame < count else int(trace.frame_s.argmax())
    first = min(max(middle - BEFORE, 0), count - BEFORE - AFTER)
    slow = trace.slowest(MOST_MARKED)
    return {
        "count": count,
        "slow_count": len(trace.slow),
        "longest_s": float(trace.frame_s.max()),
        "slow": sorted(int(each) for each in slow),
        "label": f"{format_count(count)} frames recorded; marked: {_marked(len(trace.slow))} past the deadline",
        "frames": [_frame(trace, at, design, look) for at in range(first, first + BEFORE + AFTER)],
    }


def _marked(slow: int) -> str:
    return format_count(slow) if slow <= MOST_MARKED else f"the {MOST_MARKED} longest of {format_count(slow)}"


def _frame(trace: LoopTrace, at: int, design: VehicleDesign, look: Look) -> dict[str, Plain]:
    """Return one recorded frame: its time stamps; with tracing on also what is inside, of the picked one."""
    time_s = float(trace.frame_s[at])
    opened = design.profiler == "on" and at == look.frame
    inside = np.stack((trace.waiting_s[at], trace.running_s[at]), axis=1).tolist() if opened else None
    return {
        "frame": at,
        "time_s": time_s,
        "slow": time_s > trace.deadline_s,
        "picked": at == look.frame,
        "label": format_count(at),
        "time_label": format_time(time_s),
        "stages": inside,
        "longer_label": _longer(trace, at) if opened else None,
    }


def _longer(trace: LoopTrace, frame: int) -> str | None:
    """Name the stage that makes a frame longer than the typical one, and whether it waits or runs."""
    compared = compare_frames(trace, frame)
    if not compared.longer:
        return None
    stage = compared.longer[0]
    waits, runs = compared.more_waiting_s[stage], compared.more_running_s[stage]
    return f"{compared.names[stage]} {'waits' if waits > runs else 'runs'} {format_time(max(waits, runs))} longer"


def _backlog(outcome: VehicleOutcome) -> dict[str, Plain] | None:
    """Return how fast images pile up where the loop takes fewer than the cameras deliver; None where it keeps up."""
    asked = next((each.target.limit for each in outcome.targets if each.target.quantity == "images_per_s"), None)
    taken = float(outcome.images_per_s)
    if asked is None or taken >= asked:
        return None
    words = f"Backlog: {format_number(asked - taken)} images/s more, {format_number(taken)} of {format_number(asked)} taken"
    return {"grows_per_s": asked - taken, "label": words}


def _title(outcome: VehicleOutcome, trace: LoopTrace | None, numbers: dict[str, Plain]) -> str:
    """Say what decides, in words and numbers."""
    if stopped := outcome.cannot_run:
        return f"{stopped.kind}: {stopped.number}"
    if backlog := numbers["backlog"]:
        return backlog["label"]
    if trace is None:
        return f"A usual frame takes {format_time(numbers['usual']['time_s'])} of {format_time(outcome.deadline_s)}; p99.9: {HIDDEN}"
    count, slow, longest = format_count(len(trace.frame_s)), len(trace.slow), format_time(trace.frame_s.max())
    if not slow:
        return f"No frame of {count} is late; the longest takes {longest}"
    return f"{format_count(slow)} of {count} frames are late; the longest takes {longest}"


def _words(outcome: VehicleOutcome, trace: LoopTrace | None, numbers: dict[str, Plain]) -> str:
    """Tell all that the picture shows."""
    if outcome.cannot_run:
        return f"{outcome.cannot_run.reason} No frame runs."
    usual, recorded = numbers["usual"], numbers["recorded"]
    stages = ", ".join(filter(None, (usual["wait_label"], *(each["label"] for each in usual["stages"]))))
    words = f"{usual['label']}, {numbers['deadline_label']}: {stages}."
    if backlog := numbers["backlog"]:
        words += f" {backlog['label']}."
    if recorded is None:
        return f"{words} Recorded frames are {HIDDEN}."
    frames = "; ".join(_frame_words(each) for each in recorded["frames"])
    return f"{words} {recorded['label'].capitalize()}. Frames shown: {frames}."


def _frame_words(frame: dict[str, Plain]) -> str:
    words = f"frame {frame['label']} {frame['time_label']}{', past the deadline' if frame['slow'] else ''}"
    return f"{words}, {frame['longer_label']}" if frame["longer_label"] else words


def _rows(outcome: VehicleOutcome, numbers: dict[str, Plain]) -> tuple[tuple[str, str], ...]:
    """Return the table: the usual frame by stage, then the frames that are shown."""
    if outcome.cannot_run:
        return ((outcome.cannot_run.kind, outcome.cannot_run.reason),)
    usual, recorded, backlog = numbers["usual"], numbers["recorded"], numbers["backlog"]
    stages = [each["label"] for each in usual["stages"]]
    return (
        ("Deadline", format_time(outcome.deadline_s)),
        ("A usual frame", format_time(usual["time_s"])),
        ("Its stages", "; ".join([*filter(None, (usual["wait_label"],)), *stages])),
        *((("Images", backlog["label"]),) if backlog else ()),
        *((("Recording", recorded["label"]), ("Frames shown", "; ".join(_frame_words(each) for each in recorded["frames"]))) if recorded else ()),
    )
