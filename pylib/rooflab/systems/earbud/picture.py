"""The living picture of an earbud: hops that wake, compute and sleep, power as an area, and the matrix that is swept."""

from math import floor

from rooflab.model.roofline import COMPUTE, LATENCY, MEMORY
from rooflab.systems.earbud.design import EarbudDesign
from rooflab.systems.earbud.evaluate import EarbudOutcome
from rooflab.systems.earbud.matrix import MatrixLayout, matrix_layout
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.systems.outcome import CannotRun, TargetOutcome
from rooflab.systems.picture import HIDDEN, Look, Picture, pace_of
from rooflab.systems.stopped_picture import stopped_numbers, stopped_picture
from rooflab.units import counted, format_count, format_fraction, format_quantity, format_time
from rooflab.values import Plain

__all__ = ["earbud_picture"]

SHOWN_STEPS = 4
"""As many steps are shown side by side, each of one hop or of a batch."""

PATTERN_STEPS = 60
"""After so many steps those repeat of which the gate spares some the network."""

_CAUSES = ((MEMORY, "memory", "memory traffic"), (COMPUTE, "compute", "arithmetic"), (LATENCY, "latency", "launch overhead"))


def earbud_picture(scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome, look: Look) -> Picture:
    """Return a few hops of the earbud; one period is a step: a hop, or the hops of a batch."""
    stopped = outcome.cannot_run
    if stopped and not stopped.backlog:
        return stopped_picture("earbud", outcome, stopped, nothing="No hop is computed.", without=("hops", "delay", "power", "hidden", "matrix"))
    layout = matrix_layout(scenario, design)
    step_s = scenario.earbud.hop_s * float(outcome.outputs)
    numbers = {
        "stopped": stopped_numbers(outcome, stopped) if stopped else None,
        "hops": _hops(scenario, design, outcome, step_s),
        "delay": _delay(outcome, bool(stopped)),
        "power": None if look.hides("power_w") else _power(scenario, design, outcome, step_s),
        "hidden": f"power: {HIDDEN}" if look.hides("power_w") else None,
        "matrix": _matrix(layout, outcome),
    }
    return Picture(
        kind="earbud",
        title=_title(numbers, outcome, stopped),
        words=_words(numbers, outcome, stopped),
        rows=_rows(numbers, outcome),
        pace=pace_of(step_s),
        numbers=numbers,
    )


def _hops(scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome, step_s: float) -> dict[str, Plain]:
    """Return how long a step wakes and computes: in full, or as far as the gate in front of the network.

    The chip is awake as a step's last sample comes. What takes longer than its step makes the next one wait.
    """
    mean_s, gate_s = float(outcome.step_time_s), float(outcome.operators.time_s[0])
    full_s = float(outcome.hop_time_s * outcome.outputs)
    # Without the gate a full step is shorter by it; its mean counts the network by the share of steps that run it.
    run_fraction = (mean_s - gate_s) / (full_s - gate_s)
    duty = _duty(scenario, design, outcome, step_s)
    return {
        "hop_s": scenario.earbud.hop_s,
        "hop_label": f"a hop comes every {format_time(scenario.earbud.hop_s)}",
        "hops_count": int(outcome.outputs),
        "step_s": step_s,
        "shown_steps": SHOWN_STEPS,
        "wake_s": scenario.chip(design.chip_id).wake_s,
        "wake_label": f"wake {format_time(scenario.chip(design.chip_id).wake_s)}",
        "full_s": full_s,
        "gate_s": gate_s,
        "mean_s": mean_s,
        "busy_label": f"compute {format_time(full_s)}",
        "run_fraction": run_fraction,
        "run_label": None if gate_s == 0 else f"the network runs in {format_fraction(run_fraction)} of the steps",
        "runs_full": [floor((at + 1) * run_fraction + 1e-9) > floor(at * run_fraction + 1e-9) for at in range(PATTERN_STEPS)],
        "duty_fraction": duty,
        "duty_label": f"awake {format_fraction(duty)}",
        "sleeps": duty < 1,
        "causes": [
            {
                "id": bound,
                "name": name,
                "fraction": float(outcome.bound_times_s[at] / outcome.step_time_s),
                "label": f"{name} {format_fraction(float(outcome.bound_times_s[at] / outcome.step_time_s))}",
            }
            for at, bound, name in _CAUSES
            if outcome.bound_times_s[at] > 0
        ],
    }


def _duty(scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome, step_s: float) -> float:
    """Return the share of a step for which the chip is awake, waking up included."""
    return min(float(outcome.busy_fraction) + scenario.chip(design.chip_id).wake_s / step_s, 1.0)


def _delay(outcome: EarbudOutcome, grows: bool) -> dict[str, Plain]:
    """Return the time from the first sample of a step to its result, against its limit; it has no end where hops pile up."""
    held = _held(outcome, "delay_s")
    delay_s = None if grows else float(outcome.delay_s)
    return {
        "delay_s": delay_s,
        "label": "the delay grows without end" if grows else f"{format_time(outcome.delay_s)} from first sample to result",
        "limit_s": held and float(held.target.limit),
        "limit_label": held and f"limit {held.target.source.beside(format_time(held.target.limit))}",
        "met": None if held is None else not grows and bool(held.met),
    }


def _power(scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome, step_s: float) -> dict[str, Plain]:
    """Return the power awake and asleep, whose area over a step is the mean power, and the energy of a hop by cause.

    Where products run on an accelerator, the power awake is a mean over the time awake.
    """
    held, duty, hop_s = _held(outcome, "power_w"), _duty(scenario, design, outcome, step_s), scenario.earbud.hop_s
    front_w, sleep_w = float(outcome.front_end_w), float(outcome.sleep_power_w)
    awake_w = front_w + float(outcome.network_power_w) / duty
    asleep_w = front_w + sleep_w / (1 - duty) if duty < 1 else None
    limit_w = held and float(held.target.limit)
    return {
        "front_w": front_w,
        "awake_w": awake_w,
        "awake_label": f"{format_quantity(awake_w, 'W')} awake",
        "asleep_w": asleep_w,
        "asleep_label": None if asleep_w is None else f"{format_quantity(asleep_w, 'W')} asleep",
        "top_w": max(awake_w, limit_w or 0.0),
        "limit_w": limit_w,
        "limit_label": held and f"limit {held.target.source.beside(format_quantity(limit_w, 'W'))}",
        "mean_w": float(outcome.power_w),
        "mean_label": f"{format_quantity(outcome.power_w, 'W')} on average",
        "met": None if held is None else bool(held.met),
        "energy_j": float(outcome.power_w) * hop_s,
        "energy_label": f"energy of a hop: {format_quantity(float(outcome.power_w) * hop_s, 'J')}",
        "budget_j": held and limit_w * hop_s,
        "budget_label": held and f"{format_quantity(limit_w * hop_s, 'J')} allowed",
        "parts": [
            {"name": name, "j": watts * hop_s, "label": format_quantity(watts * hop_s, "J")}
            for name, watts in outcome.made_of("power_w")
        ],
    }


def _matrix(layout: MatrixLayout, outcome: EarbudOutcome) -> dict[str, Plain]:
    """Return the stored rows with what fills them up, and what the products ask of their memory."""
    asked, given = (format_quantity(each, "B/s") for each in (outcome.asked_bytes_per_s, outcome.given_bytes_per_s))
    waste = format_fraction(1 - layout.useful_fraction)
    return {
        "matrices": [
            {
                "rows": each.rows,
                "stored_bytes": float(each.stored_bytes),
                "parts": [{"name": name, "bytes": float(bytes_)} for name, bytes_ in each.parts_bytes],
                "vector_fill_bytes": float(each.vector_fill_bytes),
                "line_fill_bytes": float(each.line_fill_bytes),
                "step_bytes": float(each.line_bytes) if layout.cached else float(each.vector_bytes),
            }
            for each in layout.matrices
        ],
        "step_name": "line" if layout.cached else "vector" if layout.lanes > 1 else "weight",
        "label": f"{format_count(layout.matrices[0].rows)} rows of weights in {layout.memory}",
        "waste_fraction": 1 - layout.useful_fraction,
        "waste_label": f"{waste} padding" if layout.wasted_bytes else "no padding",
        "pull_label": f"products ask for {asked}, the memory gives {given}",
        "waits": bool(outcome.pull_fraction > 1),
    }


def _held(outcome: EarbudOutcome, quantity: str) -> TargetOutcome | None:
    return next((each for each in outcome.targets if each.target.quantity == quantity), None)


def _title(numbers: dict[str, Plain], outcome: EarbudOutcome, stopped: CannotRun | None) -> str:
    hops, power, delay = numbers["hops"], numbers["power"], numbers["delay"]
    if stopped:
        every = format_time(hops["step_s"] / hops["hops_count"])
        return f"A hop comes every {every} and takes {format_time(hops['mean_s'] / hops['hops_count'])}: they pile up"
    awake = _begun(hops["duty_label"]) + (" of each hop" if hops["hops_count"] == 1 else f" of each {hops['hops_count']} hops")
    if numbers["hidden"]:
        return f"{awake}; {numbers['hidden']}"
    if power["limit_w"] is not None:
        return f"{awake}: {power['mean_label']}, {power['limit_label']}"
    return f"{awake}: {delay['label']}"


def _words(numbers: dict[str, Plain], outcome: EarbudOutcome, stopped: CannotRun | None) -> str:
    hops, power, delay, matrix = (numbers[name] for name in ("hops", "power", "delay", "matrix"))
    together = "" if hops["hops_count"] == 1 else f", {counted(hops['hops_count'], 'hop')} are collected for a step"
    does = f"{hops['wake_label']}, {hops['busy_label']}" + (", then sleep" if hops["sleeps"] else ", and never sleep")
    causes = ", ".join(each["label"] for each in hops["causes"])
    begins = f"Cannot run. {stopped.kind}: {stopped.reason} " if stopped else ""
    drawn = numbers["hidden"] or f"{_powers(power)}, {power['mean_label']}"
    limits = ", ".join(each for each in (delay["limit_label"],) if each)
    return (
        f"{begins}{_begun(hops['hop_label'])}{together}: {does}; computing: {causes}{_of_steps(hops)}. "
        f"{_begun(drawn)}; {delay['label']}{', ' + limits if limits else ''}. "
        f"The core sweeps {matrix['label']}, {matrix['waste_label']}; the {matrix['pull_label']}."
    )


def _begun(words: str) -> str:
    """Begin a sentence: a unit keeps its letters."""
    return words[0].upper() + words[1:]


def _of_steps(hops: dict[str, Plain]) -> str:
    return f"; {hops['run_label']}" if hops["run_label"] else ""


def _powers(power: dict[str, Plain]) -> str:
    return ", ".join(each for each in (power["awake_label"], power["asleep_label"], power["limit_label"], power["energy_label"]) if each)


def _rows(numbers: dict[str, Plain], outcome: EarbudOutcome) -> tuple[tuple[str, str], ...]:
    hops, power, delay, matrix = (numbers[name] for name in ("hops", "power", "delay", "matrix"))
    shown = (
        ("A hop comes every", format_time(hops["step_s"] / hops["hops_count"])),
        ("Hops collected for a step", f"{hops['hops_count']}"),
        ("Waking up", format_time(hops["wake_s"])),
        ("Computing a step in full", format_time(hops["full_s"])),
        ("Of it the gate in front", format_time(hops["gate_s"]) if hops["gate_s"] else None),
        ("Steps in which the network runs", format_fraction(hops["run_fraction"]) if hops["gate_s"] else None),
        ("Awake", format_fraction(hops["duty_fraction"])),
        *((f"Computing: {each['name']}", format_fraction(each["fraction"])) for each in hops["causes"]),
        ("First sample to result", "grows without end" if delay["delay_s"] is None else format_time(delay["delay_s"])),
        ("Limit of that delay", delay["limit_label"] and delay["limit_label"].removeprefix("limit ")),
        *_power_rows(power),
        ("Weights", matrix["label"]),
        ("Padding", matrix["waste_label"].removesuffix(" padding")),
        ("Products ask of the memory", format_quantity(outcome.asked_bytes_per_s, "B/s")),
        ("The memory gives", format_quantity(outcome.given_bytes_per_s, "B/s")),
    )
    return tuple((name, value) for name, value in shown if value)


def _power_rows(power: dict[str, Plain] | None) -> tuple[tuple[str, str | None], ...]:
    if power is None:
        return (("Power", HIDDEN),)
    return (
        ("Power awake", format_quantity(power["awake_w"], "W")),
        ("Power asleep", power["asleep_label"] and power["asleep_label"].removesuffix(" asleep")),
        ("Power on average", format_quantity(power["mean_w"], "W")),
        ("Limit of the power", power["limit_label"] and power["limit_label"].removeprefix("limit ")),
        ("Energy of a hop", format_quantity(power["energy_j"], "J")),
        *((f"Energy of a hop: {each['name']}", each["label"]) for each in power["parts"]),
        ("Energy of a hop allowed", power["budget_label"] and power["budget_label"].removesuffix(" allowed")),
    )
