import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.model.recurrent import (
    KernelCycles,
    energy_j,
    frame_power_w,
    line_fraction,
    lines_per_row_count,
    lstm_cost,
    lstm_macs,
    step_time_s,
    vector_fraction,
)

SCALAR = KernelCycles(call_cycles=0.0, output_cycles=0.0, mac_cycles=15.5, lanes=1)
VECTOR = KernelCycles(call_cycles=3840.0, output_cycles=27.9, mac_cycles=0.681, lanes=16)
LSTM = {"inputs": 64, "hidden": 100}
CLOCK = 240e6


def time_s(kernel, *, bytes_=1.0, bandwidth=math.inf, **shape):
    return float(
        step_time_s(
            kernel=kernel,
            weight_element_bytes=bytes_,
            clock_hz=CLOCK,
            memory_bytes_per_s=bandwidth,
            **(LSTM | shape),
        )
    )


def test_the_misaligned_cell_is_counted_by_hand():
    cost = lstm_cost(**LSTM, weight_element_bytes=1.0, fusion="full")

    assert lstm_macs(**LSTM) == 4 * 100 * (64 + 100)
    assert cost.flop == 2 * 65600 + 14 * 100
    assert cost.weight_bytes == 65600 + 4 * 400  # one byte a weight, four a bias
    assert cost.launches == 1


def test_fusion_cannot_remove_the_weights():
    costs = [
        lstm_cost(**LSTM, weight_element_bytes=1.0, fusion=each)
        for each in ("none", "partial", "full")
    ]

    assert len({each.weight_bytes for each in costs}) == 1
    assert len({each.flop for each in costs}) == 1
    moved = [each.activation_bytes for each in costs]
    assert moved == sorted(moved, reverse=True)
    assert [each.launches for each in costs] == [20, 3, 1]


def test_padding_up_costs_more_than_it_brings():
    assert [lstm_macs(inputs=64, hidden=each) for each in (100, 112, 128)] == [
        65_600,
        78_848,
        98_304,
    ]


def test_the_plain_esp32_is_compute_bound_on_int8():
    # 240 MHz / 15.5 cycles asks for 15.5 MB/s: less than the 40 MB/s of external memory.
    inside, outside = time_s(SCALAR), time_s(SCALAR, bandwidth=40e6)

    assert inside == outside == pytest.approx(65600 * 15.5 / CLOCK)


def test_the_vector_kernel_is_memory_bound_as_soon_as_weights_leave_sram():
    inside, outside = time_s(VECTOR), time_s(VECTOR, bandwidth=40e6)

    apart = (3840 + 400 * 27.9) / CLOCK  # the call and its 400 rows, which nothing hides
    assert outside - apart == pytest.approx(65600 / 40e6)
    assert inside - apart == pytest.approx(400 * 176 * 0.681 / CLOCK)
    assert outside > 5 * inside


def test_a_dot_product_is_padded_to_whole_vectors():
    assert vector_fraction(length=164, lanes=16) == pytest.approx(164 / 176)
    assert time_s(VECTOR, hidden=112) / time_s(VECTOR, hidden=100) < 78848 / 65600


def test_float_weights_make_the_esp32_memory_bound():
    assert time_s(SCALAR, bytes_=4.0, bandwidth=40e6) == pytest.approx(4 * 65600 / 40e6)


@given(st.integers(1, 4096), st.sampled_from([16, 32, 64]))
def test_an_aligned_row_never_touches_more_lines(row_bytes, line_bytes):
    aligned = lines_per_row_count(row_bytes=row_bytes, line_bytes=line_bytes, aligned=True)
    anywhere = lines_per_row_count(row_bytes=row_bytes, line_bytes=line_bytes, aligned=False)

    assert aligned <= anywhere + 1e-9
    assert 0 < line_fraction(row_bytes=row_bytes, line_bytes=line_bytes, aligned=True) <= 1


def test_published_energies_are_met_by_two_terms():
    terms = {"energy_per_mac_j": 14.5e-12, "energy_per_byte_j": 36.4e-12}

    assert energy_j(macs=2.66e6, weight_bytes=52500, **terms) == pytest.approx(40.5e-6, rel=0.01)
    assert energy_j(macs=264e3, weight_bytes=270e3, **terms) == pytest.approx(13.65e-6, rel=0.01)


def test_one_milliwatt_is_out_of_reach_of_the_esp32():
    asleep = frame_power_w(busy_s=0.0, frame_s=10e-3, active_w=99e-3, sleep_w=2.64e-3)

    assert asleep > 1e-3  # its light sleep alone breaks the budget
    assert frame_power_w(
        busy_s=20e-3, frame_s=10e-3, active_w=99e-3, sleep_w=0.0
    ) == pytest.approx(99e-3)


def test_hidden_sizes_as_a_grid():
    hidden = np.arange(32, 257, 16)
    times = step_time_s(
        kernel=VECTOR,
        inputs=64,
        hidden=hidden,
        weight_element_bytes=1.0,
        clock_hz=CLOCK,
        memory_bytes_per_s=np.array([[math.inf], [40e6]]),
    )

    assert times.shape == (2, len(hidden))
    assert np.all(np.diff(times, axis=1) > 0)
