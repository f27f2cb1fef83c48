import pytest

from rooflab.facts.workloads_tracks import LLAMA_3_70B
from rooflab.model.capacity import ModelMemory, activation_bytes, kv_token_bytes, model_bytes, serving_capacity
from rooflab.model.stack import shape_of
from rooflab.units import GIB


def capacity(*, device_count=8, batch=40, draft=None):
    """Serve Llama 3 70B in BF16 with 4096 tokens of each sequence in the cache, one new token at a time."""
    shape = shape_of(LLAMA_3_70B)
    served = ModelMemory(
        weight_bytes=model_bytes(shape, device_count=device_count, weight_element_bytes=2.0, head_element_bytes=2.0),
        sequence_bytes=4096 * kv_token_bytes(shape, device_count=device_count, kv_element_bytes=2.0),
    )
    return serving_capacity(
        served,
        draft,
        batch=batch,
        activation_bytes=activation_bytes(shape, device_count=device_count, batch=batch, tokens=batch),
        workspace_bytes=0.0,
        device_bytes=80 * GIB,
        reserve_fraction=0.05,
    )


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

    assert capacity(batch=most).fits
    assert not capacity(batch=most + 1).fits


def test_sixteen_devices_hold_the_eight_kv_heads_twice():
    assert capacity(device_count=16).kv_bytes == capacity(device_count=8).kv_bytes


def test_weights_that_do_not_fit_leave_no_room():
    assert capacity(device_count=1).max_batch_count == 0


def test_a_draft_model_takes_its_weights_and_its_cache_from_the_room():
    got = capacity(draft=ModelMemory(weight_bytes=2e9, sequence_bytes=3e6))

    assert got.draft_bytes == 2e9 + 40 * 3e6
    assert got.needed_bytes == pytest.approx(capacity().needed_bytes + 2e9 + 40 * 3e6)
    assert 0 < got.max_batch_count < capacity().max_batch_count
    assert capacity().draft_bytes is None
