"""The attempts of a mission: designs that were scored, in order, and the best of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rooflab.analyses.mechanism import failures
from rooflab.evaluate import evaluate
from rooflab.specs import Design, Mission, Objective

__all__ = ["Attempt", "best_attempt", "score_attempt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A design that was scored: the objective's figure, and why it is not feasible if it is not.

    One that cannot run has no figure to show: `value` is what it would be, and is ranked nowhere.
    """

    number: int
    design: Design
    value: float
    runs: bool
    feasible: bool
    reasons: tuple[str, ...]


def score_attempt(mission: Mission, design: Design, *, number: int) -> Attempt:
    """Return `design` scored as the attempt of that number."""
    outcome = evaluate(mission.scenario, design)
    return Attempt(
        number=number,
        design=design,
        value=float(getattr(outcome, mission.objective.quantity)),
        runs=bool(outcome.runs),
        feasible=bool(outcome.feasible),
        reasons=failures(outcome),
    )


def best_attempt(attempts: Iterable[Attempt], objective: Objective) -> Attempt | None:
    """Return the feasible attempt with the best figure, the earlier of equal ones; None without any."""
    feasible: Sequence[Attempt] = [each for each in attempts if each.feasible]
    if not feasible:
        return None
    sign = 1 if objective.maximise else -1
    return max(feasible, key=lambda each: (sign * each.value, -each.number))
