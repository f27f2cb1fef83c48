import pytest

from rooflab.facts.workloads import LLAMA_3_70B
from rooflab.model.capacity import serving_capacity
from rooflab.model.stack import shape_of
from rooflab.units import GIB


def capacity(**changes):
    values = {
        "device_count": 8,
        "batch": 40,
        "tokens": 40,
        "kept_tokens": 4096,
        "weight_element_bytes": 2.0,
        "head_element_bytes": 2.0,
        "kv_element_bytes": 2.0,
        "workspace_bytes": 0.0,
        "draft_weight_bytes": None,
        "draft_kv_token_bytes": None,
        "reserve_fraction": 0.05,
    }
    return serving_capacity(shape_of(LLAMA_3_70B), 80 * GIB, **(values | changes))


def test_the_parts_are_counted_by_hand():
    got = capacity()

    assert got.weight_bytes == 70_553_706_496 * 2 / 8
    assert got.kv_bytes == 40 * 4096 * 327_680 / 8
    assert got.reserve_bytes == pytest.approx(0.05 * 80 * GIB)
    stream, wide = 2 * 8192, 2 * 28672 / 8  # per token, elements
    assert got.activation_bytes == 2 * 40 * (stream + wide) + 4 * 40 * 128256 / 8
    assert got.fits


def test_the_largest_batch_fits_and_one_more_does_not():
    most = int(capacity().max_batch_count)

    assert capacity(batch=most, tokens=most).fits
    assert not capacity(batch=most + 1, tokens=most + 1).fits


def test_sixteen_devices_hold_the_eight_kv_heads_twice():
    assert capacity(device_count=16).kv_bytes == capacity(device_count=8).kv_bytes


def test_weights_that_do_not_fit_leave_no_room():
    assert capacity(device_count=1).max_batch_count == 0
