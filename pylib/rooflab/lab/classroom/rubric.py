"""A suggested score for one track of one learner, out of stated points, each with its evidence.

Points are for what was done and argued, not for guessing right: a prediction earns them by being
made with its confidence, and by being met by its reveal. The figures are those that the ledger
recorded; a replay says whether they hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rooflab.lab.ledger.entries import (
    DesignCommitted,
    Diagnosis,
    Entry,
    Hint,
    Pin,
    Prediction,
    Proposal,
    Reflection,
    Reply,
    Reveal,
)
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.steps.commits import REGRET
from rooflab.lab.steps.progress import progress
from rooflab.units import format_fraction

__all__ = ["Criterion", "Rubric", "rubric"]

NEAR_FRACTION = 0.01
FAIR_FRACTION = 0.10
BUSY_FRACTION = 0.90
FAIR_BUSY_FRACTION = 0.60
HINT_POINTS = 0.5
MOST_HINT_POINTS = 1.0

Entries = tuple[Entry, ...]
Judged = tuple[float, tuple[Entry, ...], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the rubric: points out of `most_points`, why, and the entries that show it.

    A line with `most_points` of 0 takes points away.
    """

    id: str
    part: int
    words: str
    points: float
    most_points: float
    reason: str
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """All lines of one track."""

    track_id: str
    criteria: tuple[Criterion, ...]

    @property
    def points(self) -> float:
        """Points suggested."""
        return sum(each.points for each in self.criteria)

    @property
    def most_points(self) -> float:
        """Points that the mode of this learner allows."""
        return sum(each.most_points for each in self.criteria)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A line: the step that must be part of the mode, and the function that judges it."""

    id: str
    step: str
    words: str
    most_points: float
    judge: Callable[[Entries], Judged]


def rubric(track_id: str, ledger: Ledger) -> Rubric:
    """Return the suggested score of a learner on one track, for the steps that the learner's mode has.

    Raises:
        BadDesign: there is no such track.
    """
    criteria = []
    for own in progress(track_id, ledger).parts:
        number, entries = own.part.number, own.entries
        asked = frozenset(question.id for question in own.part.questions)
        rules = (
            _Rule(
                id="predict",
                step="predict",
                words="Every question answered with a confidence before the bench opened",
                most_points=1,
                judge=lambda entries, asked=asked: _predicted(entries, asked),
            ),
            _Rule(
                id="compare",
                step="reveal",
                words="Reality laid beside every prediction",
                most_points=1,
                judge=lambda entries, asked=asked: _compared(entries, asked),
            ),
            *_RULES,
            *((_DEFENCE,) if number == 3 else ()),
        )
        criteria += [_criterion(rule, number, entries) for rule in rules if rule.step in own.steps]
        criteria += _hints(number, entries)
    return Rubric(track_id=track_id, criteria=tuple(criteria))


def _criterion(rule: _Rule, part: int, entries: Entries) -> Criterion:
    points, evidence, reason = rule.judge(entries)
    return Criterion(
        id=rule.id,
        part=part,
        words=rule.words,
        points=points,
        most_points=rule.most_points,
        reason=reason,
        evidence=tuple(entry.seq for entry in evidence),
    )


def _predicted(entries: Entries, asked: frozenset[str]) -> Judged:
    given = {
        entry.question_id: entry for entry in reversed(_of(entries, Prediction)) if entry.question_id in asked
    }
    reason = f"{len(given)} of {len(asked)} questions"
    return float(bool(asked) and len(given) == len(asked)), tuple(given.values()), reason


def _compared(entries: Entries, asked: frozenset[str]) -> Judged:
    seen = {entry.question_id: entry for entry in _of(entries, Reveal) if entry.question_id in asked}
    reason = f"{len(seen)} of {len(asked)} questions"
    return float(bool(asked) and len(seen) == len(asked)), tuple(seen.values()), reason


def _explored(entries: Entries) -> Judged:
    pins = _of(entries, Pin)
    designs = {tuple(sorted(map(str, pin.design.items()))) for pin in pins}
    if not pins:
        return 0.0, (), "no reading pinned"
    if len(pins) == 1 or len(designs) == 1:
        return 0.5, pins, "readings of one design only"
    return 1.0, pins, f"{len(pins)} readings of {len(designs)} designs"


def _diagnosed(entries: Entries) -> Judged:
    given = _of(entries, Diagnosis)[:1]
    if not given:
        return 0.0, (), "no diagnosis"
    return (3.0, given, "the first diagnosis holds") if given[0].right else (1.0, given, "the first does not hold")


def _designed(entries: Entries) -> Judged:
    finals = tuple(entry for entry in _of(entries, DesignCommitted) if entry.role == "final")
    if not finals:
        return 0.0, (), "no final design"
    regret = finals[0].figures.get(REGRET)
    if regret is None:
        return 1.0, finals, "the final design misses a target"
    words = f"feasible, {format_fraction(regret)} short of the best" if regret > 0 else "feasible, and the best"
    points = 4.0 if regret <= NEAR_FRACTION else 3.0 if regret <= FAIR_FRACTION else 2.0
    return points, finals, words


def _proposed(entries: Entries) -> Judged:
    given = _of(entries, Proposal)[-1:]
    if not given:
        return 0.0, (), "no tiling proposed"
    score = given[0].score_fraction
    points = 2.0 if score >= BUSY_FRACTION else 1.0 if score >= FAIR_BUSY_FRACTION else 0.5
    return points, given, f"it keeps {format_fraction(score)} of the hardware busy"


def _replied(entries: Entries) -> Judged:
    given = _of(entries, Reply)
    if not given:
        return 0.0, (), "no reply"
    if given[0].right:
        return 3.0, given[:1], "the first reply holds"
    if given[-1].right:
        return 2.0, given, f"reply {len(given)} holds"
    return 1.0, given, "no reply holds"


def _verified(entries: Entries) -> Judged:
    """Find a reading pinned after the work was committed."""
    work = [entry for entry in entries if isinstance(entry, Diagnosis | Reply) or _is_final(entry)]
    later = tuple(pin for pin in _of(entries, Pin) if work and pin.seq > work[0].seq)
    return (1.0, later, "pinned after the decision") if later else (0.0, (), "no reading after the decision")


def _argued(entries: Entries) -> Judged:
    given = _of(entries, Reflection)[-1:]
    if not given:
        return 0.0, (), "no reflection"
    held = [
        words
        for words, there in (
            ("a claim", given[0].claim),
            ("cited evidence", given[0].evidence),
            ("a trade-off", given[0].tradeoff),
            ("a residual risk", given[0].residual_risk),
        )
        if there
    ]
    cited = tuple(entry for entry in entries if entry.seq in given[0].evidence)
    return float(len(held)), (*given, *cited), ", ".join(held) or "empty"


def _defended(entries: Entries) -> Judged:
    given = _of(entries, Reflection)[-1:]
    if not given:
        return 0.0, (), "no defence"
    held = [
        words
        for words, there in (
            ("the rejected alternative", given[0].rejected_alternative),
            ("what would change the mind", given[0].reevaluation_trigger),
        )
        if there
    ]
    return float(len(held)), given, ", ".join(held) or "neither"


def _hints(part: int, entries: Entries) -> tuple[Criterion, ...]:
    taken = _of(entries, Hint)
    last = tuple(entry for entry in taken if entry.level == 3)
    if not taken:
        return ()
    points = -min(HINT_POINTS * len(last), MOST_HINT_POINTS)
    return (
        Criterion(
            id="hints",
            part=part,
            words="Hints: the third of a step, which says most, costs half a point, one point at most",
            points=points if last else 0.0,
            most_points=0.0,
            reason=f"{len(taken)} taken, {len(last)} of them the third",
            evidence=tuple(entry.seq for entry in taken),
        ),
    )


def _of(entries: Entries, kind: type[Entry]) -> Entries:
    return tuple(entry for entry in entries if isinstance(entry, kind))


def _is_final(entry: Entry) -> bool:
    return isinstance(entry, DesignCommitted) and entry.role == "final"


_RULES = (
    _Rule(
        id="explore",
        step="explore",
        words="Readings pinned, of more than one design",
        most_points=1,
        judge=_explored,
    ),
    _Rule(
        id="diagnose",
        step="diagnose",
        words="The binding constraint named; the first answer counts",
        most_points=3,
        judge=_diagnosed,
    ),
    _Rule(
        id="design",
        step="attempt",
        words="A final design that meets every target, within 1% of the best (within 10%: one point less)",
        most_points=4,
        judge=_designed,
    ),
    _Rule(
        id="propose",
        step="propose",
        words="A tiling that keeps 90% of the hardware busy (60%: one point)",
        most_points=2,
        judge=_proposed,
    ),
    _Rule(
        id="challenge",
        step="challenge",
        words="The stakeholder answered with the number that decides",
        most_points=3,
        judge=_replied,
    ),
    _Rule(
        id="verify",
        step="verify",
        words="The result verified with a reading after the decision",
        most_points=1,
        judge=_verified,
    ),
    _Rule(
        id="argue",
        step="reflect",
        words="Claim, cited evidence, trade-off and residual risk: a point each",
        most_points=4,
        judge=_argued,
    ),
)
_DEFENCE = _Rule(
    id="defend",
    step="reflect",
    words="The rejected alternative, and what would change the mind: a point each",
    most_points=2,
    judge=_defended,
)
