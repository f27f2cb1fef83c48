"""How well a learner predicted, and how well they knew it.

Only the first prediction of a question counts; what came later is a revision. A question that every track asks in the
same words counts in the track that asked it first; in the others the learner has read the answer, so it is a repeat.
A question about the learner's machine is answered by its first measurement; one that those numbers do not decide has
the reference machine's answer beside it and counts nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor, sqrt

from rooflab.lab.ledger.entries import Prediction
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.ledger.machine_entries import PLACE, MachineMeasured, MachinePrediction
from rooflab.tracks.parts import SHARED

__all__ = [
    "REPEAT",
    "UNDECIDED",
    "Calibration",
    "CalibrationPoint",
    "ScoredPrediction",
    "calibration",
    "first_predictions",
    "repeats",
    "score_machine",
    "score_predictions",
]

NORMAL_95 = 1.96
"""How many standard deviations hold 95% of a normal distribution."""

REPEAT = "asked before in another track, so not counted"
UNDECIDED = "not decided by this machine's own numbers, so not counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPrediction:
    """A first prediction beside what turned out to be right.

    `repeat` says that another track had asked it before, `undecided` that what turned out is the reference machine's
    answer, because the learner's own machine gave none. Neither counts.
    """

    track: str
    part: int
    question_id: str
    choice_id: str
    right_choice_id: str
    confidence_fraction: float
    revised_to: str | None
    repeat: bool = False
    undecided: bool = False

    @property
    def counts(self) -> bool:
        """Whether it says anything of how well the learner predicts."""
        return not (self.repeat or self.undecided)

    @property
    def right(self) -> bool:
        """Whether the first answer was the right one."""
        return self.choice_id == self.right_choice_id

    @property
    def brier_fraction(self) -> float:
        """Return the squared distance of the confidence from what happened; 0 is best, 1 worst."""
        return (self.confidence_fraction - float(self.right)) ** 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationPoint:
    """All predictions made with one confidence, and how many of them came true."""

    confidence_fraction: float
    right_fraction: float
    prediction_count: int

    @property
    def interval_fraction(self) -> tuple[float, float]:
        """Return the 95% interval of the share that is right, as if the predictions were independent.

        It is Wilson's score interval, which stays between 0 and 1: 9 of 10 right give 60% to 98%.

        Source: Wilson (1927), doi:10.1080/01621459.1927.10502953.
        """
        count, right, z2 = self.prediction_count, self.right_fraction, NORMAL_95**2
        middle = (right + z2 / (2 * count)) / (1 + z2 / count)
        half = NORMAL_95 * sqrt(right * (1 - right) / count + z2 / (4 * count**2)) / (1 + z2 / count)
        return max(middle - half, 0.0), min(middle + half, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Confidence against outcome over many predictions."""

    points: tuple[CalibrationPoint, ...]
    prediction_count: int
    right_count: int
    brier_fraction: float | None

    @property
    def bins(self) -> tuple[CalibrationPoint, ...]:
        """Return the points by the nearest tenth of confidence, each at the mean confidence of its predictions."""
        tenths: dict[int, list[CalibrationPoint]] = {}
        for point in self.points:
            tenths.setdefault(floor(10 * point.confidence_fraction + 0.5), []).append(point)
        return tuple(map(_merged, tenths.values()))

    @property
    def gap_fraction(self) -> float | None:
        """Return mean confidence less the share that was right; positive is overconfident."""
        if not self.prediction_count:
            return None
        meant = sum(point.confidence_fraction * point.prediction_count for point in self.points)
        return (meant - self.right_count) / self.prediction_count


def score_predictions(
    ledger: Ledger, right_choices: Mapping[tuple[str, int, str], str]
) -> tuple[ScoredPrediction, ...]:
    """Score the first prediction of each question that `right_choices` has an answer to, and those about the machine.

    Args:
        ledger: whose predictions to score.
        right_choices: the right choice by (track id, part, question id), for the ledger's variant.
    """
    again = repeats(ledger)
    last = {
        (entry.track, entry.part, entry.question_id): entry
        for entry in ledger.entries
        if isinstance(entry, Prediction)
    }
    of_tracks = (
        ScoredPrediction(
            track=entry.track,
            part=entry.part,
            question_id=entry.question_id,
            choice_id=entry.choice_id,
            right_choice_id=right_choices[key],
            confidence_fraction=entry.confidence,
            revised_to=last[key].choice_id if last[key] is not entry else None,
            repeat=key in again,
        )
        for key, entry in first_predictions(ledger).items()
        if key in right_choices
    )
    return (*of_tracks, *score_machine(ledger))


def score_machine(ledger: Ledger) -> tuple[ScoredPrediction, ...]:
    """Score what was predicted before the machine was first measured, by the answers that this measurement recorded."""
    given: dict[str, list[MachinePrediction]] = {}
    for entry in ledger.entries:
        if isinstance(entry, MachinePrediction):
            given.setdefault(entry.question_id, []).append(entry)
        elif isinstance(entry, MachineMeasured):
            return tuple(_of_machine(own, entry) for name, own in given.items() if name in entry.answers)
    return ()


def _of_machine(own: list[MachinePrediction], measured: MachineMeasured) -> ScoredPrediction:
    first, last = own[0], own[-1]
    return ScoredPrediction(
        track=PLACE,
        part=0,
        question_id=first.question_id,
        choice_id=first.choice_id,
        right_choice_id=measured.answers[first.question_id],
        confidence_fraction=first.confidence,
        revised_to=last.choice_id if last is not first else None,
        undecided=first.question_id in measured.by_reference,
    )


def first_predictions(ledger: Ledger) -> Mapping[tuple[str, int, str], Prediction]:
    """Return the prediction that counts, the first, by (track id, part, question id)."""
    first: dict[tuple[str, int, str], Prediction] = {}
    for entry in ledger.entries:
        if isinstance(entry, Prediction):
            first.setdefault((entry.track, entry.part, entry.question_id), entry)
    return first


def repeats(ledger: Ledger) -> frozenset[tuple[str, int, str]]:
    """Return the keys of the predictions whose question an earlier track had asked in the same words."""
    first: dict[str, tuple[str, int, str]] = {}
    shared = [key for key in first_predictions(ledger) if key[2] in SHARED]
    return frozenset(key for key in shared if first.setdefault(key[2], key) != key)


def calibration(scored: Iterable[ScoredPrediction]) -> Calibration:
    """Collect scored predictions by confidence, those that do not count left out.

    Two predictions at 0.9, one of them right, give a Brier score of (0.01 + 0.81) / 2 = 0.41.

    Source: Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
    """
    scored = tuple(each for each in scored if each.counts)
    levels: dict[float, list[bool]] = {}
    for prediction in scored:
        levels.setdefault(prediction.confidence_fraction, []).append(prediction.right)
    return Calibration(
        points=tuple(
            CalibrationPoint(
                confidence_fraction=level,
                right_fraction=sum(outcomes) / len(outcomes),
                prediction_count=len(outcomes),
            )
            for level, outcomes in sorted(levels.items())
        ),
        prediction_count=len(scored),
        right_count=sum(prediction.right for prediction in scored),
        brier_fraction=sum(prediction.brier_fraction for prediction in scored) / len(scored) if scored else None,
    )


def _merged(points: list[CalibrationPoint]) -> CalibrationPoint:
    count = sum(each.prediction_count for each in points)
    return CalibrationPoint(
        confidence_fraction=sum(each.confidence_fraction * each.prediction_count for each in points) / count,
        right_fraction=sum(each.right_fraction * each.prediction_count for each in points) / count,
        prediction_count=count,
    )
