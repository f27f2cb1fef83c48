"""A minute under load: the fit of one body finds what one body did."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.errors import LabError
from rooflab.lab.machine.words import heat_words
from rooflab.machine.thermal import heat
from rooflab.model.thermal import temperature_c


def minute(start=20e9, drop=0.3, constant_s=20.0, noise=0.0, seconds=60):
    at_s = np.arange(0.5, seconds, 0.5)
    settled = temperature_c(power_w=1.0, time_s=at_s, ambient_c=0.0, resistance_k_per_w=2.0, capacity_j_per_k=constant_s / 2) / 2
    rates = start * (1 - drop * settled) * (1 + noise * np.random.default_rng(2).standard_normal(len(at_s)))
    return [[float(at), float(rate)] for at, rate in zip(at_s, rates, strict=True)]


@pytest.mark.parametrize("constant_s", [3.0, 20.0, 50.0])
def test_start_fall_and_time_constant_come_out_again(constant_s):
    found = heat(minute(constant_s=constant_s))

    assert found.start_flop_per_s == pytest.approx(20e9, rel=0.02)
    assert found.drop_fraction == pytest.approx(0.3, abs=0.02)
    assert found.constant_s == pytest.approx(constant_s, rel=0.05)
    assert found.falls


def test_a_machine_that_keeps_its_rate_does_not_fall():
    assert not heat(minute(drop=0.0)).falls
    assert not heat(minute(drop=0.0, noise=0.03)).falls
    assert not heat(minute(drop=0.02, noise=0.01)).falls


def test_noise_widens_the_miss_and_hides_no_fall():
    found = heat(minute(noise=0.02))

    assert found.residual_fraction == pytest.approx(0.02, rel=0.3)
    assert found.falls


def test_the_fitted_curve_starts_at_the_start():
    found = heat(minute())

    assert found.rate_flop_per_s(np.zeros(1))[0] == found.start_flop_per_s


@given(st.lists(st.floats(1e6, 1e12), min_size=8, max_size=40))
def test_whatever_rates_come_a_fit_comes_out(rates):
    found = heat([[float(at + 1), rate] for at, rate in enumerate(rates)])

    assert 0 <= found.drop_fraction <= 1
    assert np.isfinite(found.residual_fraction)


@pytest.mark.parametrize(
    "rows",
    [None, [], [[1, 1e9]] * 7, [[1, 1e9]] * 9, [[at, 0] for at in range(9)], [[at, "x"] for at in range(9)], [[at] for at in range(9)], [[1e4 + at, 1e9] for at in range(9)], "12345678"],
)
def test_what_is_no_minute_is_refused(rows):
    with pytest.raises(LabError):
        heat(rows)


def test_after_one_time_constant_two_thirds_of_the_fall_are_seen():
    """1 - 1/e = 63.2% of 30% of 20 GFLOP/s: 16.2 are left; after three, 95% of it."""
    found = heat(minute(constant_s=20.0))

    assert found.rate_flop_per_s(np.array([20.0]))[0] == pytest.approx(20e9 * (1 - 0.3 * (1 - np.exp(-1))), rel=0.01)
    assert found.rate_flop_per_s(np.array([60.0]))[0] == pytest.approx(20e9 * (1 - 0.3 * (1 - np.exp(-3))), rel=0.01)
    assert found.reached_fraction == pytest.approx(1 - np.exp(-59.5 / found.constant_s))


def test_the_fall_that_is_told_is_that_of_the_readings():
    """From 20 to 14 in half a minute, straight, which no one body does: the readings fell by 30%, whatever the fit begins at."""
    found = heat([[at + 1.0, 20e9 * (1 - 0.3 * min(at / 30, 1))] for at in range(60)])

    assert found.seen_fraction == pytest.approx(1 - 14 / (20 * (1 - 0.3 / 30)))  # against the second of the first three
    assert found.falls
    assert heat_words(found, 60.0) == "Under load the rate falls by 29% in 60 s."
