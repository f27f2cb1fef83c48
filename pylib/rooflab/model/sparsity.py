"""Sparse weights: what they take to store, and what a kernel can skip."""

import numpy as np

from rooflab.values import Values

__all__ = [
    "bitmap_element_bytes",
    "csr_element_bytes",
    "two_of_four_element_bytes",
    "sparse_flop_factor",
]


def bitmap_element_bytes(*, density_fraction: Values, value_bytes: float) -> Values:
    """Return the bytes of one position: the values that are kept, and one bit for each position.

    >>> bitmap_element_bytes(density_fraction=0.5, value_bytes=2.0)
    1.125
    """
    return density_fraction * value_bytes + 1 / 8


def csr_element_bytes(*, density_fraction: Values, value_bytes: float, index_bytes: float) -> Values:
    """Return the bytes of one position, with a column index beside each value; row starts apart.

    16-bit values with 16-bit indices break even at half density:

    >>> csr_element_bytes(density_fraction=0.5, value_bytes=2.0, index_bytes=2.0)
    2.0
    """
    return density_fraction * (value_bytes + index_bytes)


def two_of_four_element_bytes(*, value_bytes: float) -> float:
    """Return the bytes of one position when two of four are kept, with 2 bits for each kept one.

    >>> two_of_four_element_bytes(value_bytes=2.0), two_of_four_element_bytes(value_bytes=1.0)
    (1.125, 0.625)

    Source: Mishra et al. (2021), arXiv:2104.08378.
    """
    return 0.5 * value_bytes + 0.5 * 2 / 8


def sparse_flop_factor(*, density_fraction: Values, skipped: Values) -> Values:
    """Return the flop that remain: all of them unless the kernel skips what is zero.

    Dense matrix units skip nothing; a sparse kernel does `density_fraction` of the work.
    """
    return np.where(skipped, density_fraction, 1.0)
