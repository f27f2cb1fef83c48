"""Sparse weights: what they take to store."""

from rooflab.values import Values

__all__ = ["bitmap_element_bytes", "two_of_four_element_bytes"]


def bitmap_element_bytes(*, density_fraction: Values, value_bytes: float) -> Values:
    """Return the bytes of one position: the values that are kept, and one bit for each position.

    >>> bitmap_element_bytes(density_fraction=0.5, value_bytes=2.0)
    1.125
    """
    return density_fraction * value_bytes + 1 / 8


def two_of_four_element_bytes(*, value_bytes: float) -> float:
    """Return the bytes of one position when two of four are kept, with 2 bits for each kept one.

    >>> two_of_four_element_bytes(value_bytes=2.0), two_of_four_element_bytes(value_bytes=1.0)
    (1.125, 0.625)

    Source: Mishra et al. (2021), arXiv:2104.08378.
    """
    return 0.5 * value_bytes + 0.5 * 2 / 8
