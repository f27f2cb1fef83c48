"""Heat and power: temperature over time, and when a limit is reached."""

import math

import numpy as np

from rooflab.values import Values

__all__ = [
    "full_clock_fraction",
    "governed_temperatures_c",
    "power_w",
    "sustained_power_w",
    "temperature_c",
    "time_to_limit_s",
]


def power_w(*, idle_w: Values, frames_per_s: Values, frame_j: Values) -> Values:
    """Return the mean power: what runs always, and the frames."""
    return idle_w + frames_per_s * frame_j


def sustained_power_w(*, limit_c: Values, ambient_c: Values, resistance_k_per_w: Values) -> Values:
    """Return the power at which the temperature settles at the limit.

    >>> sustained_power_w(limit_c=43.0, ambient_c=25.0, resistance_k_per_w=10.0)
    1.8
    """
    return (limit_c - ambient_c) / resistance_k_per_w


def temperature_c(
    *,
    power_w: Values,
    time_s: Values,
    ambient_c: Values,
    resistance_k_per_w: Values,
    capacity_j_per_k: Values,
) -> Values:
    """Return the temperature of one body after `time_s` at constant power, from ambient."""
    settled = -np.expm1(-time_s / (resistance_k_per_w * capacity_j_per_k))
    return ambient_c + power_w * resistance_k_per_w * settled


def time_to_limit_s(
    *,
    power_w: Values,
    limit_c: Values,
    ambient_c: Values,
    resistance_k_per_w: Values,
    capacity_j_per_k: Values,
) -> Values:
    """Return when the limit is reached; infinite where the power can be sustained.

    >>> round(float(time_to_limit_s(power_w=2.5, limit_c=43.0, ambient_c=25.0,
    ...                             resistance_k_per_w=10.0, capacity_j_per_k=30.0)))
    382
    """
    rise = np.asarray((limit_c - ambient_c) / (power_w * resistance_k_per_w), dtype=float)
    hot = rise < 1
    tau_s = resistance_k_per_w * capacity_j_per_k
    return np.where(hot, -tau_s * np.log1p(-np.where(hot, rise, 0.0)), math.inf)


def full_clock_fraction(
    *,
    full_w: Values,
    throttled_w: Values,
    limit_c: Values,
    resume_c: Values,
    ambient_c: Values,
    resistance_k_per_w: Values,
    capacity_j_per_k: Values,
) -> Values:
    """Return the share of time at full clock once a governor with hysteresis has settled.

    It slows down at `limit_c` and resumes at `resume_c`. Both legs of the cycle are exponentials, so
    their times are known: the share is 1 where full power can be sustained, and 0 where even the
    throttled power never cools down to `resume_c`.

    At 2.8 W it heats from 41 to 43 in 300 ln(12 / 10) s; at 1 W it cools in 300 ln(8 / 6) s:

    >>> round(float(full_clock_fraction(full_w=2.8, throttled_w=1.0, limit_c=43.0, resume_c=41.0,
    ...     ambient_c=25.0, resistance_k_per_w=10.0, capacity_j_per_k=30.0)), 3)
    0.388
    """
    hot_c = np.asarray(ambient_c + full_w * resistance_k_per_w, dtype=float)
    cool_c = np.asarray(ambient_c + throttled_w * resistance_k_per_w, dtype=float)
    cycles = (hot_c > limit_c) & (cool_c < resume_c)
    heating = np.log(np.where(cycles, hot_c - resume_c, 2.0) / np.where(cycles, hot_c - limit_c, 1.0))
    cooling = np.log(np.where(cycles, limit_c - cool_c, 2.0) / np.where(cycles, resume_c - cool_c, 1.0))
    return np.where(cycles, heating / (heating + cooling), np.where(hot_c > limit_c, 0.0, 1.0))


def governed_temperatures_c(
    *,
    times_s: np.ndarray,
    full_w: float,
    throttled_w: float,
    limit_c: float,
    resume_c: float,
    ambient_c: float,
    resistance_k_per_w: float,
    capacity_j_per_k: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the temperature at each time, from ambient, and whether the governor throttles then.

    Between two switches the temperature is one exponential, and the time of the next switch follows
    from it, so nothing is stepped through and no limit is passed between two samples.
    """
    tau_s = resistance_k_per_w * capacity_j_per_k
    temperatures, throttled = np.empty(len(times_s)), np.zeros(len(times_s), dtype=bool)
    start_s, start_c, slow = 0.0, float(ambient_c), ambient_c >= limit_c
    done = 0
    while done < len(times_s):
        settled_c = ambient_c + (throttled_w if slow else full_w) * resistance_k_per_w
        bound_c = resume_c if slow else limit_c
        reaches = settled_c < bound_c if slow else settled_c > bound_c
        length_s = tau_s * math.log((settled_c - start_c) / (settled_c - bound_c)) if reaches else math.inf
        until = int(np.searchsorted(times_s, start_s + length_s, side="left"))
        part = slice(done, until)
        decay = np.exp(-(times_s[part] - start_s) / tau_s)
        temperatures[part] = settled_c + (start_c - settled_c) * decay
        throttled[part] = slow
        done, start_s, start_c, slow = until, start_s + length_s, bound_c, not slow
    return temperatures, throttled
