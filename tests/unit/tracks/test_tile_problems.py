"""The product that each track tiles, by hand: its sides from the network, its places and memories from the chip."""

from math import ceil

import pytest

from rooflab.lab.setting import setting
from rooflab.tracks import TRACKS
from rooflab.units import KIB

# Of variant 0, as it begins: what is asserted, and why.
EXPECTED = {
    "cloud-titan": {
        "rows": ceil(32 + 31 * 128 / 1024),  # 32 decode, and each of the others brings 128 tokens of prompt for 1024 of output
        "columns": 8192,  # hidden size of Llama 3 70B
        "depth": 28672 // 8,  # its feed-forward size, over eight GPUs
        "slots": 108,  # SMs of an A100
        "on_chip_bytes": 164 * KIB,
        "row_element_bytes": 2,  # BF16
        "column_element_bytes": 2,
        "flop_per_s": 312e12 * 0.66,  # the share of the peak that the fit found
        "unit": (16, 8),  # mma.m16n8k16
    },
    "edge-guardian": {
        "rows": (640 // 32) ** 2,  # cells after five halvings
        "columns": 256,
        "depth": 128 * 3 * 3,  # inputs of a 3 x 3 filter
        "slots": 16,  # SMs of an Orin
        "on_chip_bytes": 164 * KIB,
        "row_element_bytes": 2,  # FP16
        "column_element_bytes": 2,
        "flop_per_s": 0.70 * 42.5e12,
        "unit": (16, 8),
    },
    "mobile-nomad": {
        "rows": 7 * 7 * 10,  # cells of the last block, of ten patches
        "columns": 6 * 96,  # MobileNetV2 expands six times
        "depth": 96,
        "slots": 4,  # cores of the NPU
        "on_chip_bytes": 64 * KIB,
        "row_element_bytes": 2,
        "column_element_bytes": 2,
        "flop_per_s": 0.50 * 2e12,
        "unit": (16, 16),
    },
    "tiny-pioneer": {
        "rows": 4 * 100,  # four gates of 100 states
        "columns": 1,  # one hop
        "depth": 64 + 100,  # inputs and states
        "slots": 1,  # one core
        "on_chip_bytes": 32 * KIB // 4,  # a quarter of the cache
        "row_element_bytes": 4,  # float32
        "column_element_bytes": 4,
        "flop_per_s": 2 * 240e6 / 1.6875,  # two operations a MAC, cycles a MAC measured
        "unit": (1, 1),
    },
}


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_the_product_is_that_of_its_layer_on_its_chip(track):
    place, expected = setting(track.id, 2, 0), dict(EXPECTED[track.id])
    problem = place.part.tiling(place.scenario, place.start)

    assert (problem.unit_rows, problem.unit_columns) == expected.pop("unit")
    for name, value in expected.items():
        assert getattr(problem, name) == pytest.approx(value), name
    assert problem.accumulator_bytes == 4  # FP32 or INT32
    assert problem.output_element_bytes == problem.row_element_bytes


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_what_is_offered_ascends_and_whole_units_divide_it(track):
    place = setting(track.id, 2, 0)
    problem = place.part.tiling(place.scenario, place.start)

    for offered in (problem.tile_rows, problem.tile_columns, problem.splits):
        assert list(offered) == sorted(set(offered))
    assert not any(each % problem.unit_rows for each in problem.tile_rows)
    assert not any(each % problem.unit_columns for each in problem.tile_columns)

