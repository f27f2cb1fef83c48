"""Which change brought the gain: counted by hand on the small chain."""

import pytest

from rooflab.analyses.claim import NOTHING, attributable, attribute, judge_claim, right_decisions
from rooflab.analyses.demand import ACCEPT, OTHERWISE, REACH, answer_demand
from rooflab.evaluate import evaluate
from tests.unit import chain_lab
from tests.unit.chain_lab import CONTROLS, DEMAND, design, mission

BEST = {"fusion": "111", "batch": 256, "precision": "narrow", "algorithm": "half"}


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def gain(**changes):
    rates = [float(evaluate(mission().scenario, each).outputs_per_s) for each in (design(**changes), design())]
    return rates[0] / rates[1]


def found(**changes):
    return attribute(mission(), CONTROLS, DEMAND, design(**changes))


def test_two_changes_share_what_neither_brings_alone():
    """Each is credited with the geometric mean of what it brings first and what it brings last."""
    narrow, half, both = gain(precision="narrow"), gain(algorithm="half"), gain(precision="narrow", algorithm="half")

    brought = {each.control_id: each for each in found(precision="narrow", algorithm="half").brought}

    assert brought["precision"].factor == pytest.approx((narrow * both / half) ** 0.5)
    assert brought["algorithm"].factor == pytest.approx((half * both / narrow) ** 0.5)
    assert (brought["precision"].alone_factor, brought["algorithm"].alone_factor) == pytest.approx((narrow, half))


def test_factors_multiply_to_the_gain_and_the_largest_leads():
    made = found(**BEST)
    factors = {each.control_id: each.factor for each in made.brought}

    product = 1.0
    for each in factors.values():
        product *= each
    assert product == pytest.approx(made.total_factor) == gain(**BEST)
    assert made.leading == (max(factors, key=factors.get),)


def test_a_claim_holds_from_half_of_the_gain_on():
    alone, little = found(algorithm="half"), found(**BEST)

    assert alone.claimed_factor == alone.total_factor > 1 and alone.claim_holds
    assert little.claimed_factor < little.total_factor**0.5 and not little.claim_holds


def test_a_claim_that_the_design_does_without_is_told_at_its_best():
    made = found(precision="narrow")

    assert not made.claimed_used and made.claimed_factor == 1.0 and not made.claim_holds
    assert made.claimed_alone_factor == pytest.approx(gain(algorithm="half"))


def test_no_change_and_a_loss_are_attributed_to_nothing():
    assert found().leading == found(batch=1).leading == (NOTHING,)
    half = found(batch=1, algorithm="half")  # what the one brings, the other takes back
    assert half.total_factor < 1 < half.brought[-1].factor
    assert half.leading == (NOTHING,) and not half.claim_holds
    assert [each for each, _ in attributable(CONTROLS)] == ["fusion", "batch", "precision", "algorithm", NOTHING]


@pytest.mark.parametrize(
    ("present", "right"),
    [(BEST, (OTHERWISE,)), ({}, ())],  # nothing can be said of 2x with a design that does not reach it
)
def test_the_decision_follows_from_the_design_that_is_defended(present, right):
    answer = answer_demand(mission(), CONTROLS, DEMAND)
    made = found(**present)

    assert right_decisions(DEMAND, answer, made, carried=made.total_factor >= 2) == right


@pytest.mark.parametrize("reply", [ACCEPT, OTHERWISE, REACH])
@pytest.mark.parametrize("attributed", ["fusion", "batch", "precision", "algorithm", NOTHING])
def test_an_answer_holds_where_attribution_and_decision_both_do(reply, attributed):
    answer = answer_demand(mission(), CONTROLS, DEMAND)
    judged = judge_claim(
        mission(), CONTROLS, DEMAND, answer, reply=reply, attributed_id=attributed, present=design(**BEST)
    )

    assert judged.attribution_holds == (attributed in found(**BEST).leading)
    assert judged.decision_holds == (reply == OTHERWISE)
    assert judged.holds == (judged.attribution_holds and judged.decision_holds)
