"""Where a learner stands follows from the ledger alone."""

import pytest

from rooflab.errors import LabError
from rooflab.lab.entries import TrackOpened
from rooflab.lab.locks import DONE, LOCKED, current, done, mode_of, parts_open, place, steps, unlocked
from tests.unit.lab.fakes import SCHOOL, asked, designed, here, ledger_of, mission, noted, reflected, walk


def steps_walked(track, part, mode="default"):
    """Return the step a learner is at after each entry of a part, with the parts before it done."""
    entries = walk(track, mode=mode)
    ledger = ledger_of(*(entry for before in entries[: part - 1] for entry in before))
    at = [current(SCHOOL, ledger, part)]
    for count in range(1, len(entries[part - 1]) + 1):
        grown = ledger_of(*(e for before in entries[: part - 1] for e in before), *entries[part - 1][:count])
        at.append(current(SCHOOL, grown, part))
    return list(dict.fromkeys(at))


@pytest.mark.parametrize("mode", ["default", "extended"])
@pytest.mark.parametrize("part", [1, 2, 3])
def test_each_step_opens_the_next(track, part, mode):
    assert steps_walked(track, part, mode) == [*steps(part, mode)[1:], DONE]


def test_the_compact_lab_asks_for_neither_a_tiling_nor_attempts_twice():
    assert steps(2, "compact") == ("brief", "predict", "explore", "reveal", "attempt", "reflect")
    assert steps(3, "compact") == ("brief", "predict", "explore", "reveal", "challenge", "reflect")


def test_what_is_done_and_the_step_after_it_are_unlocked(track):
    ledger = ledger_of(*asked(track, track.part(1)))

    assert done(SCHOOL, ledger) == {"brief", "predict"}
    assert unlocked(SCHOOL, ledger) == {"brief", "predict", "explore"}


def test_one_question_answered_of_two_opens_nothing(track):
    ledger = ledger_of(asked(track, track.part(1))[0])

    assert current(SCHOOL, ledger) == "predict"


def test_nothing_later_opens_what_comes_before_it(track):
    ledger = ledger_of(*walk(track)[0][3:])

    assert current(SCHOOL, ledger) == "predict"
    assert unlocked(SCHOOL, ledger) == {"brief", "predict"}


def test_a_part_opens_when_the_part_before_it_is_done(track):
    first, second, third = walk(track)

    assert parts_open(SCHOOL, ledger_of()) == {1}
    assert parts_open(SCHOOL, ledger_of(*first[:-1])) == {1}
    assert parts_open(SCHOOL, ledger_of(*first)) == {1, 2}
    assert parts_open(SCHOOL, ledger_of(*first, *second)) == {1, 2, 3}
    assert parts_open(SCHOOL, ledger_of(*first, *third)) == {1, 2}


def test_a_locked_part_has_nothing_built(track):
    ledger = ledger_of(*walk(track)[1])

    assert current(SCHOOL, ledger, 2) == LOCKED
    assert unlocked(SCHOOL, ledger, 2) == frozenset()
    assert {each["state"] for each in place(SCHOOL, ledger, 2)["steps"]} == {"locked"}


def test_tracks_do_not_depend_on_one_another(track):
    assert parts_open("cloud-titan", ledger_of(*walk(track)[0])) == parts_open("cloud-titan", ledger_of())


def test_attempts_do_not_end_without_a_final_design(track):
    first, second, _ = walk(track)
    attempts = [designed(mission().baseline, "attempt")] * 10

    assert current(SCHOOL, ledger_of(*first, *second[:5], *attempts), 2) == "attempt"


def test_the_mode_is_the_one_in_which_the_track_was_last_opened():
    opened = [TrackOpened(**here(1, "cloud-titan"), mode=each) for each in ("compact", "extended")]

    assert mode_of("cloud-titan", ledger_of()) == "default"
    assert mode_of("cloud-titan", ledger_of(*opened)) == "extended"


def test_a_verification_needs_another_design_than_the_one_diagnosed(track):
    entries = walk(track, mode="extended")[0]
    same = [*entries[:-2], noted(mission().baseline), reflected()]

    assert current(SCHOOL, ledger_of(*same)) == "verify"
    assert current(SCHOOL, ledger_of(*entries)) == DONE


def test_the_page_is_told_the_state_of_every_step_and_part(track):
    told = place(SCHOOL, ledger_of(*asked(track, track.part(1))))

    assert (told["track"], told["part"], told["step"]) == (SCHOOL, 1, "explore")
    assert [step["state"] for step in told["steps"]] == ["done", "done", "current", "locked", "locked", "locked"]
    assert [part["state"] for part in told["parts"]] == ["open", "locked", "locked"]


def test_a_part_that_is_done_says_so(track):
    told = place(SCHOOL, ledger_of(*walk(track)[0]), 2)

    assert [part["state"] for part in told["parts"]] == ["done", "open", "locked"]


def test_a_fresh_learner_has_done_nothing_and_may_read_the_brief():
    assert done("cloud-titan", ledger_of()) == frozenset()
    assert unlocked("cloud-titan", ledger_of()) == {"brief", "predict"}


def test_an_unknown_track_is_refused():
    with pytest.raises(LabError, match="no track"):
        current("sea", ledger_of())
