"""Frame times as a mixture: usual frames and several kinds of rare ones, in closed form for grids.

Quantiles are solved by bisection on the logarithm of the time, for all designs at once.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rooflab.values import Values

__all__ = ["Mixture", "quantile_interval_shares"]

_Z_LIMIT = 8.5
_STEPS_PER_UNIT = 1000
_BISECTIONS = 24  # of a bracket of less than four powers of e: to a few 1e-7
_Z_95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Kinds of frames, first axis of every array; shares add up to one, times are lognormal."""

    share_fraction: np.ndarray
    median_s: np.ndarray
    sigma_factor: np.ndarray  # standard deviation of ln t

    @property
    def mean_s(self) -> Values:
        """The mean over all kinds."""
        means = self.median_s * np.exp(np.square(self.sigma_factor) / 2)
        return (self.share_fraction * means).sum(axis=0)

    @property
    def _spread(self) -> np.ndarray:
        """The deviations, or next to nothing where every time is the same."""
        return np.maximum(self.sigma_factor, 1e-9)

    def above_fraction(self, time_s: Values) -> Values:
        """Return the share of the frames that take longer than `time_s`."""
        z = (np.log(np.maximum(time_s, 1e-12)) - np.log(self.median_s)) / self._spread
        return np.clip(1 - (self.share_fraction * _normal_cdf(z)).sum(axis=0), 0.0, 1.0)

    def quantile_s(self, share: float) -> Values:
        """Return the time that a share of the frames keep: 0.999 for p99.9."""
        logs, inverse = np.log(self.median_s), 1 / self._spread
        ends = logs + _normal_quantile(share) * self.sigma_factor
        met = self.share_fraction > 0
        low = np.where(met, ends, np.inf).min(axis=0)
        high = np.where(met, ends, -np.inf).max(axis=0)
        if logs.ndim == 1:
            return self._quantile_of_one_s(share, logs.tolist(), inverse.tolist(), float(low), float(high))
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            reached = (self.share_fraction * _normal_cdf((middle - logs) * inverse)).sum(axis=0)
            below = reached < share
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.exp((low + high) / 2)

    def _quantile_of_one_s(
        self, share: float, logs: list[float], inverse: list[float], low: float, high: float
    ) -> float:
        """Do the same for one design in plain numbers, which takes a tenth of the time of arrays of one."""
        parts = [each for each in zip(self.share_fraction.tolist(), logs, inverse, strict=True) if each[0] > 0]
        values, rises = _normal_table()
        most = 2 * _Z_LIMIT * _STEPS_PER_UNIT - 1
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            reached = 0.0
            for part, log, each in parts:
                at = min(max(((middle - log) * each + _Z_LIMIT) * _STEPS_PER_UNIT, 0.0), most)
                place = int(at)
                reached += part * (values.item(place) + (at - place) * rises.item(place))
            if reached < share:
                low = middle
            else:
                high = middle
        return math.exp((low + high) / 2)


def quantile_interval_shares(share: float, frames: Values) -> tuple[Values, Values]:
    """Return the shares between whose quantiles the quantile measured on `frames` frames lies in 95%.

    The count of frames below a quantile is binomial, here taken as normal; with too few frames the
    upper share reaches 1, and the measurement says nothing about how far the tail goes.

    >>> low, high = quantile_interval_shares(0.999, 10000)
    >>> round(float(low), 5), round(float(high), 5)
    (0.99838, 0.99962)
    """
    half = _Z_95 * np.sqrt(share * (1 - share) / frames)
    return np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)


def _normal_cdf(z: np.ndarray) -> np.ndarray:
    """Return the normal distribution by a table of thousandths with lines between, within 1e-7."""
    at = np.clip((z + _Z_LIMIT) * _STEPS_PER_UNIT, 0.0, 2 * _Z_LIMIT * _STEPS_PER_UNIT - 1)
    place = at.astype(np.int32)
    values, rises = _normal_table()
    return values[place] + (at - place) * rises[place]


@lru_cache(maxsize=1)
def _normal_table() -> tuple[np.ndarray, np.ndarray]:
    points = np.linspace(-_Z_LIMIT, _Z_LIMIT, int(2 * _Z_LIMIT * _STEPS_PER_UNIT) + 1)
    values = np.array([0.5 * math.erfc(-each / math.sqrt(2)) for each in points.tolist()])
    return values[:-1], np.diff(values)


@lru_cache(maxsize=64)
def _normal_quantile(share: float) -> float:
    """Return z with that share below it; bounded where the share is 0 or 1."""
    low, high = -_Z_LIMIT, _Z_LIMIT
    for _ in range(60):
        middle = (low + high) / 2
        if 0.5 * math.erfc(-middle / math.sqrt(2)) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2
