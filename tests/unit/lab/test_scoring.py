"""Right and wrong, and how well it was known."""

import pytest

from rooflab.lab.ledger.entries import Prediction
from rooflab.lab.ledger.ledger import Ledger, append
from rooflab.lab.scoring import calibration, score_predictions

HERE = {"at": "2026-11-02T09:30:00Z", "track": "cloud-titan", "part": 1}
RIGHT = {("cloud-titan", 1, "slope"): "no", ("cloud-titan", 1, "share"): "80"}


def scored(*entries):
    ledger = Ledger.new(HERE["at"], "s")
    for entry in entries:
        ledger = append(ledger, entry)
    return score_predictions(ledger, RIGHT)


def predicted(question, choice, confidence, **more):
    return Prediction(**HERE, question_id=question, choice_id=choice, confidence=confidence, **more)


def test_the_first_prediction_counts_and_the_revision_is_kept_beside_it():
    (prediction,) = scored(predicted("slope", "yes", 0.9), predicted("slope", "no", 0.6, revision=True))

    assert not prediction.right
    assert prediction.revised_to == "no"
    assert prediction.brier_fraction == pytest.approx(0.9**2)


def test_two_at_nine_tenths_with_one_right_are_overconfident():
    line = calibration(scored(predicted("slope", "no", 0.9), predicted("share", "50", 0.9)))

    assert line.brier_fraction == pytest.approx((0.1**2 + 0.9**2) / 2)
    assert line.gap_fraction == pytest.approx(0.9 - 0.5)
    assert (line.points[0].prediction_count, line.points[0].right_fraction) == (2, 0.5)


def test_no_prediction_has_no_score():
    line = calibration(scored())

    assert (line.points, line.brier_fraction, line.gap_fraction) == ((), None, None)


def test_a_question_of_another_version_is_left_out():
    assert scored(predicted("gone", "no", 0.9)) == ()
