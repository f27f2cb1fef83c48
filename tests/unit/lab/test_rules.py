"""As many attempts as the mission allows, one of them final."""

import json
import re
from dataclasses import replace

import pytest

from rooflab import tracks
from rooflab.errors import LedgerError
from rooflab.lab.ledger.ledger import append, dump, parse
from rooflab.lab.setting import setting
from rooflab.lab.steps.attempts import attempt_log
from rooflab.lab.steps.progress import progress
from rooflab.tracks import TRACKS
from tests.unit.lab.fakes import designed, ledger_of, mission, school

pytestmark = pytest.mark.usefixtures("track")

START = mission().baseline
ATTEMPT = designed(START, "attempt")


def test_ten_attempts_are_taken_and_the_eleventh_is_refused():
    ledger = ledger_of(*[ATTEMPT] * 10)

    with pytest.raises(LedgerError, match="10 attempts"):
        append(ledger, ATTEMPT)


def test_another_part_has_its_own_ten():
    ledger = append(ledger_of(*[ATTEMPT] * 10), designed(START, "attempt", part=3))

    assert len(ledger.entries) == 11


def test_exploring_is_not_counted():
    ledger = ledger_of(*[designed(START, "explored")] * 12, ATTEMPT)

    assert len(ledger.entries) == 13


def test_no_attempt_comes_after_the_final_design():
    ledger = ledger_of(ATTEMPT, designed(START, "final"))

    with pytest.raises(LedgerError, match="named already"):
        append(ledger, ATTEMPT)


def test_the_final_design_is_one_of_the_attempts():
    with pytest.raises(LedgerError, match="one of the attempts"):
        append(ledger_of(ATTEMPT), designed(START.replace(batch=64), "final"))


def test_a_file_with_eleven_attempts_is_still_read():
    document = json.loads(dump(ledger_of(*[ATTEMPT] * 10)))
    document["entries"].append(document["entries"][-1] | {"seq": 10})

    assert len(parse(json.dumps(document)).entries) == 11


@pytest.fixture
def hasty(monkeypatch):
    """A track whose part 2 allows three attempts."""
    made = school(track_id="hasty-school")
    second = replace(
        made.part(2),
        briefing=("Make {attempts_count} attempts.",),
        mission=lambda variant: replace(mission(variant), attempts_count=3),
    )
    made = replace(made, parts=(made.part(1), second, made.part(3)))
    monkeypatch.setattr(tracks, "TRACKS", (*tracks.TRACKS, made))
    return made


def test_the_rule_the_log_and_the_briefing_take_the_budget_from_the_mission(hasty):
    place, attempt = setting(hasty.id, 2, 0), designed(START, "attempt", track=hasty.id)

    assert attempt_log(place, progress(hasty.id, ledger_of(attempt)).part(2)).left_count == 3 - 1
    assert place.briefing == ("Make 3 attempts.",)
    with pytest.raises(LedgerError, match="All 3 attempts"):
        ledger_of(*[attempt] * 4)


def test_a_track_of_another_version_has_no_budget_here():
    assert len(ledger_of(*[designed(START, "attempt", track="sea")] * 11).entries) == 11


@pytest.mark.parametrize("each", TRACKS, ids=lambda each: each.id)
@pytest.mark.parametrize("number", [2, 3])
def test_a_briefing_that_counts_attempts_takes_the_count_from_the_mission(each, number):
    written = re.findall(r"(\S+) attempts", " ".join(each.part(number).briefing))

    assert set(written) <= {"{attempts_count}"}
    assert "{" not in " ".join(setting(each.id, number, 0).briefing)
