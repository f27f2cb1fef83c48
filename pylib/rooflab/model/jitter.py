"""Jitter: whether a recording holds a rare spike, and which kernel it made longer."""

import numpy as np

from rooflab.values import Values

__all__ = ["chance_seen_fraction", "excess_by_kernel_s"]


def chance_seen_fraction(*, spike_fraction: Values, frames: Values) -> Values:
    """Return the chance that `frames` frames hold at least one spike.

    A spike of one frame in a thousand, in 100 s at 30 frames a second:

    >>> round(float(chance_seen_fraction(spike_fraction=0.001, frames=3000)), 2)
    0.95
    """
    return -np.expm1(frames * np.log1p(-np.asarray(spike_fraction, dtype=float)))


def excess_by_kernel_s(times_s: np.ndarray, slow: np.ndarray) -> np.ndarray:
    """Return by how much each kernel is longer in slow frames than in the others, on average.

    The excesses add up to that of the frame, so the largest names the kernel to look at; the
    largest kernel by mean time is another question.
    """
    return times_s[slow].mean(axis=0) - times_s[~slow].mean(axis=0)
