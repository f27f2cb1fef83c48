import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.model.tiling import tile_fraction, tiles_count, wave_fraction, waves_count

sizes = st.integers(1, 20000)


def test_a_few_columns_more_cost_a_wave():
    square = tiles_count(rows=4096, columns=4096, tile_rows=128, tile_columns=256)
    wider = tiles_count(rows=4096, columns=4352, tile_rows=128, tile_columns=256)

    assert (square, wider) == (512, 544)
    assert wave_fraction(tiles=square, slots=108) == pytest.approx(0.948, abs=1e-3)  # 512 / 540
    assert wave_fraction(tiles=wider, slots=108) == pytest.approx(0.840, abs=1e-3)  # 544 / 648


def test_a_decode_batch_leaves_most_of_the_device_idle():
    tiles = tiles_count(rows=64, columns=8192, tile_rows=128, tile_columns=256)

    assert tile_fraction(rows=64, columns=8192, tile_rows=128, tile_columns=256) == 0.5
    assert wave_fraction(tiles=tiles, slots=132) == pytest.approx(32 / 132)


def test_splitting_the_inner_dimension_fills_the_wave():
    tiles = tiles_count(rows=64, columns=8192, tile_rows=128, tile_columns=256, split_k=4)

    assert wave_fraction(tiles=tiles, slots=132) == pytest.approx(128 / 132)


@given(sizes, sizes, st.sampled_from([64, 128, 256]), st.integers(1, 200))
def test_shares_are_shares(rows, columns, tile, slots):
    tiles = tiles_count(rows=rows, columns=columns, tile_rows=tile, tile_columns=tile)

    assert 0 < tile_fraction(rows=rows, columns=columns, tile_rows=tile, tile_columns=tile) <= 1
    assert 0 < wave_fraction(tiles=tiles, slots=slots) <= 1
    assert waves_count(tiles=tiles, slots=slots) * slots >= tiles
