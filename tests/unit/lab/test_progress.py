"""Where a learner stands follows from the ledger alone."""

from collections import Counter

import pytest

from rooflab import tracks
from rooflab.errors import LabError
from rooflab.lab.classroom.rubric import rubric
from rooflab.lab.ledger.entries import TrackOpened
from rooflab.lab.ledger.ledger import append
from rooflab.lab.report.compare import comparison
from rooflab.lab.report.report import report
from rooflab.lab.report.takeaways import met
from rooflab.lab.steps import progress as progress_module
from rooflab.lab.steps.modes import steps
from rooflab.lab.steps.progress import DONE, LOCKED, progress
from tests.unit.lab.fakes import SCHOOL, asked, designed, here, ledger_of, mission, noted, reflected, seen, studied, walk


def part_of(ledger, number=1, track_id=SCHOOL):
    return progress(track_id, ledger).part(number)


def opened(ledger, track_id=SCHOOL):
    return {each.part.number for each in progress(track_id, ledger).parts if each.opened}


def steps_walked(track, part, mode="default"):
    """Return the step a learner is at after each entry of a part, with the parts before it done."""
    entries = walk(track, mode=mode)
    ledger = ledger_of(*(entry for before in entries[: part - 1] for entry in before))
    at = [part_of(ledger, part).current]
    for count in range(1, len(entries[part - 1]) + 1):
        grown = ledger_of(*(e for before in entries[: part - 1] for e in before), *entries[part - 1][:count])
        at.append(part_of(grown, part).current)
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

    assert part_of(ledger).done == {"brief", "predict"}
    assert part_of(ledger).unlocked == {"brief", "predict", "explore"}


def test_one_question_answered_of_two_opens_nothing(track):
    ledger = ledger_of(asked(track, track.part(1))[0])

    assert part_of(ledger).current == "predict"


def test_nothing_later_opens_what_comes_before_it(track):
    ledger = ledger_of(*walk(track)[0][3:])

    assert part_of(ledger).current == "predict"
    assert part_of(ledger).unlocked == {"brief", "predict"}


def test_a_part_opens_when_the_part_before_it_is_done(track):
    first, second, third = walk(track)

    assert opened(ledger_of()) == {1}
    assert opened(ledger_of(*first[:-1])) == {1}
    assert opened(ledger_of(*first)) == {1, 2}
    assert opened(ledger_of(*first, *second)) == {1, 2, 3}
    assert opened(ledger_of(*first, *third)) == {1, 2}


def test_a_locked_part_has_nothing_built(track):
    ledger = ledger_of(*walk(track)[1])

    assert part_of(ledger, 2).current == LOCKED
    assert part_of(ledger, 2).unlocked == frozenset()
    assert {each["state"] for each in progress(SCHOOL, ledger).path(2)["steps"]} == {"locked"}


def test_tracks_do_not_depend_on_one_another(track):
    assert opened(ledger_of(*walk(track)[0]), "cloud-titan") == opened(ledger_of(), "cloud-titan")


def test_attempts_do_not_end_without_a_final_design(track):
    first, second, _ = walk(track)
    attempts = [designed(mission().baseline, "attempt")] * 10

    assert part_of(ledger_of(*first, *second[:5], *attempts), 2).current == "attempt"


def test_the_mode_is_the_one_in_which_the_track_was_last_opened():
    entries = [TrackOpened(**here(1, "cloud-titan"), mode=each) for each in ("compact", "extended")]

    assert progress("cloud-titan", ledger_of()).mode == "default"
    assert progress("cloud-titan", ledger_of(*entries)).mode == "extended"


def test_a_verification_needs_another_design_than_the_one_diagnosed(track):
    entries = walk(track, mode="extended")[0]
    same = [*entries[:-2], noted(mission().baseline), reflected()]

    assert part_of(ledger_of(*same)).current == "verify"
    assert part_of(ledger_of(*entries)).current == DONE


def test_the_page_is_told_the_state_of_every_step_and_part(track):
    told = progress(SCHOOL, ledger_of(*asked(track, track.part(1)))).path(1)

    assert (told["track"], told["part"], told["step"]) == (SCHOOL, 1, "explore")
    assert [step["state"] for step in told["steps"]] == ["done", "done", "current", "locked", "locked", "locked"]
    assert [part["state"] for part in told["parts"]] == ["open", "locked", "locked"]


def test_a_part_that_is_done_says_so(track):
    told = progress(SCHOOL, ledger_of(*walk(track)[0])).path(2)

    assert [part["state"] for part in told["parts"]] == ["done", "open", "locked"]


def test_a_fresh_learner_has_done_nothing_and_may_read_the_brief():
    assert part_of(ledger_of(), 1, "cloud-titan").done == frozenset()
    assert part_of(ledger_of(), 1, "cloud-titan").unlocked == {"brief", "predict"}


def test_an_unknown_track_is_refused():
    with pytest.raises(LabError, match="no track"):
        progress("sea", ledger_of())


def test_the_report_and_what_goes_with_it_derive_progress_once_for_each_track(track, monkeypatch):
    ledger, counted, derived = studied(track), Counter(), progress_module._derived

    def count(track_id, ledger):
        counted[track_id] += 1
        return derived(track_id, ledger)

    monkeypatch.setattr(progress_module, "_derived", count)
    for ask in (report, met, comparison, lambda ledger: rubric(SCHOOL, ledger)):
        ask(ledger)

    assert counted == {each.id: 1 for each in tracks.TRACKS}


def test_an_entry_makes_another_progress(track):
    before = ledger_of(*asked(track, track.part(1)), noted(mission().baseline))
    after = append(before, seen(track, track.part(1)))

    assert (part_of(before).current, part_of(after).current) == ("explore", "reveal")
