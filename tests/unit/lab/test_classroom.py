"""A class in counts: every ledger that can be read counts, and every one that cannot is named."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rooflab.lab.classroom.classroom import REGRET_BORDERS, classroom, doubts
from rooflab.lab.classroom.tallies import asked_words
from rooflab.lab.ledger.entries import Hint, Prediction, Signed
from rooflab.lab.ledger.ledger import append, dump
from tests.unit.lab.fakes import BEST, NOW, SCHOOL, TEMPTING, here, ledger_of, noted, studied

INPUTS = Path(__file__).parents[2] / "inputs"
FUSED = {"batch": 64, "attention_kernel": "fused"}


def file_of(ledger, number):
    return f"learner-{number}.json", dump(replace(ledger, session=f"learner-{number}"))


@pytest.fixture
def three(track):
    return [
        file_of(studied(track, attempts=(TEMPTING, BEST), choice="no", confidence=0.9), 1),
        file_of(studied(track, attempts=(FUSED,), choice="proportional", confidence=0.6), 2),
        file_of(studied(track, attempts=(TEMPTING,), choice="no", confidence=0.7), 3),
    ]


def question_of(found, question_id):
    return next(each for each in found.questions if each.question_id == question_id)


def test_choices_are_counted_with_their_confidence(three):
    slope = question_of(classroom(three), "slope")

    counts = {each.choice_id: (each.count, each.right_count, each.wrong_count) for each in slope.choices}
    assert counts == {"proportional": (1, 0, 1), "partly": (0, 0, 0), "no": (2, 2, 0)}
    assert slope.right_fraction == 2 / 3
    assert slope.mean_confidence_fraction == pytest.approx((0.9 + 0.6 + 0.7) / 3)


def test_answers_that_were_not_revealed_are_neither_right_nor_wrong(three):
    waiting = ledger_of(Prediction(**here(1), question_id="slope", choice_id="partly", confidence=0.8))

    slope = question_of(classroom([*three, file_of(waiting, 4)]), "slope")

    counts = {each.choice_id: (each.count, each.right_count, each.wrong_count, each.unrevealed_count) for each in slope.choices}
    assert counts == {"proportional": (1, 0, 1, 0), "partly": (1, 0, 0, 1), "no": (2, 2, 0, 0)}
    assert slope.right_fraction == 2 / 3  # of the three who revealed
    assert asked_words(slope) == "4 answers, 67% right of 3 revealed, 1 not revealed, 75% sure on average"


def test_a_wrong_choice_comes_with_its_explanation(three):
    found = classroom(three)

    wrong = {(asked.question_id, each.choice_id): each for asked, each in found.misconceptions}
    assert "bandwidth" in wrong["slope", "proportional"].explanation
    assert [each.wrong_count for _, each in found.misconceptions] == sorted(
        (each.wrong_count for _, each in found.misconceptions), reverse=True
    )


def test_attempts_and_regret_are_spread_over_bins(three):
    mission = classroom(three).missions[0]

    assert (mission.track_id, mission.part, mission.learner_count, mission.final_count) == (SCHOOL, 2, 3, 3)
    assert mission.infeasible_count == 1
    assert mission.reached_counts == ((2, 1),)
    # No regret for one; 1 - 1964 / 2598 = 24% for the other, below the border of 25%.
    assert dict(zip(REGRET_BORDERS, mission.regret_counts, strict=True)) == {
        0.0: 1, 0.01: 0, 0.05: 0, 0.10: 0, 0.25: 1, 1.0: 0,
    }


def test_the_calibration_is_that_of_all_predictions(three):
    found = classroom(three)

    # Three learners, two questions in each of three parts.
    assert found.calibration.prediction_count == 3 * 6
    assert [point.confidence_fraction for point in found.calibration.points] == [0.6, 0.7, 0.9]


def test_diagnoses_and_replies_are_counted_too(three):
    found = classroom(three)

    assert question_of(found, "diagnosis").right_fraction == 1.0
    replies = {each.choice_id: each.count for each in question_of(found, "demand").choices if each.count}
    assert replies == {"accept": 3}


def test_time_is_told_by_part(three):
    first = classroom(three).times[0]

    assert (first.part, first.learner_count, first.median_s) == (1, 3, 360)


def test_hints_are_told_by_the_highest_level(track):
    one = ledger_of(*[Hint(**here(2), step="attempt", level=level) for level in (1, 2)])
    two = ledger_of(Hint(**here(2), step="attempt", level=3))

    (tally,) = classroom([file_of(one, 1), file_of(two, 2)]).hints

    assert tally.level_counts == (0, 1, 1)


def test_each_learner_has_a_suggested_score(three):
    learners = classroom(three).learners

    assert [each.name for each in learners] == ["learner-1.json", "learner-2.json", "learner-3.json"]
    assert learners[0].rubrics[0].points > learners[2].rubrics[0].points


def test_broken_ledgers_are_listed_and_the_rest_is_served(three):
    broken = [("cut.json", three[0][1][:500]), ("newer.json", three[1][1].replace('"schema_version":2', '"schema_version":9'))]

    found = classroom([broken[0], *three, broken[1]])

    assert len(found.learners) == 3
    assert [each.name for each in found.refused] == ["cut.json", "newer.json"]
    assert "stops being JSON" in found.refused[0].reason
    assert "schema version 9" in found.refused[1].reason


def test_of_two_exports_of_one_ledger_the_longer_counts(track):
    whole, part = studied(track), studied(track, parts=1)

    for files in ([("a", dump(whole)), ("b", dump(part))], [("b", dump(part)), ("a", dump(whole))]):
        found = classroom(files)
        assert [each.name for each in found.learners] == ["a"]
        assert [each.name for each in found.refused] == ["b"]


def test_a_ledger_changed_by_hand_is_marked(track):
    text = dump(studied(track, parts=1)).replace('"confidence":0.8', '"confidence":0.5', 1)

    assert classroom([("a", text)]).learners[0].edited


def test_what_is_not_revealed_is_not_scored(track):
    ledger = ledger_of(*studied(track, parts=1).entries[:2])

    found = classroom([("a", dump(ledger))])

    assert question_of(found, "slope").right_fraction is None
    assert found.calibration.prediction_count == 0


def test_the_first_labs_reveals_are_answered_by_the_model(track):
    document = json.loads(dump(studied(track, parts=1, choice="no")))
    for entry in document["entries"]:
        entry.pop("answer_id", None)

    assert question_of(classroom([("a", json.dumps(document))]), "slope").right_fraction == 1.0


def test_neighbours_with_other_variants_are_judged_by_their_own_answers(track):
    # The right choice is "large" in variant 0 and another one in variant 3.
    files = [
        file_of(studied(track, parts=1, variant=variant, choice="large"), variant) for variant in (0, 3)
    ]

    large = next(each for each in question_of(classroom(files), "half-the-bits").choices if each.choice_id == "large")

    assert (large.right_count, large.wrong_count) == (1, 1)


def test_entries_of_another_version_do_not_stop_the_class(track):
    found = classroom([("a", dump(append(studied(track, parts=1), noted({}, track="sea"))))])

    assert [each.track_id for each in found.learners[0].rubrics] == [SCHOOL]
    assert {each.track_id for each in found.times} == {SCHOOL, "sea"}


def test_a_class_of_none_is_empty():
    found = classroom([])

    assert found.learners == found.questions == found.missions == ()
    assert found.calibration.brier_fraction is None


def test_a_thousand_ledgers_are_read_but_for_a_broken_one(track):
    bases = [dump(studied(track, attempts=[TEMPTING] * 9 + [BEST], variant=variant)) for variant in (0, 1)]
    files = [
        (str(number), bases[number % 2].replace('"session":"a-session"', f'"session":"learner-{number}"'))
        for number in range(1000)
    ]
    files[500] = ("500", "{")

    found = classroom(files)

    assert (len(found.learners), len(found.refused)) == (999, 1)


def test_a_learner_is_shown_by_the_last_name_that_was_signed(track):
    ledger = studied(track, parts=1)
    for name in ("Ada", "Grace"):
        ledger = append(ledger, Signed(at=NOW, name=name))

    (learner,) = classroom([("a.json", dump(ledger))]).learners

    assert (learner.name, learner.signed) == ("a.json", "Grace")
    assert doubts(learner) == ()


def test_doubts_name_each_thing_that_speaks_against_a_ledgers_figures():
    found = {
        name: doubts(classroom([(name, (INPUTS / name).read_text(encoding="utf-8"))]).learners[0])
        for name in ("changed-by-hand.json", "other-model-version.json", "impossible-design.json", "unknown-entry-kind.json")
    }

    assert "changed outside the lab" in found["changed-by-hand.json"]
    assert any("made with model 0.9" in each for each in found["other-model-version.json"])
    assert any(each.startswith("4 not computable") for each in found["impossible-design.json"])
    assert any(each.startswith("2 of a kind") for each in found["unknown-entry-kind.json"])


def cut(ledger, count, more=()):
    return dump(replace(ledger, entries=(*ledger.entries[:count], *more)))


def test_only_a_true_beginning_is_an_earlier_export(track):
    whole = studied(track)

    found = classroom([("whole.json", dump(whole)), ("early.json", cut(whole, 3)), ("copy.json", dump(whole))])

    assert [each.name for each in found.learners] == ["whole.json"]
    assert {each.name: each.reason for each in found.refused} == {
        "early.json": "It is an earlier export of the ledger in whole.json.",
        "copy.json": "It is the same ledger as whole.json.",
    }
    assert found.learners[0].same_beginning_as == ""


def test_two_learners_who_began_on_one_machine_both_count(track):
    whole = studied(track)
    other = replace(whole.entries[3], at="2031-01-01T00:00:00Z")

    found = classroom([("ada.json", dump(whole)), ("ben.json", cut(whole, 3, [other])), ("cy.json", cut(whole, 2))])

    assert {each.name: each.same_beginning_as for each in found.learners} == {"ada.json": "ben.json", "ben.json": "ada.json"}
    assert [each.name for each in found.refused] == ["cy.json"]
    assert "same beginning as ben.json" in doubts(found.learners[0])
