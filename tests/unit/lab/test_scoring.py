"""Right and wrong, and how well it was known."""

import pytest
from tests.unit.lab.machine_ledgers import measured, undecided
from tests.unit.lab.machine_ledgers import predicted as predicted_machine

from rooflab.lab.ledger.entries import Prediction
from rooflab.lab.ledger.ledger import Ledger, append
from rooflab.lab.ledger.machine_entries import MachinePrediction
from rooflab.lab.scoring import calibration, score_machine, score_predictions

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


def test_the_same_words_in_a_second_track_are_a_repeat_and_do_not_count():
    elsewhere = {"at": HERE["at"], "track": "edge-guardian", "part": 1}
    ledger = Ledger.new(HERE["at"], "s")
    for entry in (
        predicted("slope", "yes", 0.9),
        Prediction(**elsewhere, question_id="slope", choice_id="no", confidence=0.6),
        Prediction(**elsewhere, question_id="first-missing", choice_id="p99", confidence=0.7),
    ):
        ledger = append(ledger, entry)
    right = RIGHT | {("edge-guardian", 1, "slope"): "no", ("edge-guardian", 1, "first-missing"): "p99"}

    found = score_predictions(ledger, right)
    line = calibration(found)

    assert [(each.track, each.question_id, each.repeat) for each in found] == [
        ("cloud-titan", "slope", False),
        ("edge-guardian", "slope", True),
        ("edge-guardian", "first-missing", False),
    ]
    assert (line.prediction_count, line.right_count) == (2, 1)  # wrong at 0.9 and right at 0.7; the repeat at 0.6 is left out
    assert line.brier_fraction == pytest.approx((0.9**2 + 0.3**2) / 2)


# The learner's machine


def test_a_prediction_of_the_machine_counts_once_it_is_measured():
    """Four at 80%, three of them right."""
    right = dict(measured().entries[-1].answers)
    line = calibration(score_predictions(measured(choices=right | {"epilogue-gain": "little"}), {}))

    assert calibration(score_predictions(predicted_machine(), {})).prediction_count == 0
    assert (line.prediction_count, line.right_count) == (4, 3)
    assert line.brier_fraction == pytest.approx((3 * 0.2**2 + 0.8**2) / 4)


def test_a_prediction_that_the_numbers_do_not_decide_counts_nowhere():
    ledger = undecided("free-batch")
    (one,) = [each for each in score_predictions(ledger, {}) if each.undecided]

    assert one.question_id == "free-batch"
    assert not one.counts
    assert calibration(score_predictions(ledger, {})).prediction_count == 3


def test_what_is_said_of_the_machine_afterwards_is_no_prediction():
    late = MachinePrediction(at=HERE["at"], question_id="tile-1024", choice_id="same", confidence=0.5, revision=True)
    ledger = append(measured(), late)

    assert [each.revised_to for each in score_machine(ledger)] == [None] * 4


def test_predictions_of_track_and_machine_are_one_line():
    ledger = append(measured(), predicted("slope", "no", 0.9))

    assert calibration(score_predictions(ledger, RIGHT)).prediction_count == 5
