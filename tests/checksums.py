"""What each kernel of "Your machine" must give, by NumPy: whole numbers, so their sums are exact in any order."""

from functools import cache

import numpy as np

ELEMENTS, SIDE = 2**24, 4096
CHAINS = 12


def first(count):
    return (np.arange(count) * 7 + 3) % 11 - 5.0


def second(count):
    return (np.arange(count) * 5 + 1) % 7 - 3.0


def peak(variant, n):
    lanes = 4 if variant == "simd" else 1
    chains = np.arange(CHAINS)
    return lanes * (chains if n % 2 == 0 else 1 - chains)


def triad(_, size):
    return first(size // 4) + 2 * second(size // 4)


def chain(_, k):
    x = first(ELEMENTS)
    return x if k % 2 == 0 else 1 - x


def epilogue(_, size):
    x = first(size // 4)
    bias = np.arange(len(x)) % 1024 % 5 - 2
    return np.maximum(2 * x + bias, 0)


@cache
def product(n):
    return (first(n * n).reshape(n, n) @ second(n * n).reshape(n, n)).ravel()


def gemm(_, n):
    return product(n)


def batch(_, columns):
    weights = (np.arange(SIDE * SIDE) % 3 - 1.0).reshape(SIDE, SIDE)
    return (weights @ first(columns * SIDE).reshape(columns, SIDE).T).T.ravel()


KERNELS = {each.__name__: each for each in (peak, triad, chain, epilogue, gemm, batch)}


def expected(row):
    """Return the checksum of a row of the plan, or of what the page measured of it."""
    return int(_output(row).sum())


def expected_in_place(row):
    """Return the sum in which each number of the output counts by its place, so that none can stand for another."""
    output = _output(row)
    return int((output * (np.arange(len(output)) % 13 + 1)).sum())


def _output(row):
    return KERNELS[row["kernel"]](row["variant"], row["size"])
