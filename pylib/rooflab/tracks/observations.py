"""The question of each part after its charts are open: what did they show? The model decides, for each scenario anew."""

from collections.abc import Callable, Mapping

from rooflab.evaluate import Outcome, evaluate, imagine
from rooflab.specs import Choice, Question, Scenario, WhatIf
from rooflab.tracks.experiments import EQUAL_FRACTION, moved
from rooflab.units import format_bytes, format_fraction, format_quantity, format_time

__all__ = ["guessed_observation", "fused_observation", "roofs_observation"]

FELT_FRACTION = 0.03
"""A time that falls by less is called the same."""

HALF_FRACTION = 0.4
"""A time that falls by more than this, once a rate is doubled, fell by about half."""

_DOUBLED = (WhatIf(peak_factor=2.0), WhatIf(bandwidth_factor=2.0))


def roofs_observation(layer: str, name: str) -> Question:
    """Return the question of part 1: which doubled roof shortened the time of one layer, and by how much."""

    def falls(found: Scenario) -> tuple[float, float]:
        before = _time_s(evaluate(found, found.crisis), layer)
        peak, bandwidth = (_time_s(evaluate(imagine(found, each), found.crisis), layer) for each in _DOUBLED)
        return 1 - peak / before, 1 - bandwidth / before

    def answer(found: Scenario) -> str:
        peak, bandwidth = falls(found)
        if peak >= FELT_FRACTION:
            return "both" if bandwidth >= FELT_FRACTION else "peak"
        if bandwidth < FELT_FRACTION:
            return "neither"
        return "bandwidth-half" if bandwidth >= HALF_FRACTION else "bandwidth-less"

    def explain(found: Scenario, choice_id: str) -> str:
        outcome, (peak, bandwidth) = evaluate(found, found.crisis), falls(found)
        at = outcome.operators.ids.index(layer)
        memory_s, compute_s, launch_s = (
            format_time(getattr(outcome.operators, each)[at]) for each in ("memory_s", "compute_s", "launch_s")
        )
        return (
            f"Of the {format_time(outcome.operators.time_s[at])} of {name.lower()}, moving bytes takes {memory_s}, arithmetic "
            f"{compute_s}, launches {launch_s}. Doubling R_peak takes {format_fraction(peak)} off it, doubling BW_mem "
            f"{format_fraction(bandwidth)}: a rate shortens only what waits for it."
        )

    return Question(
        id="doubled-roofs",
        text=f"In the starting design, R_peak alone and then BW_mem alone were doubled. "
        f"The time of {name}:",
        choices=(
            Choice(id="bandwidth-half", text="Rₚₑₐₖ: it stayed. BWₘₑₘ: it fell by about half"),
            Choice(id="bandwidth-less", text="Rₚₑₐₖ: it stayed. BWₘₑₘ: it fell by clearly less than half"),
            Choice(id="both", text="Each of the two shortened it"),
            Choice(id="peak", text="Rₚₑₐₖ: it fell. BWₘₑₘ: it stayed"),
            Choice(id="neither", text="Neither shortened it"),
        ),
        answer=answer,
        explain=explain,
    )


def fused_observation(before: Mapping[str, object], after: Mapping[str, object], change: str) -> Question:
    """Return the question of part 2: how operations and bytes of a step moved between two fusion sets of the first design."""
    return _directions(
        "fused-step",
        f"In the starting design, {change}. What happened to the operations (O) and bytes (D_vol) of a step?",
        before,
        after,
        lambda outcome: (float(outcome.operators.flop.sum()), float(outcome.operators.hbm_bytes.sum())),
        "Inside a kernel nothing is written or read again; what a tile needs and does not hold is computed again.",
    )


def guessed_observation(before: Mapping[str, object], after: Mapping[str, object], change: str, mechanism: str) -> Question:
    """Return the question of part 3: how operations and bytes of an output moved once something was guessed."""
    return _directions(
        "guessed-output",
        f"In the starting design, {change}. What happened to the operations (O) and bytes (D_vol) of an output?",
        before,
        after,
        lambda outcome: (float(outcome.flop_per_output), float(outcome.bytes_per_output)),
        mechanism,
    )


def _directions(
    question_id: str,
    text: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    figures: Callable[[Outcome], tuple[float, float]],
    mechanism: str,
) -> Question:
    def pairs(found: Scenario) -> tuple[tuple[float, float], tuple[float, float]]:
        first, then = (figures(evaluate(found, found.crisis.replace(**each))) for each in (before, after))
        return (first[0], then[0]), (first[1], then[1])

    def explain(found: Scenario, choice_id: str) -> str:
        flop, moves = pairs(found)
        return (
            f"O {moved(*flop, lambda value: format_quantity(value, 'FLOP'))}, D_vol {moved(*moves, format_bytes)}. {mechanism}"
        )

    return Question(
        id=question_id,
        text=text,
        choices=tuple(
            Choice(id=f"{flop}-{moves}", text=f"O {flop}, D_vol {moves}")
            for flop in ("rose", "stayed", "fell")
            for moves in ("rose", "fell")
        ),
        answer=lambda found: "-".join(_direction(*pair) for pair in pairs(found)),
        explain=explain,
    )


def _direction(before: float, after: float) -> str:
    if abs(after - before) <= EQUAL_FRACTION * before:
        return "stayed"
    return "rose" if after > before else "fell"


def _time_s(outcome: Outcome, layer: str) -> float:
    return float(outcome.operators.time_s[outcome.operators.ids.index(layer)])
