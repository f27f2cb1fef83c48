from itertools import combinations
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.errors import ModelError
from rooflab.model.attribution import shapley_factors, shapley_shares

NAMES = ("algorithm", "fusion", "precision")
SETS = [frozenset(each) for k in range(4) for each in combinations(NAMES, k)]


def test_overlapping_gains_are_shared():
    # Bytes 100, compute 30, latency 20. Fusion halves bytes and latency but a quarter; precision
    # halves bytes and compute; the algorithm halves all three.
    def time_s(chosen):
        bytes_, compute, latency = 100.0, 30.0, 20.0
        if "fusion" in chosen:
            bytes_, latency = bytes_ * 0.6, latency * 0.25
        if "precision" in chosen:
            bytes_, compute = bytes_ / 2, compute / 2
        if "algorithm" in chosen:
            bytes_, compute, latency = bytes_ / 2, compute / 2, latency / 2
        return max(bytes_, compute) + latency

    times = {each: time_s(each) for each in SETS}
    factors = shapley_factors(times)

    assert prod(factors.values()) == pytest.approx(
        times[frozenset()] / times[frozenset(NAMES)], rel=1e-12
    )
    assert factors["algorithm"] == pytest.approx(2)  # it halves whatever is left, in any order
    alone = times[frozenset()] / times[frozenset({"fusion"})]
    last = times[frozenset(NAMES) - {"fusion"}] / times[frozenset(NAMES)]
    assert min(alone, last) <= factors["fusion"] <= max(alone, last)


@given(st.lists(st.floats(1e-6, 1e6), min_size=8, max_size=8))
def test_factors_multiply_to_the_total(values):
    times = dict(zip(SETS, values, strict=True))

    total = times[frozenset()] / times[frozenset(NAMES)]
    assert prod(shapley_factors(times).values()) == pytest.approx(total)


def test_a_change_that_does_nothing_has_factor_one():
    times = {each: 1.0 if "fusion" in each else 3.0 for each in SETS}

    factors = shapley_factors(times)

    assert factors["precision"] == pytest.approx(1)
    assert factors["fusion"] == pytest.approx(3)


def test_every_set_needs_a_value():
    with pytest.raises(ModelError, match="All 4 sets of a, b need a value; 1 are missing"):
        shapley_factors({frozenset(): 1.0, frozenset("a"): 1.0, frozenset("ab"): 1.0})
    with pytest.raises(ModelError, match="must be positive"):
        shapley_factors({frozenset(): 1.0, frozenset("a"): 0.0})


def test_shares_of_overlapping_savings_add_up():
    # A alone saves 6, B alone 4, both 8: the 2 that they share are halved.
    saved = {frozenset(): 0.0, frozenset("a"): 6.0, frozenset("b"): 4.0, frozenset("ab"): 8.0}

    assert shapley_shares(saved) == {"a": (6 + 4) / 2, "b": (4 + 2) / 2}


def test_without_changes_there_is_nothing_to_share():
    assert shapley_shares({frozenset(): 5.0}) == {}
