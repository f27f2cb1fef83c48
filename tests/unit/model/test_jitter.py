import numpy as np
import pytest

from rooflab.model.jitter import chance_seen_fraction, excess_by_kernel_s


def test_a_spike_is_seen_unless_every_frame_is_without_it():
    assert chance_seen_fraction(spike_fraction=0.001, frames=3000) == pytest.approx(1 - 0.999**3000)
    assert chance_seen_fraction(spike_fraction=0.0, frames=3000) == 0


def test_the_excess_names_the_kernel_that_spikes_not_the_largest():
    times = np.array([[1.0, 9.0], [3.0, 9.0], [50.0, 10.0]])
    slow = np.array([False, False, True])
    excess = excess_by_kernel_s(times, slow)

    assert excess.tolist() == [50 - (1 + 3) / 2, 10 - 9]
    assert excess.sum() == times[slow].sum(axis=1).mean() - times[~slow].sum(axis=1).mean()
