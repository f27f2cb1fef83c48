import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.model.thermal import (
    full_clock_fraction,
    governed_temperatures_c,
    power_w,
    sustained_power_w,
    temperature_c,
    time_to_limit_s,
)

GLASSES = {"ambient_c": 25.0, "resistance_k_per_w": 10.0, "capacity_j_per_k": 30.0}
def test_mean_power_is_what_runs_always_and_the_frames():
    assert power_w(idle_w=0.6, frames_per_s=60, frame_j=0.01) == pytest.approx(0.6 + 60 * 0.01)


@pytest.mark.parametrize(("watts", "seconds"), [(2.5, 382), (3.0, 275)])
def test_the_glasses_reach_their_limit_after_minutes(watts, seconds):
    reached = time_to_limit_s(power_w=watts, limit_c=43.0, **GLASSES)

    assert reached == pytest.approx(seconds, abs=0.5)
    assert temperature_c(power_w=watts, time_s=reached, **GLASSES) == pytest.approx(43.0)


def test_sustained_power_never_reaches_the_limit():
    sustained = sustained_power_w(limit_c=43.0, ambient_c=25.0, resistance_k_per_w=10.0)

    assert sustained == pytest.approx(1.8)
    assert time_to_limit_s(power_w=sustained, limit_c=43.0, **GLASSES) == math.inf
    assert temperature_c(power_w=sustained, time_s=1e9, **GLASSES) == pytest.approx(43.0)


def test_a_grid_of_powers_at_once():
    reached = time_to_limit_s(power_w=np.array([1.0, 2.5, 3.0]), limit_c=43.0, **GLASSES)

    assert np.round(reached).tolist() == [math.inf, 382, 275]


@given(st.floats(0.1, 5), st.floats(1, 1e4))
def test_no_time_no_heat_and_never_above_the_steady_state(watts, time_s):
    assert temperature_c(power_w=watts, time_s=0.0, **GLASSES) == 25.0
    assert temperature_c(power_w=watts, time_s=time_s, **GLASSES) <= 25 + watts * 10 + 1e-9


GOVERNOR = {"limit_c": 43.0, "resume_c": 41.0, **GLASSES}


def test_the_governor_never_lets_the_skin_pass_its_limit():
    temperatures, throttled = governed_temperatures_c(
        times_s=np.linspace(0, 7200, 7201), full_w=2.8, throttled_w=1.0, **GOVERNOR
    )

    assert temperatures.max() <= 43.0 + 1e-9
    assert temperatures[throttled.argmax() :].min() >= 41.0 - 1e-9  # after the first switch
    assert throttled.any() and not throttled.all()


def test_the_first_switch_is_at_the_time_to_the_limit():
    times = np.arange(0.0, 600.0, 0.5)
    _, throttled = governed_temperatures_c(times_s=times, full_w=2.5, throttled_w=1.0, **GOVERNOR)

    assert times[throttled.argmax()] == pytest.approx(382, abs=1)


@given(full=st.floats(1.9, 5.0), slow=st.floats(0.1, 1.5))
@settings(max_examples=30, deadline=None)
def test_the_settled_share_is_that_of_the_trace(full, slow):
    times = np.arange(0.0, 60_000.0, 1.0)
    _, throttled = governed_temperatures_c(times_s=times, full_w=full, throttled_w=slow, **GOVERNOR)
    share = full_clock_fraction(full_w=full, throttled_w=slow, **GOVERNOR)

    starts = np.flatnonzero(throttled[1:] & ~throttled[:-1])
    cycles = slice(starts[0], starts[-1])
    assert 1 - throttled[cycles].mean() == pytest.approx(float(share), abs=0.01)


def test_power_that_can_be_sustained_is_never_throttled():
    assert full_clock_fraction(full_w=1.7, throttled_w=1.0, **GOVERNOR) == 1.0
    _, throttled = governed_temperatures_c(
        times_s=np.arange(0.0, 9000.0), full_w=1.7, throttled_w=1.0, **GOVERNOR
    )
    assert not throttled.any()


def test_a_throttled_power_that_is_still_too_much_never_lets_up():
    assert full_clock_fraction(full_w=2.8, throttled_w=1.7, **GOVERNOR) == 0.0  # settles at 42, not 41
    temperatures, throttled = governed_temperatures_c(
        times_s=np.arange(0.0, 9000.0), full_w=2.8, throttled_w=1.9, **GOVERNOR
    )
    assert throttled[-1]
    assert temperatures[-1] == pytest.approx(44.0)  # 25 + 19: past the limit
