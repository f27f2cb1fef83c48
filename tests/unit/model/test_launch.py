import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rooflab.model.launch import idle_share_s, queue_starts_s, step_idle_s

durations = arrays(float, st.integers(1, 30), elements=st.floats(1e-7, 1e-3))


def test_a_host_that_is_ahead_costs_nothing():
    assert step_idle_s(host_s=1e-3, device_s=2e-3) == 0
    assert step_idle_s(host_s=2e-3, device_s=1e-3) == 1e-3


def test_idling_falls_to_those_that_are_too_short():
    shares = idle_share_s(
        idle_s=1.0, host_s=np.array([2.0, 2.0, 2.0]), device_s=np.array([0.0, 1.0, 4.0])
    )

    assert shares.tolist() == [1.0 * 2 / 3, 1.0 * 1 / 3, 0]


def test_kernels_wait_for_their_launch_or_their_turn():
    starts = queue_starts_s(durations_s=np.array([1.0, 5.0, 1.0]), gap_s=0.5, host_launch_s=2.0)

    assert starts.tolist() == [2.0, 4.0, 9.5]  # launched, launched, after the second and its gap


@given(durations, st.floats(0, 1e-5), st.floats(0, 1e-4))
def test_the_queue_is_the_one_of_the_plain_loop(durations_s, gap_s, host_launch_s):
    expected = []
    end = -gap_s
    for at, duration in enumerate(durations_s):
        expected.append(max(host_launch_s * (at + 1), end + gap_s))
        end = expected[-1] + duration

    starts = queue_starts_s(durations_s=durations_s, gap_s=gap_s, host_launch_s=host_launch_s)

    assert starts == pytest.approx(expected, abs=1e-12)
