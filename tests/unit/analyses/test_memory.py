"""When memory is full: what frees how much, by hand."""

import pytest

from rooflab.analyses.memory import ways_back
from rooflab.specs import Control
from rooflab.tracks import track
from tests.unit import chain_lab
from tests.unit.chain_lab import CONTROLS, design, scenario

ROW = (1000 + 2 * 500) * 4  # activations of one row in elements of 4 bytes
W = 1000 * 500 * 4


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def test_what_frees_most_comes_first():
    batch, precision = ways_back(scenario(memory_bytes=W + 100 * ROW), design(batch=256), CONTROLS)

    assert (batch.label, batch.most.words, batch.most.room_bytes) == ("Batch", "1 row", 255 * ROW)
    assert precision.most.room_bytes == W / 2 + 128 * ROW


def test_the_nearest_value_that_is_enough_is_named_too():
    batch, precision = ways_back(scenario(memory_bytes=W + 100 * ROW), design(batch=256), CONTROLS)

    assert (batch.enough.value, batch.enough.room_bytes) == (64, 192 * ROW)
    assert precision.enough.words == "Narrow, 2 bytes"  # W / 2 + 128 rows are left of W + 100


def test_a_control_that_is_not_enough_by_itself_says_so():
    precision, batch = ways_back(scenario(memory_bytes=W / 2), design(batch=16), CONTROLS)

    assert batch.most.room_bytes == 15 * ROW
    assert batch.enough is precision.enough is None


def test_what_makes_no_room_is_no_way_back():
    assert {each.control_id for each in ways_back(scenario(), design(batch=256), CONTROLS)} == {"batch", "precision"}


def test_values_that_the_model_refuses_are_left_out():
    offered = (*CONTROLS[:2], Control(id="precision", label="Precision", values=("narrow", "refused")))

    ways = {each.control_id: each for each in ways_back(scenario(), design(batch=256), offered)}

    assert ways["precision"].most.value == "narrow"
    assert ways["batch"].most.room_bytes == 255 * ROW


def test_a_range_is_tried_at_its_halvings():
    ranged = Control(id="batch", label="Batch", minimum=1, maximum=4096)

    (batch,) = ways_back(scenario(memory_bytes=W + 100 * ROW), design(batch=256), (ranged,))

    assert batch.enough.value == 64
    assert batch.most.value == 1


def test_without_controls_there_is_no_way_back():
    assert ways_back(scenario(), design(), ()) == ()


def test_a_full_cache_of_a_real_service_names_its_ways_back():
    place, part = track("cloud-titan").scenario(0), track("cloud-titan").part(1)
    full = place.crisis.replace(batch=1024, context_tokens=8192)  # FP8 is refused on these GPUs

    ways = ways_back(place, full, part.controls)

    assert {"batch", "context_tokens", "kv_precision"} <= {each.control_id for each in ways}
    assert ways[0].most.room_bytes == max(each.most.room_bytes for each in ways)
    assert next(each for each in ways if each.control_id == "batch").enough.fits
