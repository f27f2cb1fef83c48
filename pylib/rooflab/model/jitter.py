"""Jitter: frame times with rare spikes, in closed form for grids and as traces for one design.

A frame is a chain of kernels with lognormal running times. With a small probability a spike is
added to one of them. Sums of lognormals are taken as lognormal with the same mean and variance
(Fenton 1960), which a test checks against seeded traces.
"""

import math
from dataclasses import dataclass

import numpy as np

from rooflab.model.mixture import Mixture
from rooflab.model.seeded import uniforms
from rooflab.values import Values

__all__ = [
    "FrameTrace",
    "Lognormal",
    "chance_seen_fraction",
    "excess_by_kernel_s",
    "frames_to_see_count",
    "miss_fraction",
    "mixture_mean_s",
    "mixture_quantile_s",
    "sum_lognormal",
    "trace_frames",
]


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Times whose logarithm is normal; each value may be an array."""

    median_s: Values
    sigma_factor: Values  # standard deviation of ln t

    @property
    def mean_s(self) -> Values:
        """The mean, above the median by exp(sigma^2 / 2)."""
        return self.median_s * np.exp(np.square(self.sigma_factor) / 2)


def sum_lognormal(*parts: Lognormal) -> Lognormal:
    """Return a lognormal with the mean and the variance of the sum of independent parts.

    Source: Fenton (1960), doi:10.1109/TCOM.1960.1097606.
    """
    mean = sum(each.mean_s for each in parts)
    variance = sum(
        np.square(each.mean_s) * np.expm1(np.square(each.sigma_factor)) for each in parts
    )
    squared_sigma = np.log1p(variance / np.square(mean))
    return Lognormal(mean * np.exp(-squared_sigma / 2), np.sqrt(squared_sigma))


def mixture_mean_s(*, normal: Lognormal, spiked: Lognormal, spike_fraction: Values) -> Values:
    """Return the mean of frames of which `spike_fraction` are spiked ones.

    A 50 ms spike in one frame of 500 moves the mean by a tenth of a millisecond:

    >>> normal, spiked = Lognormal(8e-3, 0.0), Lognormal(58e-3, 0.0)
    >>> round(float(mixture_mean_s(normal=normal, spiked=spiked, spike_fraction=0.002)), 6)
    0.0081
    """
    return _mixture(normal, spiked, spike_fraction).mean_s


def miss_fraction(
    *, deadline_s: Values, normal: Lognormal, spiked: Lognormal, spike_fraction: Values
) -> Values:
    """Return the share of frames that take longer than the deadline."""
    return _mixture(normal, spiked, spike_fraction).above_fraction(deadline_s)


def mixture_quantile_s(
    *, share_fraction: Values, normal: Lognormal, spiked: Lognormal, spike_fraction: Values
) -> Values:
    """Return the time that `share_fraction` of the frames keep: 0.999 for p99.9."""
    return _mixture(normal, spiked, spike_fraction).quantile_s(share_fraction)


def chance_seen_fraction(*, spike_fraction: Values, frames: Values) -> Values:
    """Return the chance that `frames` frames hold at least one spike."""
    return -np.expm1(frames * np.log1p(-np.asarray(spike_fraction, dtype=float)))


def frames_to_see_count(*, spike_fraction: Values, chance_fraction: Values) -> Values:
    """Return the frames after which a spike was seen with that chance.

    >>> float(frames_to_see_count(spike_fraction=0.001, chance_fraction=0.95))
    2995.0
    """
    return np.ceil(np.log1p(-chance_fraction) / np.log1p(-spike_fraction))


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameTrace:
    """Frames by kernels: running and waiting apart, in seconds."""

    running_s: np.ndarray
    waiting_s: np.ndarray
    spiked: np.ndarray

    @property
    def frame_s(self) -> np.ndarray:
        """The time of every frame."""
        return (self.running_s + self.waiting_s).sum(axis=1)


def trace_frames(
    *,
    seed: int,
    frames: int,
    kernels: Lognormal,
    spike: Lognormal,
    spike_fraction: float,
    spike_kernel: int,
    spike_waits: bool,
) -> FrameTrace:
    """Draw `frames` frames of the kernels, with spikes at one of them, the same for a seed.

    `spike_waits` says whether a spiked kernel waits for something or runs longer itself.
    """
    count = len(kernels.median_s)
    noise = _normals(seed, 1, frames * count).reshape(frames, count)
    running = kernels.median_s * np.exp(kernels.sigma_factor * noise)
    waiting = np.zeros_like(running)
    spiked = uniforms(seed, 1, frames) < spike_fraction
    extra = spike.median_s * np.exp(spike.sigma_factor * _normals(seed, 3, frames)) * spiked
    (waiting if spike_waits else running)[:, spike_kernel] += extra
    return FrameTrace(running_s=running, waiting_s=waiting, spiked=spiked)


def excess_by_kernel_s(times_s: np.ndarray, slow: np.ndarray) -> np.ndarray:
    """Return by how much each kernel is longer in slow frames than in the others, on average.

    The excesses add up to that of the frame, so the largest names the kernel to look at; the
    largest kernel by mean time is another question.
    """
    return times_s[slow].mean(axis=0) - times_s[~slow].mean(axis=0)


def _mixture(normal: Lognormal, spiked: Lognormal, spike_fraction: Values) -> Mixture:
    """Return the two kinds of frames as a mixture."""
    share = np.asarray(spike_fraction, dtype=float)
    rows = np.broadcast_arrays(
        1 - share, share, normal.median_s, spiked.median_s, normal.sigma_factor, spiked.sigma_factor
    )
    shares, medians, sigmas = (np.stack(rows[at : at + 2]) for at in (0, 2, 4))
    return Mixture(share_fraction=shares, median_s=medians, sigma_factor=sigmas)


def _normals(seed: int, stream: int, count: int) -> np.ndarray:
    """Return normal numbers by Box and Muller's transform."""
    radius = np.sqrt(-2 * np.log1p(-uniforms(seed, 2 * stream, count)))
    return radius * np.cos(2 * math.pi * uniforms(seed, 2 * stream + 1, count))
