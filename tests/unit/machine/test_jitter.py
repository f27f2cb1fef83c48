"""One kernel many times: percentiles, the first run, the cost of looking."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.errors import LabError
from rooflab.machine.jitter import jitter


def series(count=2000, slow=0, factor=10.0, first=1.0):
    return [first * 1e-3, *[1e-3] * (count - 1 - slow), *[factor * 1e-3] * slow]


def test_the_percentiles_are_those_of_numpy_without_the_first_run():
    times = list(np.random.default_rng(1).lognormal(-7, 0.2, 2000).tolist())
    found = jitter({"samples_s": times})

    assert found.p50_s == np.median(times[1:])
    assert found.p99_s == np.percentile(times[1:], 99)
    assert found.p999_s == np.percentile(times[1:], 99.9)
    assert found.samples_count == 2000


def test_a_spike_in_a_hundred_is_seen_by_p99_and_one_in_five_hundred_by_p999():
    often, rare = jitter({"samples_s": series(slow=40)}), jitter({"samples_s": series(slow=4)})

    assert often.p99_s == pytest.approx(10e-3)
    assert rare.p99_s == pytest.approx(1e-3)
    assert rare.p999_s == pytest.approx(10e-3)


@pytest.mark.parametrize("count", [100, 1000, 1999])
def test_where_there_are_too_few_there_is_no_p999(count):
    assert jitter({"samples_s": series(count)}).p999_s is None
    assert jitter({"samples_s": series(2000)}).p999_s is not None


def test_the_first_run_is_told_apart():
    found = jitter({"samples_s": series(first=30.0)})

    assert found.first_factor == pytest.approx(30.0)
    assert found.p999_s == pytest.approx(1e-3)


def test_what_looking_costs_is_the_ratio_of_the_medians():
    found = jitter({"samples_s": series(), "observed_s": [1.15e-3] * 2000})

    assert found.observed_factor == pytest.approx(1.15)
    assert jitter({"samples_s": series()}).observed_factor is None


@given(st.lists(st.floats(1e-6, 1.0), min_size=100, max_size=300))
def test_the_histogram_holds_every_run(times):
    found = jitter({"samples_s": times})

    assert sum(found.heights_count) == len(times) - 1
    assert len(found.edges_s) == len(found.heights_count) + 1


@pytest.mark.parametrize("listed", [None, "fast", [], [1e-3] * 99, [1e-3] * 2001, [1e-3] * 200 + ["x"], [0.0] * 200, [float("nan")] * 200, [True] * 200])
def test_what_is_no_series_is_refused(listed):
    with pytest.raises(LabError):
        jitter({"samples_s": listed})


def test_percentiles_by_hand():
    """1,999 runs of 1 to 1,999 us after the first: the k-th of n is at (k - 1) / (n - 1), and what is between is interpolated."""
    found = jitter({"samples_s": [9e-3, *(1e-6 * each for each in range(1999, 0, -1))]})

    assert found.p50_s == pytest.approx(1000e-6)
    assert found.p99_s == pytest.approx((1 + 0.99 * 1998) * 1e-6)  # 1,979.02: twenty runs are slower
    assert found.p999_s == pytest.approx((1 + 0.999 * 1998) * 1e-6)  # 1,997.002: two are
    assert found.first_s == 9e-3
