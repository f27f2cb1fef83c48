import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.errors import UnsupportedPrecision
from rooflab.facts.devices_tracks import A100_SXM_80GB, H100_SXM
from rooflab.model.cost import Cost, linear
from rooflab.model.roofline import (
    BOUNDS,
    Timing,
    exposed_fraction,
    attainable_flop_per_s,
    roofline,
)
from rooflab.specs import Precision

work = st.floats(1e3, 1e18)


def square(tokens):
    return linear(tokens=tokens, inputs=4096, outputs=4096, weight_element_bytes=2, element_bytes=2)


def test_one_decode_token_waits_for_its_weights():
    timing = roofline(square(1), A100_SXM_80GB, precision=Precision.BF16)

    assert timing.memory_s == pytest.approx(33.57e6 / 2.039e12, rel=1e-3)  # 33.6 MB at 2.04 TB/s
    assert timing.compute_s == pytest.approx(33.55e6 / 312e12, rel=1e-3)
    assert BOUNDS[int(timing.bound)] == "memory"


def test_a_thousand_tokens_wait_for_the_matrix_units():
    timing = roofline(square(1024), A100_SXM_80GB, precision=Precision.BF16)

    assert BOUNDS[int(timing.bound)] == "compute"
    assert timing.time_s == timing.compute_s


def test_at_the_ridge_both_take_as_long():
    ridge = A100_SXM_80GB.ridge_flop_per_byte(Precision.BF16)
    timing = roofline(Cost(ridge * 1e9, 1e9), A100_SXM_80GB, precision=Precision.BF16)

    assert timing.compute_s == pytest.approx(timing.memory_s)


def test_no_work_takes_no_time():
    assert roofline(Cost(), A100_SXM_80GB, precision=Precision.BF16).time_s == 0


def test_starting_that_outlasts_the_work_is_latency():
    assert BOUNDS[int(Timing(1e-6, 2e-6, 3e-6).bound)] == "latency"
    assert BOUNDS[int(Timing(1e-6, 2e-6, 1e-6).bound)] == "memory"
    assert BOUNDS[int(Timing(1e-6, 2e-6, 1e-6, 3e-6).bound)] == "link"


def test_one_wave_of_tiles_hides_nothing_and_sixteen_hide_half():
    assert float(exposed_fraction(tiles=100.0, slots=108)) == 1  # all of it waits for its data
    assert float(exposed_fraction(tiles=16 * 108.0, slots=108)) == 16**-0.25


def test_an_a100_has_no_fp8():
    with pytest.raises(UnsupportedPrecision):
        roofline(square(1), A100_SXM_80GB, precision=Precision.FP8)


@given(flop=work, hbm_bytes=work)
def test_no_point_lies_above_the_roof(flop, hbm_bytes):
    timing = roofline(Cost(flop, hbm_bytes), H100_SXM, precision=Precision.BF16)
    roof = attainable_flop_per_s(
        intensity_flop_per_byte=flop / hbm_bytes,
        peak_flop_per_s=989e12,
        hbm_bytes_per_s=3.35e12,
    )

    assert flop / timing.time_s == pytest.approx(roof)


@given(flop=work, hbm_bytes=work)
def test_overlap_saves_at_most_half(flop, hbm_bytes):
    timing = roofline(Cost(flop, hbm_bytes), H100_SXM, precision=Precision.BF16)

    assert timing.time_s <= timing.compute_s + timing.memory_s <= 2 * timing.time_s


def test_the_slope_ends_at_the_ridge():
    roof = attainable_flop_per_s(
        intensity_flop_per_byte=np.array([1.0, 153.0, 1e4]),
        peak_flop_per_s=312e12,
        hbm_bytes_per_s=2.039e12,
    )

    assert roof.tolist() == [2.039e12, 153 * 2.039e12, 312e12]
