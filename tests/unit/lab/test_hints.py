"""Three hints, one after the other."""

import pytest

from rooflab.errors import LedgerError
from rooflab.lab.ledger.ledger import append
from rooflab.lab.steps.hints import hint_state, next_hint
from tests.unit.lab.fakes import NOW, SCHOOL, ledger_of


def taken(count):
    ledger = ledger_of()
    for _ in range(count):
        ledger = append(ledger, next_hint(SCHOOL, 2, ledger, "attempt", at=NOW))
    return ledger


@pytest.mark.parametrize(("count", "next_level"), [(0, 1), (1, 2), (2, 3), (3, 0)])
def test_hints_are_told_one_by_one(track, count, next_level):
    (state,) = hint_state(SCHOOL, 2, taken(count))

    assert state.taken == track.part(2).hints[0].words[:count]
    assert state.next_level == next_level


def test_there_is_no_fourth_hint(track):
    with pytest.raises(LedgerError, match="no further hint"):
        taken(4)


def test_hints_of_another_part_are_not_spent(track):
    assert hint_state(SCHOOL, 3, taken(2))[0].next_level == 1


def test_a_step_without_hints_says_so(track):
    with pytest.raises(LedgerError, match="'brief' of part 2"):
        next_hint(SCHOOL, 2, ledger_of(), "brief", at=NOW)
