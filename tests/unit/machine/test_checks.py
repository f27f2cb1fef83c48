"""The sums that the kernels must give, against NumPy doing in float32 what the kernels do."""

import numpy as np
import pytest

from rooflab.machine import checks
from rooflab.machine.checks import expected_checksum, first, second, weights


def summed(array):
    return float(array.astype(np.float64).sum())


def floats(make, count):
    return make(np.arange(count)).astype(np.float32)


@pytest.mark.parametrize(("variant", "lanes"), [("simd", 4), ("scalar", 1)])
@pytest.mark.parametrize("iterations", [1, 2, 7])
def test_peak(variant, lanes, iterations):
    x = np.repeat(np.arange(12, dtype=np.float32), lanes)
    for _ in range(iterations):
        x = x * np.float32(-1) + np.float32(1)

    assert expected_checksum("peak", variant, iterations) == summed(x)


def test_the_peak_of_the_plan_is_as_the_kernels_have_it():
    assert expected_checksum("peak", "simd", 100_000) == 264.0
    assert expected_checksum("peak", "scalar", 99_999) == -54.0


@pytest.mark.parametrize("size", [8192, 2**20])
def test_triad(size):
    a = floats(first, size // 4) + np.float32(2) * floats(second, size // 4)

    assert expected_checksum("triad", "", size) == summed(a)


@pytest.mark.parametrize("variant", ["passes", "fused"])
@pytest.mark.parametrize("steps", [1, 2, 32])
def test_chain(monkeypatch, variant, steps):
    monkeypatch.setattr(checks, "CHAIN_ELEMENTS", 2**12 + 5)
    expected_checksum.cache_clear()
    x = floats(first, 2**12 + 5)
    for _ in range(steps):
        x = x * np.float32(-1) + np.float32(1)

    assert expected_checksum("chain", variant, steps) == summed(x)
    expected_checksum.cache_clear()


def test_epilogue():
    count = 2**15 + 2**10
    bias = (np.arange(1024) % 5 - 2).astype(np.float32)
    x = floats(first, count).reshape(-1, 1024)

    assert expected_checksum("epilogue", "fused", 4 * count) == summed(np.maximum(0, 2 * x + bias))


@pytest.mark.parametrize("side", [128, 256])
def test_gemm(side):
    a, b = (floats(each, side * side).reshape(side, side) for each in (first, second))

    assert expected_checksum("gemm", "tile", side) == summed(a @ b)


def test_batch(monkeypatch):
    side, columns = 64, 4
    monkeypatch.setattr(checks, "SIDE", side)
    expected_checksum.cache_clear()
    w, x = floats(weights, side * side).reshape(side, side), floats(first, columns * side).reshape(columns, side)

    assert expected_checksum("batch", "", columns) == summed(w @ x.T)
    expected_checksum.cache_clear()


def test_every_sum_is_exact_in_float64():
    assert expected_checksum("epilogue", "passes", 2**26) < 2**53
