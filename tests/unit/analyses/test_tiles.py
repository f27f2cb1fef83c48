"""Tilings: waves, padding and bytes by hand, what fits on the chip, and the fastest on offer."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.analyses.tiles import best_tiles, needed_times_s, score_tiles
from rooflab.errors import BadDesign, ModelError
from rooflab.facts.sources import L2_ASSUMPTION
from rooflab.specs import TileMemory, TileProblem
from rooflab.tracks import TRACKS

SIZES = (64, 128, 256)
RATE = 108e12
HBM, L2 = 1e12, 4e12
SIDE = 4096 * 4096 * 2  # bytes of a square operand


def product(**changes):
    return TileProblem(
        **{
            "name": "a product",
            "rows": 4096,
            "columns": 4096,
            "depth": 4096,
            "slots": 108,
            "on_chip_bytes": 256e3,
            "row_element_bytes": 2.0,
            "column_element_bytes": 2.0,
            "output_element_bytes": 2.0,
            "accumulator_bytes": 4.0,
            "flop_per_s": RATE,
            "memory": TileMemory(name="HBM", bytes_per_s=HBM, source=L2_ASSUMPTION),
            "tile_rows": SIZES,
            "tile_columns": SIZES,
            "splits": (1, 2, 4, 8),
        }
        | changes
    )


def tiled(problem, rows, columns, split=1):
    return score_tiles(problem, tile_rows=rows, tile_columns=columns, splits=split)


def test_a_large_product_takes_five_waves():
    tiles = tiled(product(), 128, 256)

    assert tiles.tiles_count == 32 * 16
    assert tiles.waves_count == 5
    # Each wave computes a tile on each of 108 places, of 1e12 FLOP/s.
    assert tiles.waves_s == pytest.approx(5 * 2 * 128 * 256 * 4096 / (RATE / 108))


def test_one_more_column_of_tiles_opens_a_sixth_wave():
    assert tiled(product(columns=4352), 128, 256).waves_s == pytest.approx(6 / 5 * tiled(product(), 128, 256).waves_s)


def test_few_rows_take_as_long_as_the_whole_tile():
    few, whole = (tiled(product(rows=rows), 128, 256) for rows in (64, 128))

    assert few.tile_fraction == 64 / 128
    assert few.waves_s == whole.waves_s


def test_a_start_of_every_tile_adds_to_each_wave():
    assert tiled(product(tile_start_s=1e-6), 128, 256).waves_s - tiled(product(), 128, 256).waves_s == pytest.approx(5e-6)


def test_splitting_the_depth_multiplies_tiles_and_moves_partial_sums():
    whole, split = (tiled(product(rows=64, depth=1024), 64, 128, parts) for parts in (1, 4))

    assert (whole.tiles_count, split.tiles_count) == (32, 128)
    assert split.moved_bytes - whole.moved_bytes == 2 * 4 * 64 * 4096 * 4  # each part writes a sum that is read again
    # One wave of whole depths, or two of a quarter.
    assert split.waves_s == pytest.approx(whole.waves_s * 2 / 4)


def test_operands_are_read_once_for_each_row_and_column_of_tiles():
    tiles = tiled(product(), 128, 256)

    assert tiles.moved_bytes == tiles.memory_bytes == SIDE * (4096 / 256) + SIDE * (4096 / 128) + SIDE
    assert tiles.memory_s == tiles.bytes_s == pytest.approx(tiles.moved_bytes / HBM)
    assert tiles.cache_s == 0


def test_a_cache_that_holds_the_smaller_operand_serves_re_reads():
    def cached(capacity_bytes):
        return tiled(product(rows=2048, cache=TileMemory(name="L2", bytes_per_s=L2, source=L2_ASSUMPTION, capacity_bytes=capacity_bytes)), 128, 256)

    held, spilled = cached(SIDE / 2), cached(SIDE / 2 - 1)
    moved = SIDE / 2 * 16 + SIDE * 16 + SIDE / 2

    assert held.moved_bytes == spilled.moved_bytes == spilled.memory_bytes == moved
    assert held.memory_bytes == SIDE / 2 + SIDE + SIDE / 2  # each once
    assert held.cache_s == pytest.approx(moved / (L2 * held.wave_fraction))  # idle places take nothing
    assert held.bytes_s == max(held.cache_s, held.memory_s)


def test_partial_sums_that_a_cache_cannot_hold_reach_the_memory():
    sums = 4 * 64 * 4096 * 4  # one sum in each of four parts
    problem = product(rows=64)

    def memory_bytes(capacity_bytes, split):
        cache = TileMemory(name="L2", bytes_per_s=L2, source=L2_ASSUMPTION, capacity_bytes=capacity_bytes)
        return tiled(replace(problem, cache=cache), 64, 128, split).memory_bytes

    assert memory_bytes(sums, 4) == memory_bytes(sums, 1)
    assert memory_bytes(sums - 1, 4) == memory_bytes(sums, 1) + 2 * sums


def test_narrow_columns_are_widened_as_often_as_they_are_read():
    problem = product(column_element_bytes=1.0, widen_bytes_per_s=1e12)
    plain = replace(problem, widen_bytes_per_s=np.inf)

    assert tiled(problem, 128, 256).memory_s - tiled(plain, 128, 256).memory_s == pytest.approx(32 * 4096 * 4096 / 1e12)


def test_bytes_hide_behind_waves_or_wait_for_them():
    overlapping, waiting = (tiled(product(waiting_fraction=each), 128, 256) for each in (0.0, 1.0))
    longer, shorter = sorted((overlapping.waves_s, overlapping.bytes_s), reverse=True)

    assert overlapping.kernel_s == longer
    assert waiting.kernel_s == pytest.approx(longer + (108 / 512) ** 0.25 * shorter)


def test_a_tile_that_does_not_fit_cannot_run():
    tiles = tiled(product(), 256, 256)

    assert tiles.needed_bytes == 2 * 32 * (256 + 256) * 2 + 256 * 256 * 4  # two slabs of both operands: 328 kB
    assert not tiles.fits
    assert (tiles.kernel_s, tiles.score_fraction) == (np.inf, 0)


def test_a_depth_shorter_than_a_slab_needs_less():
    assert tiled(product(depth=64), 64, 64, 8).needed_bytes == 2 * 8 * (64 + 64) * 2 + 64 * 64 * 4


def test_the_score_is_the_time_of_the_fastest_over_ones_own():
    problem = product()
    best, other = best_tiles(problem).best, tiled(problem, 64, 64)

    assert best.score_fraction == 1
    assert other.score_fraction == best.kernel_s / other.kernel_s < 1


def test_equal_times_go_to_the_tiling_that_moves_least():
    found = best_tiles(product(rows=256, columns=256, slots=1, splits=(1, 2), on_chip_bytes=1e6, flop_per_s=1e9))

    # So slow that arithmetic binds, and every tiling is whole.
    assert (found.best.tile_rows, found.best.tile_columns, found.best.splits) == (256, 256, 1)
    assert found.offered_count == found.fitting_count == 3 * 3 * 2


def test_what_does_not_fit_is_counted_out():
    assert best_tiles(product(splits=(1,))).fitting_count == 9 - 1


def test_a_size_that_is_not_offered_is_refused():
    with pytest.raises(BadDesign, match="a product offers tile rows 64, 128, 256; got 100"):
        tiled(product(), 100, 64)


def test_a_tile_that_the_matrix_unit_does_not_divide_is_never_offered():
    with pytest.raises(BadDesign, match="tiles of 100 rows, no multiple of the matrix unit's 16"):
        product(unit_rows=16, tile_rows=(64, 100))
    with pytest.raises(BadDesign, match="tiles of 20 columns, no multiple of the matrix unit's 8"):
        product(unit_columns=8, tile_columns=(20,))


def test_a_chip_too_small_for_any_tile_is_named():
    with pytest.raises(ModelError, match="fits 1000 bytes; the smallest needs 32768"):
        best_tiles(product(on_chip_bytes=1000))  # 2 x 32 x 128 x 2 + 64 x 64 x 4


@given(
    st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 200), st.booleans(), st.sampled_from((0.0, 1.0)),
)
def test_no_tiling_takes_less_than_the_best_or_than_what_it_needs(rows, columns, slots, cached, waiting):
    cache = TileMemory(name="L2", bytes_per_s=L2, source=L2_ASSUMPTION, capacity_bytes=1e6) if cached else None
    problem = product(rows=rows, columns=columns, slots=slots, cache=cache, waiting_fraction=waiting)
    needed_s, best = needed_times_s(problem), best_tiles(problem).best

    for tile_rows in SIZES:
        for split in (1, 8):
            tiles = tiled(problem, tile_rows, 128, split)
            assert tiles.kernel_s >= best.kernel_s * (1 - 1e-9)
            assert (np.array([tiles.waves_s, tiles.memory_s, tiles.cache_s]) >= np.array(needed_s) * (1 - 1e-9)).all()


def every_design(part, mission):
    """Yield the baseline, the tempting design, and one design for each other value of each control."""
    yield mission.baseline
    yield mission.tempting
    for control in part.controls:
        space = [each.id for each in control.choices] if control.chain else control.space
        yield from (mission.baseline.replace(**{control.id: each}) for each in space)


@pytest.mark.parametrize("variant", range(6))
@pytest.mark.parametrize("track", TRACKS, ids=lambda track: track.id)
def test_no_tiling_that_a_track_offers_is_faster_than_its_best(track, variant):
    part = track.part(2)
    mission = part.mission(variant)

    for design in every_design(part, mission):
        problem = part.tiling(mission.scenario, design)
        found = best_tiles(problem)
        grid = np.meshgrid(problem.tile_rows, problem.tile_columns, problem.splits, indexing="ij")
        every = score_tiles(problem, tile_rows=grid[0], tile_columns=grid[1], splits=grid[2])
        assert every.kernel_s.min() == found.best.kernel_s
        assert every.score_fraction.max() == found.best.score_fraction == 1
        assert (every.kernel_s[every.fits] >= max(needed_times_s(problem)) * (1 - 1e-9)).all()
        assert ((every.score_fraction == 0) == ~every.fits).all()
