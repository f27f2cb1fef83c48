"""A suggested score for one track of one learner, out of stated points, each with its evidence.

Points are for what was done and argued, not for guessing right: a prediction earns them by being
made with its confidence, and by being met by its reveal. The figures are those that the ledger
recorded; a replay says whether they hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rooflab.analyses.search import TIE_FRACTION
from rooflab.lab.arguments import EXAMPLES, asked_again
from rooflab.lab.evidence import cited
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
from rooflab.lab.report.takeaways import FAIR_FRACTION, FAST_FRACTION
from rooflab.lab.setting import Setting, setting
from rooflab.lab.steps.commits import REGRET
from rooflab.lab.steps.progress import PartProgress, progress
from rooflab.lab.tiling_words import proposal_words
from rooflab.specs import Bearing
from rooflab.units import counted, format_fraction

__all__ = ["Criterion", "Rubric", "rubric"]

NEAR_FRACTION = 0.01
FAIR_SPEED_FRACTION = 0.60
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
            *_arguments(setting(track_id, number, ledger.variant), own),
        )
        criteria += [_criterion(rule, number, entries) for rule in rules if rule.step in own.steps]
        criteria += _hints(number, entries)
    return Rubric(track_id=track_id, criteria=tuple(criteria))


ARGUED = {"claim": "a claim", "tradeoff": "a trade-off", "residual_risk": "a residual risk"}
DEFENDED = {"rejected_alternative": "the rejected alternative", "reevaluation_trigger": "what would change the mind"}


def _arguments(place: Setting, own: PartProgress) -> tuple[_Rule, ...]:
    """Return the rules for what the learner's mode asks for in words."""
    argued = {name: words for name, words in ARGUED.items() if name in own.fields}
    defended = {name: words for name, words in DEFENDED.items() if name in own.fields}
    argue = _Rule(
        id="argue",
        step="reflect",
        words=f"{', '.join(argued.values()).capitalize()}, and evidence that bears on it: a point each where it says something",
        most_points=1 + len(argued),
        judge=lambda entries: _argued(entries, place, own, argued),
    )
    defend = _Rule(
        id="defend",
        step="reflect",
        words="The rejected alternative, and what would change the mind: a point each where it says something",
        most_points=len(defended),
        judge=lambda entries: _defended(entries, place, own, defended),
    )
    return (argue, defend) if defended else (argue,)


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
    return (3.0, given, "the first diagnosis is supported") if given[0].right else (1.0, given, "the first is not supported")


def _designed(entries: Entries) -> Judged:
    finals = tuple(entry for entry in _of(entries, DesignCommitted) if entry.role == "final")
    if not finals:
        return 0.0, (), "no final design"
    regret = finals[0].figures.get(REGRET)
    if regret is None:
        return 1.0, finals, "the final design misses a target"
    words = "feasible, and as good as the best" if regret <= TIE_FRACTION else f"feasible, {format_fraction(regret)} from the best"
    points = 4.0 if regret <= NEAR_FRACTION else 3.0 if regret <= FAIR_FRACTION else 2.0
    return points, finals, words


def _proposed(entries: Entries) -> Judged:
    given = _of(entries, Proposal)[-1:]
    if not given:
        return 0.0, (), "no tiling proposed"
    score = given[0].score_fraction
    points = 2.0 if score >= FAST_FRACTION else 1.0 if score >= FAIR_SPEED_FRACTION else 0.5
    return points, given, f"it {proposal_words(given[0])}"


def _replied(entries: Entries) -> Judged:
    given = _of(entries, Reply)
    if not given:
        return 0.0, (), "no reply"
    if given[0].right:
        return 3.0, given[:1], "the first reply is correct"
    revised = "" if len(given) == 1 else "; the revision, which does not count, " + ("is correct" if given[-1].right else "is incorrect, too")
    return 1.0, given, f"the first reply is incorrect{revised}"


def _verified(entries: Entries) -> Judged:
    """Find a reading pinned after the work was committed."""
    work = [entry for entry in entries if isinstance(entry, Diagnosis | Reply) or _is_final(entry)]
    later = tuple(pin for pin in _of(entries, Pin) if work and pin.seq > work[0].seq)
    return (1.0, later, "pinned after the decision") if later else (0.0, (), "no reading after the decision")


def _argued(entries: Entries, place: Setting, own: PartProgress, fields: Mapping[str, str]) -> Judged:
    given = own.reflection
    if given is None:
        return 0.0, (), "no reflection"
    weighed = cited(place, own)
    bear = frozenset(each.seq for each in weighed if each.bearing is Bearing.SUPPORTS)
    held, empty = _texts(place, own, fields)
    if bear:
        held.append(f"{counted(len(bear), 'cited reading')} that {'bears' if len(bear) == 1 else 'bear'} on it")
    if idle := len(weighed) - len(bear):
        empty.append(counted(idle, "cited reading") + (" that does not" if idle == 1 else " that do not"))
    points = float(len(held))
    return points, (given, *(entry for entry in entries if entry.seq in bear)), _kept(held, empty, given)


def _defended(entries: Entries, place: Setting, own: PartProgress, fields: Mapping[str, str]) -> Judged:
    given = own.reflection
    if given is None:
        return 0.0, (), "no defence"
    held, empty = _texts(place, own, fields)
    return float(len(held)), (given,), _kept(held, empty, given)


def _texts(place: Setting, own: PartProgress, fields: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the names of the texts that say something, and of those that are there and say nothing."""
    every = {name: text for name in EXAMPLES if (text := getattr(own.reflection, name))}
    idle = asked_again(place.part, every, [pin.name for pin in own.pins])
    there = [name for name in fields if name in every]
    return [fields[name] for name in there if name not in idle], [fields[name] for name in there if name in idle]


def _kept(held: list[str], empty: list[str], given: Reflection) -> str:
    """Say what counts, and what does not; what the lab asked for again says so."""
    words = ", ".join(held) or "nothing that counts"
    if not empty:
        return words
    return f"{words}; not counted: {', '.join(empty)}" + (" (asked again, kept)" if given.asked_again else "")


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
        words=f"A tiling that reaches {FAST_FRACTION:.0%} of the speed of the fastest on offer ({FAIR_SPEED_FRACTION:.0%}: one point)",
        most_points=2,
        judge=_proposed,
    ),
    _Rule(
        id="challenge",
        step="challenge",
        words="The stakeholder answered: what brought the gain, and what follows",
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
)
