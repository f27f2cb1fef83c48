import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.model.jitter import (
    Lognormal,
    chance_seen_fraction,
    excess_by_kernel_s,
    frames_to_see_count,
    miss_fraction,
    mixture_mean_s,
    mixture_quantile_s,
    sum_lognormal,
    trace_frames,
)

KERNELS = Lognormal(np.array([1e-3, 2e-3, 0.5e-3, 3e-3]), np.array([0.05, 0.1, 0.05, 0.04]))
SPIKE = Lognormal(50e-3, 0.1)
P = 0.002


def closed_form():
    parts = [
        Lognormal(m, s) for m, s in zip(KERNELS.median_s, KERNELS.sigma_factor, strict=True)
    ]
    return sum_lognormal(*parts), sum_lognormal(*parts, SPIKE)


def quantile(share, fraction=P):
    normal, spiked = closed_form()
    return float(
        mixture_quantile_s(
            share_fraction=share, normal=normal, spiked=spiked, spike_fraction=fraction
        )
    )


def trace(**changes):
    values = {
        "seed": 1,
        "frames": 60000,
        "kernels": KERNELS,
        "spike": SPIKE,
        "spike_fraction": P,
        "spike_kernel": 2,
        "spike_waits": True,
    }
    return trace_frames(**(values | changes))


def test_a_rare_spike_hides_from_the_mean_and_from_p99():
    normal, spiked = closed_form()
    mean = mixture_mean_s(normal=normal, spiked=spiked, spike_fraction=P)

    assert mean - normal.mean_s == pytest.approx(1e-4, rel=0.02)  # 50 ms x 0.2%
    assert quantile(0.99) == pytest.approx(quantile(0.99, 0.0), rel=0.01)
    assert quantile(0.999) > 5 * quantile(0.99)


def test_p999_shows_a_spike_only_above_one_in_a_thousand():
    assert quantile(0.999, 0.0009) < 10e-3
    assert quantile(0.999, 0.0011) > 40e-3


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99, 0.999])
def test_closed_form_and_trace_agree(share):
    drawn = np.quantile(trace().frame_s, share)

    assert quantile(share) == pytest.approx(drawn, rel=0.03)


def test_without_jitter_the_quantile_is_the_median():
    still = Lognormal(5e-3, 0.0)
    got = mixture_quantile_s(
        share_fraction=0.9, normal=still, spiked=still, spike_fraction=0.0
    )

    assert got == pytest.approx(5e-3)


@given(st.floats(1e-4, 1e-1), st.floats(0.01, 0.5), st.floats(0.05, 0.999))
def test_a_quantile_is_the_time_that_its_share_keeps(median, sigma, share):
    times = Lognormal(median, sigma)
    at = mixture_quantile_s(
        share_fraction=share, normal=times, spiked=times, spike_fraction=0.3
    )

    assert 1 - miss_fraction(
        deadline_s=at, normal=times, spiked=times, spike_fraction=0.3
    ) == pytest.approx(share, abs=1e-6)


def test_a_grid_of_spike_rates_at_once():
    normal, spiked = closed_form()
    rates = np.array([0.0, 0.0005, 0.002, 0.02])
    got = mixture_quantile_s(
        share_fraction=0.999, normal=normal, spiked=spiked, spike_fraction=rates
    )

    assert got == pytest.approx([quantile(0.999, float(rate)) for rate in rates])


def test_a_sum_keeps_mean_and_variance():
    total = sum_lognormal(Lognormal(2.0, 0.3), Lognormal(1.0, 0.5))
    means = [2.0 * np.exp(0.045), np.exp(0.125)]
    variances = [means[0] ** 2 * np.expm1(0.09), means[1] ** 2 * np.expm1(0.25)]

    assert total.mean_s == pytest.approx(sum(means))
    assert total.mean_s**2 * np.expm1(total.sigma_factor**2) == pytest.approx(sum(variances))


def test_thirty_seconds_of_frames_show_a_one_in_a_thousand_spike():
    needed = frames_to_see_count(spike_fraction=0.001, chance_fraction=0.95)

    assert needed == pytest.approx(2994, abs=1)
    assert chance_seen_fraction(spike_fraction=0.001, frames=needed) >= 0.95
    assert chance_seen_fraction(spike_fraction=0.001, frames=needed - 1) < 0.95


def test_the_excess_names_the_kernel_that_spikes_not_the_largest():
    drawn = trace(frames=5000)
    excess = excess_by_kernel_s(drawn.running_s + drawn.waiting_s, drawn.spiked)

    assert int(np.argmax(excess)) == 2
    assert int(np.argmax(drawn.running_s.mean(axis=0))) == 3
    frame = drawn.frame_s
    assert excess.sum() == pytest.approx(
        frame[drawn.spiked].mean() - frame[~drawn.spiked].mean()
    )


def test_waiting_and_running_are_told_apart():
    waits, runs = trace(frames=5000), trace(frames=5000, spike_waits=False)

    assert waits.waiting_s[:, 2].max() > 30e-3
    assert runs.waiting_s.max() == 0
    assert np.allclose(waits.frame_s, runs.frame_s, rtol=1e-12)


def test_a_seed_gives_the_same_trace():
    assert np.array_equal(trace(frames=100).frame_s, trace(frames=100).frame_s)
    assert not np.array_equal(trace(frames=100).frame_s, trace(frames=100, seed=2).frame_s)
