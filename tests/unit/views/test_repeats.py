"""A question that an earlier track had asked in the same words: shown as a repeat, and counted nowhere."""

import pytest
from tests.browser.ledgers import ledger
from tests.unit.views.test_app import Lab, markup

from rooflab.lab.classroom.classroom import classroom
from rooflab.lab.classroom.tallies import asked_words
from rooflab.lab.ledger.ledger import parse
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_markdown
from rooflab.lab.scoring import REPEAT
from rooflab.views.screens.report import report_markup

FIRST, SECOND = "edge-guardian", "cloud-titan"  # not in the order in which the lab lists them


@pytest.fixture(scope="module")
def both():
    return ledger(FIRST, SECOND, parts=1)


def test_the_report_counts_the_first_track_and_marks_the_second(both):
    found = report(parse(both))
    marked = {(each.id, line.question_id): line.repeat for each in found.tracks for line in each.parts[0].predictions}

    assert {key for key, repeat in marked.items() if repeat} == {(SECOND, "slope")}
    assert found.calibration.prediction_count == len(marked) - 1
    assert to_markdown(found).count(REPEAT) == report_markup(found).count(REPEAT) == 1


def test_the_reveal_of_the_second_track_says_so(both):
    assert REPEAT in markup(Lab(both, fragment=f"#{SECOND}/1"), "reveal")
    assert REPEAT not in markup(Lab(both, fragment=f"#{FIRST}/1"), "reveal")


def test_a_class_counts_each_learner_once(both):
    tally = {(each.track_id, each.question_id): each for each in classroom([("a.json", both)]).questions}

    assert (tally[FIRST, "slope"].count, tally[FIRST, "slope"].repeat_count) == (1, 0)
    assert (tally[SECOND, "slope"].count, tally[SECOND, "slope"].repeat_count) == (0, 1)
    assert asked_words(tally[SECOND, "slope"]).endswith("; 1 repeat not counted")
