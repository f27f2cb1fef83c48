"""The attempts of a mission, scored, and its end."""

import pytest

from rooflab.lab.ledger.ledger import append
from rooflab.lab.setting import setting
from rooflab.lab.steps.attempts import attempt_log, verdict
from rooflab.lab.steps.commits import committed
from rooflab.lab.steps.progress import progress
from tests.unit.lab.fakes import BEST, NOW, SCHOOL, TEMPTING, ledger_of, mission, studied

SLOWER = {"batch": 64, "attention_kernel": "fused"}


def log_of(*attempts, final=False):
    place = setting(SCHOOL, 2, 0)
    designs = [mission().baseline.replace(**changes) for changes in attempts]
    ledger = ledger_of(*(committed(place, design, at=NOW, role="attempt") for design in designs))
    if final:
        ledger = append(ledger, committed(place, designs[-1], at=NOW, role="final"))
    return attempt_log(place, progress(SCHOOL, ledger).part(2))


def test_attempts_are_numbered_and_the_best_so_far_is_kept(track):
    log = log_of(SLOWER, TEMPTING, BEST)

    assert [score.attempt.number for score in log.scores] == [1, 2, 3]
    assert [score.best_so_far.number for score in log.scores] == [1, 1, 3]


def test_a_faster_design_that_misses_a_target_is_not_the_best(track):
    log = log_of(SLOWER, TEMPTING)

    slow, fast = (score.attempt for score in log.scores)
    assert fast.value > slow.value
    assert not fast.feasible and "Time per token" in fast.reasons[0]
    assert log.best is slow


def test_without_a_feasible_attempt_there_is_no_best(track):
    assert log_of(TEMPTING).best is None
    assert log_of().best is None


def test_attempts_are_counted_down(track):
    assert log_of().left_count == 10
    assert log_of(*[SLOWER] * 7).left_count == 3
    assert log_of(*[SLOWER] * 10).left_count == 0
    assert log_of(*[SLOWER] * 7, final=True).left_count == 0


def test_nothing_is_told_before_the_final_design_is_named(track):
    assert verdict(log_of(BEST)) is None


def test_the_best_design_leaves_no_regret(track):
    ended = verdict(log_of(SLOWER, BEST, final=True))

    assert ended.regret_fraction == 0.0
    assert ended.reached_at == 2


def test_the_regret_is_the_share_that_was_left(track):
    ended = verdict(log_of(SLOWER, final=True))

    # 64 sequences give 1964 tokens/s, the best 96 with INT8 weights 2598.
    assert ended.regret_fraction == pytest.approx(1 - 1964 / 2598, abs=1e-3)
    assert ended.reached_at is None


def test_a_final_design_that_misses_a_target_has_no_regret_but_a_reason(track):
    ended = verdict(log_of(TEMPTING, final=True))

    assert ended.regret_fraction is None
    assert ended.final.reasons


def test_attempts_of_other_parts_are_left_alone(track):
    found = progress(SCHOOL, studied(track))

    assert [len(attempt_log(setting(SCHOOL, number, 0), found.part(number)).scores) for number in (2, 3)] == [2, 2]
