"""A minute under load: whether the rate falls, how far and how fast, by the thermal model of the glasses.

A body with one resistance and one capacity settles as 1 - exp(-t / RC). The rate is taken to fall in proportion to that
temperature: rate(t) = start - drop (1 - exp(-t / RC)). Real governors step; the fit says how well one body describes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rooflab.errors import LabError
from rooflab.model.thermal import temperature_c

__all__ = ["LEAST_DROP_FRACTION", "Heat", "heat"]

LEAST_POINTS, MOST_POINTS = 8, 1200
END_POINTS = 3
LONGEST_S, FASTEST_FLOP_PER_S = 600.0, 1e17
LEAST_DROP_FRACTION = 0.05
"""A fall of less than this is called none: one core varies by as much."""

_TIMES_S = np.geomspace(1.0, 300.0, 120)
"""The time constants that are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """The fit: the rate at the start, by which share it settles lower, and the time constant RC.

    `reached_fraction` is the share of that fall to which the readings come; `residual_fraction` the mean miss of the fit.
    `seen_fraction` is by how much the last readings are below the first, whatever the fit says.
    """

    start_flop_per_s: float
    drop_fraction: float
    constant_s: float
    reached_fraction: float
    residual_fraction: float
    seen_fraction: float

    @property
    def falls(self) -> bool:
        """Whether the rate fell by more than it varies."""
        return self.seen_fraction >= max(LEAST_DROP_FRACTION, self.residual_fraction)

    def rate_flop_per_s(self, at_s: np.ndarray) -> np.ndarray:
        """Return the fitted rate at some times."""
        return self.start_flop_per_s * (1 - self.drop_fraction * _settled(at_s, self.constant_s))


def heat(rows: Sequence[Sequence[float]]) -> Heat:
    """Return the best fit to pairs of seconds and FLOP/s.

    Raises:
        LabError: these are no such pairs in order of time, or fewer than eight.
    """
    at_s, rates = _read(rows)
    fits = [_fit(at_s, rates, float(constant_s)) for constant_s in _TIMES_S]
    residual, start, drop, constant_s = min(fits)
    return Heat(
        start_flop_per_s=start,
        drop_fraction=min(max(drop / start, 0.0), 1.0),
        constant_s=constant_s,
        reached_fraction=float(_settled(at_s[-1:], constant_s)[0]),
        residual_fraction=residual / float(rates.mean()),
        seen_fraction=float(1.0 - np.median(rates[-END_POINTS:]) / np.median(rates[:END_POINTS])),
    )


def _fit(at_s: np.ndarray, rates: np.ndarray, constant_s: float) -> tuple[float, float, float, float]:
    """Return the mean miss, the rate at the start and its fall for one time constant, by least squares."""
    settled = _settled(at_s, constant_s)
    apart = settled - settled.mean()
    drop = -(apart @ rates) / (apart @ apart)
    start = rates.mean() + drop * settled.mean()
    misses = rates - (start - drop * settled)
    return float(np.sqrt(np.mean(misses**2))), max(float(start), 1.0), float(drop), constant_s


def _settled(at_s: np.ndarray, constant_s: float) -> np.ndarray:
    """Return the share of its final temperature that one body has reached: that of 1 W on 1 K/W."""
    return temperature_c(power_w=1.0, time_s=at_s, ambient_c=0.0, resistance_k_per_w=1.0, capacity_j_per_k=constant_s)


def _read(rows: object) -> tuple[np.ndarray, np.ndarray]:
    if not isinstance(rows, Sequence) or not LEAST_POINTS <= len(rows) <= MOST_POINTS:
        raise LabError(f"A minute under load has {LEAST_POINTS} to {MOST_POINTS:,} readings.")
    for each in rows:
        pair = isinstance(each, Sequence) and not isinstance(each, str) and len(each) == 2 and all(type(one) in (int, float) for one in each)
        if not pair or not 0 <= each[0] <= LONGEST_S or not 0 < each[1] <= FASTEST_FLOP_PER_S:
            raise LabError("A reading under load is a pair of seconds and FLOP/s.")
    found = np.array([[float(one) for one in each] for each in rows])
    if not (np.diff(found[:, 0]) > 0).all():
        raise LabError("The readings under load are not in order of time.")
    return found[:, 0], found[:, 1]
