"""Seeded numbers, the same bits on every platform: SplitMix64 over a counter."""

import numpy as np

__all__ = ["uniforms"]

_GAMMA = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def uniforms(seed: int, stream: int, count: int) -> np.ndarray:
    """Return `count` numbers uniform in [0, 1), the same for the same seed and stream.

    Source: Steele, Lea and Flood (2014), doi:10.1145/2660193.2660195.
    """
    start = _mix(_mix(seed & _MASK) ^ ((stream * _GAMMA) & _MASK))
    counter = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_GAMMA) + np.uint64(start)
    counter = (counter ^ (counter >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    counter = (counter ^ (counter >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    counter = counter ^ (counter >> np.uint64(31))
    return (counter >> np.uint64(11)).astype(float) * 2.0**-53


def _mix(value: int) -> int:
    value = (value + _GAMMA) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)
