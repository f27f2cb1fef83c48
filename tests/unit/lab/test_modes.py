"""Three lengths of one lab."""

import pytest

from rooflab.errors import LedgerError
from rooflab.lab.ledger.entries import MODES as ENTRY_MODES
from rooflab.lab.steps.modes import MODES, mode, steps

CORE = ("brief", "predict", "explore", "reveal")


@pytest.mark.parametrize(("mode_id", "minutes"), [("compact", 25), ("default", 45), ("extended", 60)])
def test_the_steps_fill_the_time_that_the_mode_promises(mode_id, minutes):
    assert mode(mode_id).time_s == 60 * minutes


def test_each_part_of_the_default_lab_takes_fifteen_minutes():
    assert [sum(step.time_s for step in part) for part in mode("default").parts] == [15 * 60] * 3


@pytest.mark.parametrize("each", MODES, ids=lambda each: each.id)
@pytest.mark.parametrize("part", [1, 2, 3])
def test_every_part_predicts_acts_observes_and_reflects(each, part):
    path = steps(part, each.id)

    assert path[:4] == CORE
    assert set(path[4:-1]) & {"diagnose", "attempt", "challenge"}
    assert path[-1] == "reflect"


def test_the_ledger_knows_the_same_modes():
    assert tuple(each.id for each in MODES) == ENTRY_MODES


def test_an_unknown_mode_is_refused_with_those_there_are():
    with pytest.raises(LedgerError, match="compact, default, extended"):
        mode("nap")
