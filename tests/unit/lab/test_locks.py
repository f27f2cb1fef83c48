"""Where a learner stands follows from the ledger alone."""

import pytest

from ridgepoint.errors import LabError
from ridgepoint.lab.entries import DesignCommitted, Diagnosis, Pin, Prediction, Reflection, Reveal, TrackOpened
from ridgepoint.lab.ledger import Ledger, append, digest
from ridgepoint.lab.locks import DONE, STEPS, current, done, place, unlocked
from ridgepoint.tracks import track

TITAN = "cloud-titan"
HERE = {"at": "2026-11-02T09:30:00Z", "track": TITAN, "part": 1}
QUESTIONS = [question.id for question in track(TITAN).part(1).questions]

PREDICTED = [Prediction(**HERE, question_id=each, choice_id="no", confidence=0.9) for each in QUESTIONS]
PINNED = Pin(**HERE, instrument="mbu", design={"batch": 1}, name="MBU", value=0.6, unit="")
REVEALED = [Reveal(**HERE, question_id=each) for each in QUESTIONS]
DIAGNOSED = Diagnosis(**HERE, choice_id="memory", right=True)
REFLECTED = Reflection(**HERE, task="patterson", claim="c", evidence=(), tradeoff="t", residual_risk="r")


def ledger_of(*entries):
    ledger = Ledger.new(HERE["at"], "s")
    for entry in entries:
        ledger = append(ledger, entry)
    return ledger


WALK = [
    ([], "predict"),
    ([TrackOpened(**HERE)], "predict"),
    (PREDICTED[:1], "predict"),
    (PREDICTED, "explore"),
    ([*PREDICTED, PINNED], "reveal"),
    ([*PREDICTED, PINNED, *REVEALED[:1]], "reveal"),
    ([*PREDICTED, PINNED, *REVEALED], "diagnose"),
    ([*PREDICTED, PINNED, *REVEALED, DIAGNOSED], "reflect"),
    ([*PREDICTED, PINNED, *REVEALED, DIAGNOSED, REFLECTED], DONE),
]


@pytest.mark.parametrize(("entries", "step"), WALK, ids=[f"{len(entries)}-{step}" for entries, step in WALK])
def test_each_step_opens_the_next(entries, step):
    ledger = ledger_of(*entries)

    assert current(TITAN, ledger) == step
    assert unlocked(TITAN, ledger) == set(STEPS[: STEPS.index(step) + 1] if step in STEPS else STEPS)


def test_a_committed_design_counts_as_exploring():
    design = DesignCommitted(**HERE, design={}, digest=digest({}), figures={})

    assert current(TITAN, ledger_of(*PREDICTED, design)) == "reveal"


def test_nothing_later_opens_what_comes_before_it():
    ledger = ledger_of(PINNED, *REVEALED, DIAGNOSED, REFLECTED)

    assert current(TITAN, ledger) == "predict"
    assert unlocked(TITAN, ledger) == {"brief", "predict"}


def test_a_track_without_questions_never_opens():
    assert unlocked("edge-guardian", ledger_of(*PREDICTED, PINNED)) == {"brief", "predict"}


def test_the_page_is_told_the_state_of_every_step():
    told = place(TITAN, ledger_of(*PREDICTED))

    assert (told["track"], told["part"], told["step"]) == (TITAN, 1, "explore")
    assert [step["state"] for step in told["steps"]] == ["done", "done", "current", "locked", "locked", "locked"]


def test_a_fresh_learner_has_done_nothing_and_may_read_the_brief():
    assert done(TITAN, ledger_of()) == frozenset()
    assert unlocked(TITAN, ledger_of()) == {"brief", "predict"}


def test_an_unknown_track_is_refused():
    with pytest.raises(LabError, match="no track"):
        current("sea", ledger_of())
