"""What each measured kernel does: floating-point operations and bytes of one run, to be checked by hand.

Arrays hold float32; a multiply-add is 2 FLOP. Bytes are those of which a core waits for the lines: what it reads, and the old
content of what it only writes, which is fetched before. They are as many as the bytes that are read and written.
"""

from __future__ import annotations

from rooflab.errors import ModelError
from rooflab.model.cost import Cost

__all__ = ["CHAIN_ELEMENTS", "ELEMENT_BYTES", "SIDE", "cost", "footprint_bytes"]

ELEMENT_BYTES = 4
CHAIN_ELEMENTS = 2**24
CHAINS, LANES = 12, {"simd": 4, "scalar": 1}
SIDE = 4096
"""Rows and columns of the weights of `batch`: 64 MiB."""


def cost(kernel: str, variant: str, size: int) -> Cost:
    """Return operations and bytes of one run.

    The triad a = b + s c of three arrays of 64 MiB has 2^24 elements, and a is fetched before it is written:

    >>> found = cost("triad", "", 2**26)
    >>> found.flop == 2 * 2**24, found.hbm_bytes == 12 * 2**24
    (True, True)

    Raises:
        ModelError: there is no such kernel.
    """
    try:
        return _COSTS[kernel](variant, size)
    except KeyError:
        raise ModelError(f"There is no kernel {kernel!r} of the variant {variant!r}.") from None


def footprint_bytes(kernel: str, variant: str, size: int) -> float:
    """Return how many bytes a run comes back to: what a cache must hold to serve it."""
    if kernel == "triad":
        return 3.0 * size
    if kernel == "chain":
        return 2.0 * ELEMENT_BYTES * CHAIN_ELEMENTS
    if kernel == "epilogue":
        return 2.0 * size
    if kernel == "gemm":
        return 3.0 * ELEMENT_BYTES * size**2
    if kernel == "batch":
        return float(ELEMENT_BYTES * (SIDE**2 + 2 * SIDE * size))
    return 0.0


def _peak(variant: str, iterations: int) -> Cost:
    return Cost(flop=2 * CHAINS * LANES[variant] * iterations)


def _triad(_variant: str, array_bytes: int) -> Cost:
    elements = array_bytes // ELEMENT_BYTES
    return Cost(flop=2 * elements, activation_bytes=3 * ELEMENT_BYTES * elements)


def _chain(variant: str, steps: int) -> Cost:
    """Each pass reads one array and writes another; fused, one pass does."""
    passes = {"passes": steps, "fused": 1}[variant]
    return Cost(flop=2 * steps * CHAIN_ELEMENTS, activation_bytes=2 * ELEMENT_BYTES * CHAIN_ELEMENTS * passes, launches=passes)


def _epilogue(variant: str, array_bytes: int) -> Cost:
    """Scale, bias and ReLU are one operation each; the bias is a row that stays in the cache."""
    elements, passes = array_bytes // ELEMENT_BYTES, {"passes": 3, "fused": 1}[variant]
    return Cost(flop=3 * elements, activation_bytes=2 * ELEMENT_BYTES * elements * passes, launches=passes)


def _gemm(_variant: str, side: int) -> Cost:
    """Each of three matrices once, which is the least that any order of loops moves."""
    return Cost(flop=2 * side**3, activation_bytes=3 * ELEMENT_BYTES * side**2)


def _batch(_variant: str, columns: int) -> Cost:
    return Cost(
        flop=2 * SIDE**2 * columns,
        weight_bytes=ELEMENT_BYTES * SIDE**2,
        activation_bytes=2 * ELEMENT_BYTES * SIDE * columns,
    )


_COSTS = {"peak": _peak, "triad": _triad, "chain": _chain, "epilogue": _epilogue, "gemm": _gemm, "batch": _batch}
