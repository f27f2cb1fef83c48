"""How well a learner predicted, and how well they knew it.

Only the first prediction of a question counts; what came later is a revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rooflab.lab.ledger.entries import Prediction
from rooflab.lab.ledger.ledger import Ledger

__all__ = [
    "Calibration",
    "CalibrationPoint",
    "ScoredPrediction",
    "calibration",
    "first_predictions",
    "score_predictions",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPrediction:
    """A first prediction beside what turned out to be right."""

    track: str
    part: int
    question_id: str
    choice_id: str
    right_choice_id: str
    confidence_fraction: float
    revised_to: str | None

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Confidence against outcome over many predictions."""

    points: tuple[CalibrationPoint, ...]
    prediction_count: int
    right_count: int
    brier_fraction: float | None

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
    """Score the first prediction of each question that `right_choices` has an answer to.

    Args:
        ledger: whose predictions to score.
        right_choices: the right choice by (track id, part, question id), for the ledger's variant.
    """
    last = {
        (entry.track, entry.part, entry.question_id): entry
        for entry in ledger.entries
        if isinstance(entry, Prediction)
    }
    return tuple(
        ScoredPrediction(
            track=entry.track,
            part=entry.part,
            question_id=entry.question_id,
            choice_id=entry.choice_id,
            right_choice_id=right_choices[key],
            confidence_fraction=entry.confidence,
            revised_to=last[key].choice_id if last[key] is not entry else None,
        )
        for key, entry in first_predictions(ledger).items()
        if key in right_choices
    )


def first_predictions(ledger: Ledger) -> Mapping[tuple[str, int, str], Prediction]:
    """Return the prediction that counts, the first, by (track id, part, question id)."""
    first: dict[tuple[str, int, str], Prediction] = {}
    for entry in ledger.entries:
        if isinstance(entry, Prediction):
            first.setdefault((entry.track, entry.part, entry.question_id), entry)
    return first


def calibration(scored: Iterable[ScoredPrediction]) -> Calibration:
    """Collect scored predictions by confidence.

    Two predictions at 0.9, one of them right, give a Brier score of (0.01 + 0.81) / 2 = 0.41.

    Source: Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
    """
    scored = tuple(scored)
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
