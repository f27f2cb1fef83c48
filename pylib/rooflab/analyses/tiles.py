"""A tiling proposed for one matrix product, scored against every tiling on offer."""

from dataclasses import dataclass

import numpy as np

from rooflab.errors import BadDesign, ModelError
from rooflab.model.tiling import tile_fraction, tiles_count, wave_fraction, waves_count
from rooflab.specs import TileProblem
from rooflab.values import Flags, Values

__all__ = ["SLAB_DEPTH", "SLABS_COUNT", "BestTiles", "Tiles", "best_tiles", "score_tiles"]

SLAB_DEPTH = 32
SLABS_COUNT = 2
"""A tile's operands arrive in slabs of 32 along the depth, one in use while the next one comes.

Source: NVIDIA CUTLASS, default_gemm_configuration.h: tiles of 128 x 256 with a depth of 32 in two
stages by default on Turing, of 64 in three on Ampere; the smaller need is taken.
"""

_TIE_FRACTION = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """What a tiling does; each figure of one tiling is a number, of many an array.

    `score_fraction` is the useful share of all tiles times the share of busy places over all
    waves; it is 0 where a tile does not fit on the chip. `moved_bytes` counts the operands as
    often as tiles read them, and the partial sums where the depth is split.
    """

    tile_rows: Values
    tile_columns: Values
    splits: Values
    tiles_count: Values
    waves_count: Values
    tile_fraction: Values
    wave_fraction: Values
    score_fraction: Values
    needed_bytes: Values
    moved_bytes: Values
    fits: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class BestTiles:
    """The best tiling on offer, how many were offered, and how many of them fit."""

    best: Tiles
    offered_count: int
    fitting_count: int


def score_tiles(problem: TileProblem, *, tile_rows: Values, tile_columns: Values, splits: Values) -> Tiles:
    """Return what a tiling does; all sizes may be arrays and broadcast.

    Raises:
        BadDesign: a size is not on offer.
    """
    for name, value, offered in (
        ("tile rows", tile_rows, problem.tile_rows),
        ("tile columns", tile_columns, problem.tile_columns),
        ("splits", splits, problem.splits),
    ):
        if not np.isin(value, offered).all():
            raise BadDesign(
                f"{problem.name} offers {name} {', '.join(map(str, offered))}; got {value}."
            )
    return _score(problem, tile_rows, tile_columns, splits)


def best_tiles(problem: TileProblem) -> BestTiles:
    """Return the tiling of the highest score; of equal ones, that which moves the fewest bytes.

    Raises:
        ModelError: no tile on offer fits on the chip.
    """
    rows, columns, splits = np.meshgrid(
        problem.tile_rows, problem.tile_columns, problem.splits, indexing="ij"
    )
    every = _score(problem, rows.ravel(), columns.ravel(), splits.ravel())
    if not every.fits.any():
        raise ModelError(
            f"No tile offered for {problem.name} fits {problem.on_chip_bytes:g} bytes; "
            f"the smallest needs {every.needed_bytes.min():g}."
        )
    score = every.score_fraction
    equal = np.flatnonzero(score >= score.max() * (1 - _TIE_FRACTION))
    at = equal[every.moved_bytes[equal].argmin()]
    best = _score(problem, *(int(each[at]) for each in (every.tile_rows, every.tile_columns, every.splits)))
    return BestTiles(best=best, offered_count=len(score), fitting_count=int(every.fits.sum()))


def _score(problem: TileProblem, tile_rows: Values, tile_columns: Values, splits: Values) -> Tiles:
    sizes = {"rows": problem.rows, "columns": problem.columns, "tile_rows": tile_rows, "tile_columns": tile_columns}
    tiles = tiles_count(**sizes, split_k=splits)
    slab = np.minimum(SLAB_DEPTH, np.ceil(problem.depth / splits))
    needed = (
        SLABS_COUNT * slab * (tile_rows + tile_columns) * problem.element_bytes
        + tile_rows * tile_columns * problem.accumulator_bytes
    )
    outputs = problem.rows * problem.columns
    useful, busy = tile_fraction(**sizes), wave_fraction(tiles=tiles, slots=problem.slots)
    fits = needed <= problem.on_chip_bytes
    row_passes = np.ceil(problem.columns / tile_columns)
    column_passes = np.ceil(problem.rows / tile_rows)
    operands = problem.depth * (problem.rows * row_passes + problem.columns * column_passes)
    # Each part of a split depth writes its sums, and one pass reads them all.
    partial_sums = np.where(splits > 1, 2 * splits * outputs * problem.accumulator_bytes, 0.0)
    return Tiles(
        tile_rows=tile_rows,
        tile_columns=tile_columns,
        splits=splits,
        tiles_count=tiles,
        waves_count=waves_count(tiles=tiles, slots=problem.slots),
        tile_fraction=useful,
        wave_fraction=busy,
        score_fraction=np.where(fits, useful * busy, 0.0),
        needed_bytes=needed,
        moved_bytes=(operands + outputs) * problem.element_bytes + partial_sums,
        fits=fits,
    )
