"""The stakeholder's demand, answered over the whole space."""

from dataclasses import replace

import pytest

from rooflab.analyses.demand import ACCEPT, MEMORY, OTHERWISE, REACH, answer_demand, earlier_replies, judge_reply, replies
from rooflab.evaluate import evaluate
from tests.unit import chain_lab
from tests.unit.chain_lab import CONTROLS, DEMAND, design, mission

ROW = (1000 + 2 * 500) * 4
W = 1000 * 500 * 4
FASTER = replace(DEMAND, factor=1.5)


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def answered(demand=DEMAND, **limits):
    return answer_demand(mission(**limits), CONTROLS, demand)


def rate(**changes):
    return float(evaluate(mission().scenario, design(**changes)).outputs_per_s)


def test_a_demand_that_a_feasible_design_meets_is_possible():
    found = answered()

    assert found.possible
    assert found.right == (ACCEPT,)
    assert found.best_factor == pytest.approx(rate(fusion="111", batch=256, precision="narrow", algorithm="half") / rate())
    assert found.best == design(fusion="111", batch=256, precision="narrow", algorithm="half")
    assert found.designs_count == 8 * 4 * 2 * 2


def test_the_guardrail_of_the_closest_design_is_named_with_its_number():
    # Memory for 40 narrow rows: 64 and 256 rows do not fit, and 16 rows give less than five times.
    found = answered(replace(DEMAND, factor=5.0), memory_bytes=W / 2 + 40 * ROW / 2)

    assert not found.possible
    assert found.best_factor < 5 <= found.reached_factor
    assert found.right == (MEMORY,)
    (blocked,) = found.blocked
    assert found.closest.batch == 64
    assert blocked.over_fraction == pytest.approx((W / 2 + 64 * ROW / 2) / (W / 2 + 40 * ROW / 2) - 1)
    assert blocked.words.startswith("Out of memory: ")


@pytest.mark.parametrize(("slack", "first"), [(1.0, "deadline"), (1.2, MEMORY)])
def test_of_two_guardrails_the_one_that_is_missed_most_comes_first(slack, first):
    alone_s = float(evaluate(mission().scenario, design(fusion="111", precision="narrow", algorithm="half")).step_time_s)
    found = answered(replace(DEMAND, factor=5.0), step_s=slack * alone_s, memory_bytes=W / 2 + 20 * ROW / 2)

    assert {each.id for each in found.blocked} == {"deadline", MEMORY}
    assert found.blocked[0].id == first
    assert found.blocked[0].over_fraction > found.blocked[1].over_fraction > 0


def test_a_target_that_is_missed_is_named_by_its_id():
    slow = answered(replace(DEMAND, factor=5.0), step_s=float(
        evaluate(mission().scenario, design(fusion="111", precision="narrow", algorithm="half")).step_time_s
    ))

    assert not slow.possible
    assert slow.right == ("deadline",)
    assert "Time of a step: " in slow.blocked[0].words


def test_a_demand_beyond_every_design_has_no_guardrail_to_blame():
    found = answered(replace(DEMAND, factor=1e6))

    assert found.right == (REACH,)
    assert found.blocked == ()
    assert found.reaching_count == 0
    assert found.reached_factor == pytest.approx(found.best_factor)


def test_a_figure_that_must_fall_is_counted_the_other_way():
    found = answered(replace(DEMAND, quantity="output_time_s", unit="s", factor=1.5, maximise=False))

    assert found.best_factor == pytest.approx(answered(FASTER).best_factor)


def test_without_a_feasible_design_nothing_is_feasible_at_best():
    found = answered(memory_bytes=1.0)

    assert (found.best, found.best_factor, found.feasible_count) == (None, 0.0, 0)
    assert found.right == (MEMORY,)


@pytest.mark.parametrize(
    ("reply", "present", "holds"),
    [
        (ACCEPT, {"fusion": "111", "batch": 256, "precision": "narrow", "algorithm": "half"}, True),
        (ACCEPT, {}, False),  # possible, but not with this design
        (MEMORY, {}, False),
        (REACH, {}, False),
    ],
)
def test_accepting_holds_only_with_a_design_that_does_it(reply, present, holds):
    judged = judge_reply(mission(), DEMAND, answered(), reply=reply, present=design(**present))

    assert judged.holds is holds
    assert judged.present_factor == pytest.approx(rate(**present) / rate())


def test_replies_name_every_target_but_the_demanded_figure():
    assert [each for each, _ in replies(mission(), DEMAND)] == [ACCEPT, OTHERWISE, MEMORY, "deadline", REACH]
    shorter = replace(DEMAND, quantity="step_time_s", unit="s", maximise=False)
    assert [each for each, _ in replies(mission(), shorter)] == [ACCEPT, OTHERWISE, MEMORY, REACH]
    assert [each for each, _ in earlier_replies(mission(), DEMAND)] == [ACCEPT, MEMORY, "deadline", REACH]
