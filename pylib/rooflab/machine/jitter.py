"""One kernel many times: how its times are spread, what the first run costs, and what it costs to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rooflab.errors import LabError

__all__ = ["Jitter", "jitter", "read_series"]

MOST_SAMPLES = 2000
SHORTEST_S, LONGEST_S = 1e-9, 1e3
LEAST_SAMPLES = 100
LEAST_BEYOND = 2
"""A percentile is given where at least so many samples lie beyond it: p99.9 needs 2,000."""

HISTOGRAM_BINS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Jitter:
    """The spread of some times. `p999_s` is None where there are too few; `observed_factor` compares medians with and
    without a time stamp of each kernel, and is None where nothing was observed."""

    samples_count: int
    p50_s: float
    p99_s: float
    p999_s: float | None
    first_s: float
    observed_factor: float | None
    edges_s: tuple[float, ...]
    heights_count: tuple[int, ...]

    @property
    def first_factor(self) -> float:
        """How many times as long the first run took as the middle one."""
        return self.first_s / self.p50_s


def jitter(row: Mapping[str, object]) -> Jitter:
    """Return the spread of a series of times; the first is that of the first run and is told apart.

    Raises:
        LabError: it is no series, or shorter than a hundred.
    """
    first_s, *others = read_series(row.get("samples_s"))
    times_s = np.array(others)
    observed = row.get("observed_s")
    watched_s = np.array(read_series(observed)[1:]) if observed else None
    heights, edges = _histogram(times_s)
    return Jitter(
        samples_count=len(times_s) + 1,
        p50_s=float(np.median(times_s)),
        p99_s=float(np.percentile(times_s, 99.0)),
        p999_s=float(np.percentile(times_s, 99.9)) if len(times_s) + 1 >= LEAST_BEYOND * 1000 else None,
        first_s=first_s,
        observed_factor=float(np.median(watched_s) / np.median(times_s)) if watched_s is not None else None,
        edges_s=tuple(edges),
        heights_count=tuple(heights),
    )


def read_series(listed: object) -> tuple[float, ...]:
    """Return a series of times, each within what a kernel can take.

    Raises:
        LabError: it is no such series.
    """
    if not isinstance(listed, Sequence) or isinstance(listed, str) or not LEAST_SAMPLES <= len(listed) <= MOST_SAMPLES:
        raise LabError(f"A series of times has {LEAST_SAMPLES} to {MOST_SAMPLES:,} samples.")
    if not all(type(each) in (int, float) and SHORTEST_S <= each <= LONGEST_S for each in listed):
        raise LabError(f"A sample is no number of seconds from {SHORTEST_S:g} to {LONGEST_S:g}.")
    return tuple(map(float, listed))


def _histogram(times_s: np.ndarray) -> tuple[list[int], list[float]]:
    """Return counts and edges of bins that are equally wide on a logarithmic axis, since times have a long tail."""
    low, high = times_s.min(), max(times_s.max(), 1.001 * times_s.min())
    heights, edges = np.histogram(times_s, bins=np.geomspace(low * (1 - 1e-9), high * (1 + 1e-9), HISTOGRAM_BINS + 1))
    return [int(each) for each in heights], [float(each) for each in edges]
