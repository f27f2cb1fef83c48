import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.model.thermal import (
    frame_energy_j,
    full_clock_fraction,
    governed_temperatures_c,
    power_w,
    sustained_power_w,
    temperature_c,
    time_to_limit_s,
    two_node_temperatures_c,
)

GLASSES = {"ambient_c": 25.0, "resistance_k_per_w": 10.0, "capacity_j_per_k": 30.0}
NODES = {
    "ambient_c": 25.0,
    "die_skin_k_per_w": 4.0,
    "skin_ambient_k_per_w": 10.0,
    "die_j_per_k": 2.0,
    "skin_j_per_k": 28.0,
}


def test_energy_has_three_terms():
    assert frame_energy_j(
        flop=2e9,
        hbm_bytes=1e7,
        energy_j_per_flop=1e-12,
        energy_j_per_byte=1e-10,
        static_w=0.5,
        busy_s=0.01,
    ) == pytest.approx(2e-3 + 1e-3 + 5e-3)
    assert power_w(idle_w=0.6, frames_per_s=60, frame_j=0.01) == pytest.approx(1.2)


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


def test_two_nodes_settle_at_the_sum_of_their_resistances():
    die, skin = two_node_temperatures_c(powers_w=np.full(10, 2.0), step_s=1000.0, **NODES)

    assert skin[-1] == pytest.approx(25 + 2 * 10)
    assert die[-1] == pytest.approx(25 + 2 * (10 + 4))


def test_the_length_of_a_step_does_not_matter():
    fine = two_node_temperatures_c(powers_w=np.full(1000, 2.0), step_s=0.1, **NODES)
    coarse = two_node_temperatures_c(powers_w=np.full(10, 2.0), step_s=10.0, **NODES)

    assert fine[0][-1] == pytest.approx(coarse[0][-1])
    assert fine[1][-1] == pytest.approx(coarse[1][-1])


def test_a_stiff_link_makes_one_body_of_two():
    _, skin = two_node_temperatures_c(
        powers_w=np.full(100, 2.0), step_s=1.0, **(NODES | {"die_skin_k_per_w": 1e-4})
    )

    assert skin[-1] == pytest.approx(temperature_c(power_w=2.0, time_s=100.0, **GLASSES), abs=0.01)


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
