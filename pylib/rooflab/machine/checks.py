"""The sum of the output that each kernel must give, as NumPy computes it.

All inputs are small integers, so float32 is exact in any order and with fused multiply-adds, and a sum of them in float64
too. The inputs repeat after a few elements, so sums over millions of them are computed from one period.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from rooflab.machine.counts import CHAIN_ELEMENTS, CHAINS, ELEMENT_BYTES, LANES, SIDE

__all__ = ["expected_checksum", "first", "second", "weights"]

TRIAD_FACTOR = 2
EPILOGUE_SCALE, BIAS_COLUMNS, BIAS_PERIOD = 2, 1024, 5
FIRST_PERIOD, SECOND_PERIOD, WEIGHT_PERIOD = 11, 7, 3


def first(index: np.ndarray) -> np.ndarray:
    """Return elements of the first array: whole numbers from -5 to 5."""
    return (index * 7 + 3) % FIRST_PERIOD - 5


def second(index: np.ndarray) -> np.ndarray:
    """Return elements of the second array: whole numbers from -3 to 3."""
    return (index * 5 + 1) % SECOND_PERIOD - 3


def weights(index: np.ndarray) -> np.ndarray:
    """Return weights of `batch`: -1, 0 or 1."""
    return index % WEIGHT_PERIOD - 1


@cache
def expected_checksum(kernel: str, variant: str, size: int) -> float:
    """Return the sum of the output of one run.

    Two iterations of x = 1 - x bring each of the 12 chains in 4 lanes back to its start, 0 to 11:

    >>> expected_checksum("peak", "simd", 2) == 4 * sum(range(12))
    True
    """
    return float(_SUMS[kernel](variant, size))


def _peak(variant: str, iterations: int) -> int:
    starts = np.arange(CHAINS)
    return int(LANES[variant] * (starts if iterations % 2 == 0 else 1 - starts).sum())


def _triad(_variant: str, array_bytes: int) -> int:
    count = array_bytes // ELEMENT_BYTES
    return _periodic(first, FIRST_PERIOD, count) + TRIAD_FACTOR * _periodic(second, SECOND_PERIOD, count)


def _chain(_variant: str, steps: int) -> int:
    """k steps of x = 1 - x are one if k is odd, none if it is even."""
    total = _periodic(first, FIRST_PERIOD, CHAIN_ELEMENTS)
    return CHAIN_ELEMENTS - total if steps % 2 else total


def _epilogue(_variant: str, array_bytes: int) -> int:
    def output(index: np.ndarray) -> np.ndarray:
        bias = index % BIAS_COLUMNS % BIAS_PERIOD - 2
        return np.maximum(0, EPILOGUE_SCALE * first(index) + bias)

    return _periodic(output, FIRST_PERIOD * BIAS_COLUMNS, array_bytes // ELEMENT_BYTES)


def _gemm(_variant: str, side: int) -> int:
    """The sum over A B is that of the column sums of A times the row sums of B."""
    index = np.arange(side * side).reshape(side, side)
    return int(first(index).sum(axis=0) @ second(index).sum(axis=1))


def _batch(_variant: str, columns: int) -> int:
    """As for a product, with the columns one after the other: row sums of X are over their number."""
    rows, row = np.arange(SIDE), np.arange(WEIGHT_PERIOD)
    by_class = weights(rows[:, None] * SIDE + row).sum(axis=0)  # columns that are alike modulo 3 have one sum
    inputs = first(np.arange(columns)[:, None] * SIDE + rows).sum(axis=0)
    return int(by_class[rows % WEIGHT_PERIOD] @ inputs)


def _periodic(output, period: int, count: int) -> int:
    """Sum a function of the index that repeats after a period."""
    values = output(np.arange(period))
    return int(count // period * values.sum() + values[: count % period].sum())


_SUMS = {"peak": _peak, "triad": _triad, "chain": _chain, "epilogue": _epilogue, "gemm": _gemm, "batch": _batch}
