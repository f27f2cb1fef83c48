"""Part 1: what a reading says of the constraint that binds the step, BW_mem, R_peak or L_lat."""

from collections.abc import Callable

from rooflab.evaluate import BOUNDS, Outcome
from rooflab.specs import Testimony
from rooflab.tracks.evidence.exhibit import Exhibit, testimony
from rooflab.tracks.evidence.shows import shown_by
from rooflab.tracks.parts import STANCES
from rooflab.units import format_fraction, format_ratio

__all__ = ["CAUSES", "SYMBOLS", "binding", "shares", "step_says"]

CAUSES = {"memory": "memory traffic", "compute": "arithmetic", "latency": "launches and gaps"}
SYMBOLS = {"memory": "BW_mem", "compute": "R_peak", "latency": "L_lat"}
HALF = 0.5
GAP_FRACTION = 0.1  # above it, gaps are the first thing to close
LAYER_FRACTION = 0.1  # a layer with less of the step does not speak for it
IDLE_FRACTION = 0.5  # what is used less than this is not what the step waits for

Rule = Callable[[Exhibit, str], Testimony]


def shares(outcome: Outcome) -> dict[str, float]:
    """Return the share of the step that waits for each constraint; a link between devices is none of them."""
    return {each: float(outcome.bound_times_s[BOUNDS.index(each)] / outcome.step_time_s) for each in CAUSES}


def binding(outcome: Outcome) -> str:
    """Return the constraint that the longest piece of the step waits for."""
    found = shares(outcome)
    return max(found, key=found.get)


def step_says(exhibit: Exhibit) -> Testimony:
    """Return what a reading says of the step's constraint, by its value in the design that it was read at."""
    now, there = binding(exhibit.at_start), binding(exhibit.outcome)
    if there != now:
        return testimony(
            f"{exhibit.said} was read in a design that waits mostly for {CAUSES[there]}. "
            "The system as it runs now waits for something else, so this says nothing of it."
        )
    rule = RULES.get(exhibit.instrument)
    return rule(exhibit, now) if rule else _shows(exhibit)


def _others(cause: str) -> tuple[str, ...]:
    return tuple(each for each in STANCES[1] if each != cause)


def _shows(exhibit: Exhibit) -> Testimony:
    shown = shown_by(exhibit.instrument)
    return testimony(f"{exhibit.said} says {shown}, not what the step waits for.")


def _for(cause: str, words: str) -> Testimony:
    """Return words with the constraint that they speak for, and those that they speak against."""
    against = " or ".join(SYMBOLS[each] for each in _others(cause))
    return testimony(
        f"{words} It speaks for {SYMBOLS[cause]}, not for {against}.", supports=(cause,), contradicts=_others(cause)
    )


def _against(cause: str, words: str) -> Testimony:
    return testimony(f"{words} It speaks against {SYMBOLS[cause]}.", contradicts=(cause,))


def _piece(cause: str) -> Rule:
    def rule(exhibit: Exhibit, now: str) -> Testimony:
        if cause == now:
            return _for(cause, f"{exhibit.said} is the longest piece of the step.")
        longest = shares(exhibit.outcome)[now]
        return _against(cause, f"{exhibit.said} is not the longest piece; {CAUSES[now]}: {format_fraction(longest)}.")

    return rule


def _bus(exhibit: Exhibit, now: str) -> Testimony:
    mbu = format_fraction(float(exhibit.outcome.mbu_fraction))
    words = f"{exhibit.said} says how much of its bandwidth the bus carries, needed or not; {mbu} is needed (MBU)."
    if exhibit.value >= HALF and now == "memory":
        return _for("memory", words)
    if exhibit.value < IDLE_FRACTION and now != "memory":
        idle = f"{exhibit.said} says that the bus could carry {format_ratio(1 / exhibit.value)} as much."
        if now == "latency":
            return testimony(f"{idle} It speaks for L_lat, not for BW_mem.", supports=("latency",), contradicts=("memory",))
        return _against("memory", idle)
    return testimony(f"{words} By itself it does not say what the step waits for; the time in memory traffic does.")


def _mbu(exhibit: Exhibit, now: str) -> Testimony:
    busy = float(exhibit.outcome.bus_busy_fraction)
    if exhibit.value >= HALF and now == "memory":
        return _for("memory", f"{exhibit.said} says that {format_fraction(exhibit.value)} of the bandwidth carries needed bytes.")
    return testimony(
        f"{exhibit.said} says only how much of the bandwidth carries needed bytes. All bytes together keep the bus busy "
        f"{format_fraction(busy)}: a low MBU says neither that the bus is idle nor what the step waits for."
    )


def _flops(exhibit: Exhibit, now: str) -> Testimony:
    words = f"{exhibit.said} says that {format_fraction(exhibit.value)} of the peak arithmetic is used."
    if now != "compute" and exhibit.value < IDLE_FRACTION:
        return _against("compute", words)
    if now == "compute" and exhibit.value >= HALF / 2:
        return _for("compute", words)
    return testimony(f"{words} It does not say what the rest of the time goes into.")


def _gap(exhibit: Exhibit, now: str) -> Testimony:
    words = f"{exhibit.said}: that much of the profiled time no kernel runs."
    if exhibit.value < GAP_FRACTION:
        return _against("latency", words) if now != "latency" else _shows(exhibit)
    if now == "latency":
        return _for("latency", words)
    return testimony(f"{words} More of the step goes into {CAUSES[now]}: {format_fraction(shares(exhibit.outcome)[now])}.")


def _layer(exhibit: Exhibit, now: str) -> Testimony:
    operators = exhibit.outcome.operators
    if exhibit.layer not in operators.ids:
        return _shows(exhibit)
    at = operators.ids.index(exhibit.layer)
    share = float(operators.time_s[at] / exhibit.outcome.step_time_s)
    bound = BOUNDS[int(operators.bound[at])]
    words = f"{exhibit.said}: the layer takes {format_fraction(share)} of the step"
    if bound != now or share < LAYER_FRACTION or now == "latency":
        bound_words = CAUSES.get(bound, "the link between devices")
        return testimony(f"{words} and waits for {bound_words}. That does not say what the whole step waits for.")
    side = "left" if now == "memory" else "right"
    return _for(now, f"{words}, and it is {side} of its ridge.")


def _keys_and_values(exhibit: Exhibit, now: str) -> Testimony:
    if exhibit.value >= HALF and now == "memory":
        return _for("memory", f"{exhibit.said} says that most of the step reads and writes keys and values.")
    return _shows(exhibit)


def _pull(exhibit: Exhibit, now: str) -> Testimony:
    if exhibit.value > 1:
        words = f"{exhibit.said} says that the products ask for more than the memory gives, so the core waits."
        return _for("memory", words) if now == "memory" else testimony(words)
    words = f"{exhibit.said} says that the memory gives more than the products ask for."
    return _against("memory", words) if now != "memory" else testimony(words)


RULES: dict[str, Rule] = {
    **{f"time-{cause}": _piece(cause) for cause in CAUSES},
    "bus": _bus,
    "mbu": _mbu,
    "mfu": _flops,
    "hfu": _flops,
    "profiler": _gap,
    "roofline": _layer,
    "kv-share": _keys_and_values,
    "pull": _pull,
}
