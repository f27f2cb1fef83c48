"""Heat and power: energy per frame, temperature over time, and when a limit is reached."""

import math
from typing import Any

import numpy as np

__all__ = [
    "frame_energy_j",
    "power_w",
    "sustained_power_w",
    "temperature_c",
    "time_to_limit_s",
    "two_node_temperatures_c",
]


def frame_energy_j(
    *,
    flop: Any,
    hbm_bytes: Any,
    energy_j_per_flop: Any,
    energy_j_per_byte: Any,
    static_w: Any,
    busy_s: Any,
) -> Any:
    """Return the energy of a frame: operations, traffic, and what leaks while it runs.

    >>> round(frame_energy_j(flop=1e9, hbm_bytes=1e7, energy_j_per_flop=1e-12,
    ...                      energy_j_per_byte=1e-10, static_w=0.1, busy_s=0.01), 6)
    0.003
    """
    return flop * energy_j_per_flop + hbm_bytes * energy_j_per_byte + static_w * busy_s


def power_w(*, idle_w: Any, frames_per_s: Any, frame_j: Any) -> Any:
    """Return the mean power: what runs always, and the frames."""
    return idle_w + frames_per_s * frame_j


def sustained_power_w(*, limit_c: Any, ambient_c: Any, resistance_k_per_w: Any) -> Any:
    """Return the power that ends at the limit.

    >>> sustained_power_w(limit_c=43.0, ambient_c=25.0, resistance_k_per_w=10.0)
    1.8
    """
    return (limit_c - ambient_c) / resistance_k_per_w


def temperature_c(
    *,
    power_w: Any,
    time_s: Any,
    ambient_c: Any,
    resistance_k_per_w: Any,
    capacity_j_per_k: Any,
) -> Any:
    """Return the temperature of one body after `time_s` at constant power, from ambient."""
    settled = -np.expm1(-time_s / (resistance_k_per_w * capacity_j_per_k))
    return ambient_c + power_w * resistance_k_per_w * settled


def time_to_limit_s(
    *,
    power_w: Any,
    limit_c: Any,
    ambient_c: Any,
    resistance_k_per_w: Any,
    capacity_j_per_k: Any,
) -> Any:
    """Return when the limit is reached; infinite where the power can be sustained.

    >>> round(float(time_to_limit_s(power_w=2.5, limit_c=43.0, ambient_c=25.0,
    ...                             resistance_k_per_w=10.0, capacity_j_per_k=30.0)))
    382
    """
    rise = np.asarray((limit_c - ambient_c) / (power_w * resistance_k_per_w), dtype=float)
    hot = rise < 1
    tau_s = resistance_k_per_w * capacity_j_per_k
    return np.where(hot, -tau_s * np.log1p(-np.where(hot, rise, 0.0)), math.inf)


def two_node_temperatures_c(
    *,
    powers_w: np.ndarray,
    step_s: float,
    ambient_c: float,
    die_skin_k_per_w: float,
    skin_ambient_k_per_w: float,
    die_j_per_k: float,
    skin_j_per_k: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return die and skin temperatures after each step of a power trace, from ambient.

    Each step uses the exact exponential of the 2 x 2 system, so a step may be of any length.
    """
    decay = _exponential(
        [
            [-1 / (die_skin_k_per_w * die_j_per_k), 1 / (die_skin_k_per_w * die_j_per_k)],
            [1 / (die_skin_k_per_w * skin_j_per_k), -(1 / die_skin_k_per_w + 1 / skin_ambient_k_per_w) / skin_j_per_k],
        ],
        step_s,
    )
    steady_per_w = np.array([die_skin_k_per_w + skin_ambient_k_per_w, skin_ambient_k_per_w])
    rises = np.zeros((len(powers_w), 2))
    rise = np.zeros(2)
    for at, watts in enumerate(powers_w):
        steady = steady_per_w * watts
        rise = steady + decay @ (rise - steady)
        rises[at] = rise
    return ambient_c + rises[:, 0], ambient_c + rises[:, 1]


def _exponential(rate: list[list[float]], time_s: float) -> np.ndarray:
    """Return exp(rate * time) of a 2 x 2 system with two real eigenvalues, mean +- half.

    It is even * I + odd * (rate - mean * I): even is the mean of exp((mean +- half) * time), odd
    half their difference over half.
    """
    (a, b), (c, d) = rate
    mean = (a + d) / 2
    half = math.sqrt(((a - d) / 2) ** 2 + b * c)
    slow, fast = math.exp((mean + half) * time_s), math.exp((mean - half) * time_s)
    even, odd = (slow + fast) / 2, (slow - fast) / (2 * half)
    return np.array([[even + odd * (a - mean), odd * b], [odd * c, even + odd * (d - mean)]])
