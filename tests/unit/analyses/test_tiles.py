"""Tilings: waves and padding by hand, what fits on the chip, and the best on offer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.analyses.tiles import best_tiles, score_tiles
from rooflab.errors import BadDesign, ModelError
from rooflab.specs import TileProblem

SIZES = (64, 128, 256)


def product(**changes):
    return TileProblem(
        **{
            "name": "a product",
            "rows": 4096,
            "columns": 4096,
            "depth": 4096,
            "slots": 108,
            "on_chip_bytes": 256e3,
            "element_bytes": 2.0,
            "accumulator_bytes": 4.0,
            "tile_rows": SIZES,
            "tile_columns": SIZES,
            "splits": (1, 2, 4, 8),
        }
        | changes
    )


def test_a_large_product_nearly_fills_five_waves():
    tiles = score_tiles(product(), tile_rows=128, tile_columns=256, splits=1)

    assert tiles.tiles_count == 32 * 16
    assert tiles.waves_count == 5
    assert tiles.score_fraction == pytest.approx(512 / (5 * 108))  # 0.95; nothing is padded
    assert round(float(tiles.score_fraction), 2) == 0.95


def test_one_more_column_of_tiles_opens_a_sixth_wave():
    tiles = score_tiles(product(columns=4352), tile_rows=128, tile_columns=256, splits=1)

    assert tiles.score_fraction == pytest.approx(32 * 17 / (6 * 108))  # 0.84


def test_few_rows_waste_half_a_tile_and_three_quarters_of_the_chip():
    tiles = score_tiles(product(rows=64, columns=8192, slots=132), tile_rows=128, tile_columns=256, splits=1)

    assert tiles.tile_fraction == 64 / 128
    assert tiles.wave_fraction == 32 / 132  # 0.24
    assert tiles.score_fraction == pytest.approx(0.5 * 32 / 132)


def test_splitting_the_depth_multiplies_tiles_and_moves_partial_sums():
    whole = score_tiles(product(rows=64), tile_rows=64, tile_columns=128, splits=1)
    split = score_tiles(product(rows=64), tile_rows=64, tile_columns=128, splits=4)

    assert (whole.tiles_count, split.tiles_count) == (32, 128)
    assert split.moved_bytes - whole.moved_bytes == 2 * 4 * 64 * 4096 * 4  # each part writes a sum that is read again


def test_operands_are_read_once_for_each_row_and_column_of_tiles():
    tiles = score_tiles(product(), tile_rows=128, tile_columns=256, splits=1)

    side = 4096 * 4096 * 2
    assert tiles.moved_bytes == side * (4096 / 256) + side * (4096 / 128) + side


def test_a_tile_must_fit_with_its_operands_and_sums():
    tiles = score_tiles(product(), tile_rows=256, tile_columns=256, splits=1)

    assert tiles.needed_bytes == 2 * 32 * (256 + 256) * 2 + 256 * 256 * 4  # two slabs of both operands: 328 kB
    assert not tiles.fits
    assert tiles.score_fraction == 0


def test_a_depth_shorter_than_a_slab_needs_less():
    tiles = score_tiles(product(depth=64), tile_rows=64, tile_columns=64, splits=8)

    assert tiles.needed_bytes == 2 * 8 * (64 + 64) * 2 + 64 * 64 * 4


def test_too_few_tiles_are_best_cut_by_splitting_the_depth():
    found = best_tiles(product(rows=64, columns=1024))

    assert found.best.score_fraction == pytest.approx(8 * 8 / 108)  # eight tiles, depth in eight
    assert (found.best.tile_rows, found.best.tile_columns, found.best.splits) == (64, 128, 8)


def test_equal_scores_go_to_the_tiling_that_moves_least():
    found = best_tiles(product(rows=256, columns=256, slots=1, splits=(1, 2), on_chip_bytes=1e6))

    assert found.best.score_fraction == 1  # every tiling fills one slot
    assert (found.best.tile_rows, found.best.tile_columns, found.best.splits) == (256, 256, 1)
    assert found.offered_count == found.fitting_count == 3 * 3 * 2


def test_what_does_not_fit_is_counted_out():
    assert best_tiles(product(splits=(1,))).fitting_count == 9 - 1


def test_a_size_that_is_not_offered_is_refused():
    with pytest.raises(BadDesign, match="a product offers tile rows 64, 128, 256; got 100"):
        score_tiles(product(), tile_rows=100, tile_columns=64, splits=1)


def test_a_chip_too_small_for_any_tile_is_named():
    with pytest.raises(ModelError, match="fits 1000 bytes; the smallest needs 32768"):
        best_tiles(product(on_chip_bytes=1000))  # 2 x 32 x 128 x 2 + 64 x 64 x 4


@given(
    st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 200),
    st.sampled_from(SIZES), st.sampled_from(SIZES), st.sampled_from((1, 2, 4, 8)),
)
def test_no_proposal_beats_the_best(rows, columns, slots, tile_rows, tile_columns, splits):
    problem = product(rows=rows, columns=columns, slots=slots)

    proposed = score_tiles(problem, tile_rows=tile_rows, tile_columns=tile_columns, splits=splits)

    assert 0 <= proposed.score_fraction <= best_tiles(problem).best.score_fraction * (1 + 1e-9) <= 1 + 1e-9
