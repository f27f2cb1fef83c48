"""A tiling proposed for one matrix product: how long its kernel takes, against every tiling on offer."""

from dataclasses import dataclass

import numpy as np

from rooflab.errors import BadDesign, ModelError
from rooflab.model.roofline import exposed_fraction
from rooflab.model.tiling import tile_fraction, tiles_count, wave_fraction, waves_count
from rooflab.specs import TileProblem
from rooflab.values import Flags, Values

__all__ = ["SLAB_DEPTH", "SLABS_COUNT", "BestTiles", "Tiles", "best_tiles", "needed_times_s", "score_tiles", "waiting_fraction"]

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

    `waves_s` is the arithmetic of all waves, tiles over the edge and idle places included. `moved_bytes`
    counts the operands as often as tiles read them, and the partial sums where the depth is split;
    `memory_bytes` is what of it reaches the memory. `bytes_s` is the longer of `memory_s` and `cache_s`.
    `kernel_s` composes both, and is infinite where a tile does not fit on the chip: it cannot run.
    `score_fraction` is the kernel time of the fastest tiling on offer over that of this one; 0 if this
    one cannot run.
    """

    tile_rows: Values
    tile_columns: Values
    splits: Values
    tiles_count: Values
    waves_count: Values
    tile_fraction: Values
    wave_fraction: Values
    needed_bytes: Values
    moved_bytes: Values
    memory_bytes: Values
    waves_s: Values
    memory_s: Values
    cache_s: Values
    kernel_s: Values
    score_fraction: Values
    fits: Flags

    @property
    def bytes_s(self) -> Values:
        """Time that the bytes take: memory and cache work side by side."""
        return np.maximum(self.memory_s, self.cache_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class BestTiles:
    """The fastest tiling on offer, how many were offered, and how many of them fit."""

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
            raise BadDesign(f"{problem.name} offers {name} {', '.join(map(str, offered))}; got {value}.")
    return _timed(problem, tile_rows, tile_columns, splits, least_s=_every(problem).kernel_s.min())


def best_tiles(problem: TileProblem) -> BestTiles:
    """Return the tiling of the shortest kernel; of equal ones, that which moves the fewest bytes.

    Raises:
        ModelError: no tile on offer fits on the chip.
    """
    every = _every(problem)
    if not every.fits.any():
        raise ModelError(
            f"No tile offered for {problem.name} fits {problem.on_chip_bytes:g} bytes; "
            f"the smallest needs {every.needed_bytes.min():g}."
        )
    least_s = every.kernel_s.min()
    equal = np.flatnonzero(every.kernel_s <= least_s * (1 + _TIE_FRACTION))
    at = equal[every.moved_bytes[equal].argmin()]
    sizes = (int(each[at]) for each in (every.tile_rows, every.tile_columns, every.splits))
    best = _timed(problem, *sizes, least_s=least_s)
    return BestTiles(best=best, offered_count=len(every.kernel_s), fitting_count=int(every.fits.sum()))


def needed_times_s(problem: TileProblem) -> tuple[float, float, float]:
    """Return what any tiling takes: arithmetic on all places, and every operand and output once, in memory and in cache."""
    outputs = problem.rows * problem.columns
    once_bytes = problem.depth * (
        problem.rows * problem.row_element_bytes + problem.columns * problem.column_element_bytes
    ) + outputs * problem.output_element_bytes
    widen_s = problem.columns * problem.depth * problem.column_element_bytes / problem.widen_bytes_per_s
    return (
        2 * outputs * problem.depth / problem.flop_per_s,
        once_bytes / problem.memory.bytes_per_s + widen_s,
        once_bytes / problem.cache.bytes_per_s if problem.cache else 0.0,
    )


def _every(problem: TileProblem) -> Tiles:
    sizes = np.meshgrid(problem.tile_rows, problem.tile_columns, problem.splits, indexing="ij")
    return _timed(problem, *(each.ravel() for each in sizes), least_s=0.0)


def _timed(problem: TileProblem, tile_rows: Values, tile_columns: Values, splits: Values, *, least_s: float) -> Tiles:
    sizes = {"rows": problem.rows, "columns": problem.columns, "tile_rows": tile_rows, "tile_columns": tile_columns}
    tiles = tiles_count(**sizes, split_k=splits)
    waves, busy = waves_count(tiles=tiles, slots=problem.slots), wave_fraction(tiles=tiles, slots=problem.slots)
    part_depth = np.ceil(problem.depth / splits)
    tile_s = problem.tile_start_s + 2 * tile_rows * tile_columns * part_depth / (problem.flop_per_s / problem.slots)
    needed = _needed_bytes(problem, tile_rows, tile_columns, np.minimum(SLAB_DEPTH, part_depth))
    fits = needed <= problem.on_chip_bytes
    moved, memory, memory_s, cache_s = _traffic(problem, tile_rows, tile_columns, splits, busy)
    waves_s, bytes_s = waves * tile_s, np.maximum(memory_s, cache_s)
    exposed = _exposed(problem, tiles)
    kernel_s = np.where(fits, np.maximum(waves_s, bytes_s) + exposed * np.minimum(waves_s, bytes_s), np.inf)
    return Tiles(
        tile_rows=tile_rows,
        tile_columns=tile_columns,
        splits=splits,
        tiles_count=tiles,
        waves_count=waves,
        tile_fraction=tile_fraction(**sizes),
        wave_fraction=busy,
        needed_bytes=needed,
        moved_bytes=moved,
        memory_bytes=memory,
        waves_s=waves_s,
        memory_s=memory_s,
        cache_s=cache_s,
        kernel_s=kernel_s,
        score_fraction=np.where(fits, least_s / np.where(fits, kernel_s, 1.0), 0.0),
        fits=fits,
    )


def waiting_fraction(problem: TileProblem, tiles: Tiles) -> float:
    """Return the share of the shorter of waves and bytes that nothing hides."""
    return float(_exposed(problem, tiles.tiles_count))


def _exposed(problem: TileProblem, tiles: Values) -> Values:
    return problem.waiting_fraction * exposed_fraction(tiles=tiles, slots=problem.slots)


def _needed_bytes(problem: TileProblem, tile_rows: Values, tile_columns: Values, slab: Values) -> Values:
    """Return what a tile keeps on the chip: slabs of both operands, and its sums."""
    operands = tile_rows * problem.row_element_bytes + tile_columns * problem.column_element_bytes
    return SLABS_COUNT * slab * operands + tile_rows * tile_columns * problem.accumulator_bytes


def _traffic(
    problem: TileProblem, tile_rows: Values, tile_columns: Values, splits: Values, busy: Values
) -> tuple[Values, Values, Values, Values]:
    """Return bytes that tiles move, bytes that reach the memory, and the time of memory and cache.

    The cache serves every re-read if it holds the smaller operand, since tiles can run in an order in
    which the larger one streams by once; and the partial sums if it holds them. Places that are idle
    take nothing from it.
    """
    outputs = problem.rows * problem.columns
    row_bytes = problem.rows * problem.depth * problem.row_element_bytes
    column_bytes = problem.columns * problem.depth * problem.column_element_bytes
    column_read = column_bytes * np.ceil(problem.rows / tile_rows)
    read = row_bytes * np.ceil(problem.columns / tile_columns) + column_read
    # Each part of a split depth writes its sums, and one pass reads them all.
    sums = np.where(splits > 1, 2 * splits * outputs * problem.accumulator_bytes, 0.0)
    written = outputs * problem.output_element_bytes
    moved, cache = read + sums + written, problem.cache
    held = 0.0 if cache is None else cache.capacity_bytes
    memory = (
        np.where(min(row_bytes, column_bytes) <= held, row_bytes + column_bytes, read)
        + np.where(sums / 2 <= held, 0.0, sums)
        + written
    )
    memory_s = memory / problem.memory.bytes_per_s + column_read / problem.widen_bytes_per_s
    cache_s = np.zeros_like(memory_s) if cache is None else moved / (cache.bytes_per_s * busy)
    return moved, memory, memory_s, cache_s
