"""Counts over a class: the choices of a question, and times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from rooflab.analyses.demand import earlier_replies, replies
from rooflab.errors import LabError
from rooflab.lab.setting import Setting, setting
from rooflab.specs import Question
from rooflab.units import counted, format_fraction

__all__ = ["ChoiceTally", "QuestionTally", "TimeTally", "asked_words", "choice_tallies"]

Given = tuple[str, bool | None, float | None, int]
"""A choice, whether it was right (None while unknown), its confidence, and the learner's variant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceTally:
    """How often a choice was taken, right and wrong, and the mechanism for those who were wrong."""

    choice_id: str
    text: str
    count: int
    right_count: int
    wrong_count: int
    mean_confidence_fraction: float | None
    explanation: str

    @property
    def unrevealed_count(self) -> int:
        """How often it is not known whether it was right, because the learner has not revealed the answer."""
        return self.count - self.right_count - self.wrong_count


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTally:
    """What a class answered to a question; a choice may be right for one variant and wrong for another.

    `repeat_count` learners had been asked the same before, in another track, and the machines of `undecided_count` give
    no answer; what these learners said is not among the choices.
    """

    track_id: str
    part: int
    question_id: str
    text: str
    choices: tuple[ChoiceTally, ...]
    repeat_count: int = 0
    undecided_count: int = 0

    @property
    def count(self) -> int:
        """Learners who answered."""
        return sum(each.count for each in self.choices)

    @property
    def unrevealed_count(self) -> int:
        """Learners who answered and have not revealed."""
        return sum(each.unrevealed_count for each in self.choices)

    @property
    def right_fraction(self) -> float | None:
        """Share of the answers that were right, among those that were revealed."""
        known = self.count - self.unrevealed_count
        return sum(each.right_count for each in self.choices) / known if known else None

    @property
    def mean_confidence_fraction(self) -> float | None:
        """Mean confidence of all who gave one."""
        given = [
            (each.mean_confidence_fraction, each.count)
            for each in self.choices
            if each.mean_confidence_fraction is not None
        ]
        total = sum(count for _, count in given)
        return sum(confidence * count for confidence, count in given) / total if total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTally:
    """How long a class spent on a part."""

    track_id: str
    part: int
    learner_count: int
    least_s: float
    median_s: float
    most_s: float

    @classmethod
    def of(cls, key: tuple[str, int], times_s: list[float]) -> TimeTally:
        """Return the tally of some times."""
        return cls(
            track_id=key[0],
            part=key[1],
            learner_count=len(times_s),
            least_s=min(times_s),
            median_s=float(np.median(times_s)),
            most_s=max(times_s),
        )


def choice_tallies(key: tuple[str, int, str], given: Iterable[Given], *, repeat_count: int = 0) -> QuestionTally:
    """Return the counts of a question, by choice; choices that nobody took are there with 0.

    A question, choice or track of another version stands by its id.
    """
    track_id, part, question_id = key
    by_choice: dict[str, list[Given]] = {}
    for each in given:
        by_choice.setdefault(each[0], []).append(each)
    text, offered = _words(track_id, part, question_id)
    ids = (*offered, *(each for each in by_choice if each not in offered))
    return QuestionTally(
        track_id=track_id,
        part=part,
        question_id=question_id,
        text=text,
        choices=tuple(_choice(key, each, offered.get(each, each), by_choice.get(each, [])) for each in ids),
        repeat_count=repeat_count,
    )


def asked_words(asked: QuestionTally) -> str:
    """Say how a class answered a question: how many, how many of those revealed were right, and how sure all were."""
    repeated = f"; {counted(asked.repeat_count, 'repeat')} not counted" if asked.repeat_count else ""
    if asked.undecided_count:
        repeated += f"; {asked.undecided_count} not counted, whose machine does not decide it"
    if asked.right_fraction is None:
        right = "not revealed yet"
    elif asked.unrevealed_count:
        revealed = asked.count - asked.unrevealed_count
        right = f"{format_fraction(asked.right_fraction)} right of {revealed} revealed, {asked.unrevealed_count} not revealed"
    else:
        right = f"{format_fraction(asked.right_fraction)} right"
    sure = asked.mean_confidence_fraction
    sure_words = "" if sure is None else f", {format_fraction(sure)} sure on average"
    return f"{counted(asked.count, 'answer')}, {right}{sure_words}{repeated}"


def _choice(key: tuple[str, int, str], choice_id: str, text: str, given: list[Given]) -> ChoiceTally:
    wrong = [each for each in given if each[1] is False]
    confidences = [confidence for _, _, confidence, _ in given if confidence is not None]
    return ChoiceTally(
        choice_id=choice_id,
        text=text,
        count=len(given),
        right_count=sum(each[1] is True for each in given),
        wrong_count=len(wrong),
        mean_confidence_fraction=float(np.mean(confidences)) if confidences else None,
        explanation=_explanation(key, choice_id, wrong[0][3]) if wrong else "",
    )


def _words(track_id: str, part: int, question_id: str) -> tuple[str, Mapping[str, str]]:
    try:
        place = setting(track_id, part, 0)
    except LabError:
        return question_id, {}
    if question_id == "demand" and place.part.demand and place.mission:
        words = {**dict(earlier_replies(place.mission, place.part.demand)), **dict(replies(place.mission, place.part.demand))}
        return place.part.demand.text, words
    asked = _question(place, question_id)
    return (asked.text, {each.id: each.text for each in asked.choices}) if asked else (question_id, {})


def _explanation(key: tuple[str, int, str], choice_id: str, variant: int) -> str:
    """Return the mechanism behind a wrong choice, with the numbers of the first learner who took it."""
    track_id, part, question_id = key
    try:
        place = setting(track_id, part, variant)
        asked = _question(place, question_id)
        return asked.explain(place.scenario, choice_id) if asked else ""
    except LabError:
        return ""


def _question(place: Setting, question_id: str) -> Question | None:
    """Return the question of that id; `diagnosis` is the part's diagnosis, whatever its own id."""
    if question_id == "diagnosis":
        return place.part.diagnosis
    return next((each for each in (*place.part.questions, place.part.observation) if each and each.id == question_id), None)
