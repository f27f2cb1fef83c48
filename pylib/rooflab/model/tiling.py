"""Tiles and waves: how much of a device a matrix product keeps busy."""

import numpy as np

from rooflab.values import Values

__all__ = ["tile_fraction", "tiles_count", "wave_fraction", "waves_count"]


def tile_fraction(*, rows: Values, columns: Values, tile_rows: Values, tile_columns: Values) -> Values:
    """Return the useful share of the tiles that cover a `rows` x `columns` output.

    >>> float(tile_fraction(rows=64, columns=8192, tile_rows=128, tile_columns=256))
    0.5
    """
    covered = (
        np.ceil(rows / tile_rows) * tile_rows * np.ceil(columns / tile_columns) * tile_columns
    )
    return rows * columns / covered


def tiles_count(
    *, rows: Values, columns: Values, tile_rows: Values, tile_columns: Values, split_k: Values = 1
) -> Values:
    """Return the blocks of work, when the inner dimension is divided by `split_k` as well."""
    return np.ceil(rows / tile_rows) * np.ceil(columns / tile_columns) * split_k


def waves_count(*, tiles: Values, slots: Values) -> Values:
    """Return the waves in which `slots` resident blocks (SMs x blocks on each) work through the tiles."""
    return np.ceil(tiles / slots)


def wave_fraction(*, tiles: Values, slots: Values) -> Values:
    """Return the share of the slots that are busy, averaged over all waves.

    4096 x 4096 in tiles of 128 x 256 on 108 SMs takes five waves, the last one nearly full:

    >>> round(float(wave_fraction(tiles=512, slots=108)), 2)
    0.95

    Source: NVIDIA, Matrix Multiplication Background User's Guide.
    """
    return tiles / (waves_count(tiles=tiles, slots=slots) * slots)
