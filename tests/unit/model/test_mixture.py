"""Mixtures of frame times: shares, means, quantiles, and what a recording can say of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.model.mixture import Mixture, quantile_interval_shares

SPIKED = Mixture(
    share_fraction=np.array([0.998, 0.002]),
    median_s=np.array([8e-3, 58e-3]),
    sigma_factor=np.array([0.03, 0.1]),
)


def phi(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


def test_the_mean_is_that_of_the_parts_by_their_shares():
    expected = 0.998 * 8e-3 * math.exp(0.03**2 / 2) + 0.002 * 58e-3 * math.exp(0.1**2 / 2)

    assert SPIKED.mean_s == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("share", [0.5, 0.99, 0.999, 0.9995])
def test_a_quantile_has_its_share_below_it(share):
    at = float(SPIKED.quantile_s(share))
    below = 0.998 * phi(math.log(at / 8e-3) / 0.03) + 0.002 * phi(math.log(at / 58e-3) / 0.1)

    assert below == pytest.approx(share, abs=2e-6)
    assert SPIKED.above_fraction(at) == pytest.approx(1 - share, abs=2e-6)


def test_half_of_the_spikes_are_beyond_the_quantile_that_half_of_them_reach():
    # 0.1% of the frames lie above p99.9: half of the 0.2% that are struck, so their median.
    assert SPIKED.quantile_s(0.999) == pytest.approx(58e-3, rel=1e-3)


def test_a_grid_gives_what_its_designs_give():
    grid = Mixture(
        share_fraction=np.array([[0.998, 1.0], [0.002, 0.0]]),
        median_s=np.array([[8e-3, 8e-3], [58e-3, 1.0]]),
        sigma_factor=np.array([[0.03, 0.05], [0.1, 0.1]]),
    )
    found = grid.quantile_s(0.999)

    assert found[0] == pytest.approx(float(SPIKED.quantile_s(0.999)), rel=1e-12)
    # One lognormal alone: median x exp(3.0902 sigma), whatever a part of no share would take.
    assert found[1] == pytest.approx(8e-3 * math.exp(3.090232 * 0.05), rel=1e-6)


@given(
    median=st.floats(1e-3, 1.0),
    sigma=st.floats(0.005, 0.5),
    chance=st.floats(0.0, 0.05),
    low=st.floats(0.05, 0.9),
    rise=st.floats(0.001, 0.09),
)
def test_quantiles_rise_with_their_share_and_with_the_chance(median, sigma, chance, low, rise):
    def mixture(share):
        return Mixture(
            share_fraction=np.array([1 - share, share]),
            median_s=np.array([median, 5 * median]),
            sigma_factor=np.array([sigma, 0.1]),
        )

    assert mixture(chance).quantile_s(low) <= mixture(chance).quantile_s(low + rise) * (1 + 1e-6)
    assert mixture(chance).mean_s <= mixture(chance + 0.01).mean_s


def test_a_thousand_frames_do_not_bound_the_rarest_one():
    low, high = quantile_interval_shares(0.999, 1000)

    assert low == pytest.approx(0.999 - 1.96 * math.sqrt(0.999 * 0.001 / 1000), abs=1e-6)
    assert high == 1.0


def test_four_times_the_frames_halve_the_interval():
    widths = [float(np.subtract(*quantile_interval_shares(0.5, frames)[::-1])) for frames in (1000, 4000)]

    assert widths[0] == pytest.approx(2 * widths[1])
