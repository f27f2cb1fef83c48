"""What the figures of a report draw of a mission: the way over the roofline, the attempts, and what brought the gain."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from rooflab.analyses.gains import Gain, gains
from rooflab.analyses.trail import TrailPoint, trail_point
from rooflab.errors import LabError
from rooflab.evaluate import evaluate
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.setting import Setting, setting
from rooflab.lab.steps.attempts import AttemptLog, attempt_log, verdict
from rooflab.lab.steps.challenge import may_tell_best
from rooflab.lab.steps.progress import PartProgress, progress
from rooflab.specs import Objective, Roof
from rooflab.tracks import TRACKS

__all__ = ["Drawings", "Mark", "drawings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One attempt: its figure (nan if it cannot run), whether it keeps every target, and whether it is the final one."""

    number: int
    value: float
    feasible: bool
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawings:
    """A mission as it was left.

    `points` are the steps of the designs that run, by their `names`: the start first, then the attempts in order; none may
    run. The one at `chosen` is the final design, or the best so far, or the last. `roofs` are those of all these designs,
    that of the chosen one first. `best_value` is that of the best design of all, nan before it may be told. `gains` divide
    the speed-up `total_factor` from the start to the chosen design; they are empty where that is the start.
    """

    roofs: tuple[Roof, ...]
    names: tuple[str, ...]
    points: tuple[TrailPoint, ...]
    chosen: int
    objective: Objective
    marks: tuple[Mark, ...]
    best_value: float
    gains: tuple[Gain, ...]
    total_factor: float


def drawings(ledger: Ledger) -> dict[tuple[str, int], Drawings]:
    """Return what is drawn of every mission with attempts, by track and part."""
    found = {}
    for track in TRACKS:
        if any(True for _ in ledger.of(track.id)):
            for number, own in enumerate(progress(track.id, ledger).parts, 1):
                if drawn := _of_part(setting(track.id, number, ledger.variant), own):
                    found[track.id, number] = drawn
    return found


def _of_part(place: Setting, own: PartProgress) -> Drawings | None:
    if place.mission is None or not own.attempts:
        return None
    try:
        return _drawn(place, attempt_log(place, own), told=may_tell_best(own))
    except LabError:
        return None  # the report says so where the attempts would be


def _drawn(place: Setting, log: AttemptLog, *, told: bool) -> Drawings:
    attempts = [each.attempt for each in log.scores]
    tried = [("the start", place.start), *((f"attempt {each.number}", each.design) for each in attempts)]
    ran = [(name, design, outcome) for name, design in tried if (outcome := evaluate(place.scenario, design)).runs]
    names, designs = [name for name, _, _ in ran], [design for _, design, _ in ran]
    final = log.final.attempt if log.final else log.best
    chosen = names.index(f"attempt {final.number}") if final and final.runs else len(ran) - 1
    divided = gains(place.scenario, place.start, designs[chosen], place.part.levers) if ran and designs[chosen] != place.start else None
    ended = verdict(log) if told else None
    return Drawings(
        roofs=tuple(dict.fromkeys(place.scenario.roofs(each)[0] for each in (*designs[chosen : chosen + 1], *designs))),
        names=tuple(names),
        points=tuple(trail_point(outcome) for _, _, outcome in ran),
        chosen=chosen,
        objective=place.mission.objective,
        marks=tuple(
            Mark(number=each.number, value=each.value if each.runs else nan, feasible=each.feasible, final=log.final is not None and each is log.final.attempt)
            for each in attempts
        ),
        best_value=ended.optimum.value if ended else nan,
        gains=divided.gains if divided else (),
        total_factor=divided.total_factor if divided else 1.0,
    )
