"""Three lengths of one lab."""

from functools import reduce

import pytest

from rooflab.errors import LedgerError
from rooflab.lab.ledger.entries import MODES as ENTRY_MODES
from rooflab.lab.ledger.entries import Experimented, TrackOpened
from rooflab.lab.ledger.ledger import Ledger, append
from rooflab.lab.steps.modes import MODES, mode, steps
from rooflab.lab.steps.progress import progress
from rooflab.tracks import TRACKS
from tests.unit.lab.fakes import NOW

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


@pytest.mark.parametrize("place", TRACKS, ids=lambda each: each.id)
def test_a_shorter_lab_offers_fewer_experiments_and_keeps_those_that_were_done(place):
    def own(mode_id, *done):
        entries = [TrackOpened(at=NOW, track=place.id, part=1, mode=mode_id)]
        return progress(place.id, reduce(append, [*entries, *done], Ledger.new(NOW, "s"))).part(1)

    experiments = place.part(1).experiments
    last = Experimented(at=NOW, track=place.id, part=1, experiment_id=experiments[-1].id, design=place.scenario(0).crisis.to_json(), layer="", what_if={})

    assert own("compact").offered == experiments[:1]
    assert own("compact", last).offered == (experiments[0], experiments[-1])
    assert own("default").offered == own("extended").offered == experiments
    assert len(experiments) > 2
