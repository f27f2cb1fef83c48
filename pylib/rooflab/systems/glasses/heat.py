"""What the governor does over time: temperature, clock and frame rate of one design."""

from dataclasses import dataclass

import numpy as np

from rooflab.model.thermal import governed_temperatures_c
from rooflab.specs import ThermalBody
from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.evaluate import GlassesOutcome
from rooflab.systems.glasses.scenario import GlassesScenario

__all__ = ["HeatTrace", "heat_trace", "minutes_words"]

SHOWN_S = 1800.0
SAMPLES = 361  # one in five seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatTrace:
    """Half an hour from switching on: times, temperature of the skin, clock and frame rate of a warm body."""

    times_s: np.ndarray
    skin_c: np.ndarray
    clock_fraction: np.ndarray
    frames_per_s: np.ndarray
    body: ThermalBody

    @property
    def limit_c(self) -> float:
        """At which the governor begins to hold back."""
        return self.body.limit_c

    @property
    def resume_c(self) -> float:
        """At which it lets go again."""
        return self.body.resume_c

    @property
    def throttled_fraction(self) -> float:
        """Share of the shown time in which the governor holds back."""
        return float((self.clock_fraction < 1).mean())


def heat_trace(scenario: GlassesScenario, design: GlassesDesign, outcome: GlassesOutcome) -> HeatTrace:
    """Return temperature and clock over time for one design, with the governor's hysteresis."""
    body = scenario.body
    times_s = np.linspace(0.0, SHOWN_S, SAMPLES)
    skin_c, throttled = governed_temperatures_c(
        times_s=times_s,
        full_w=float(outcome.power_w),
        throttled_w=float(outcome.throttled_power_w),
        limit_c=body.limit_c,
        resume_c=body.resume_c,
        ambient_c=float(design.ambient_c),
        resistance_k_per_w=body.resistance_k_per_w,
        capacity_j_per_k=body.capacity_j_per_k,
    )
    clock = body.throttle_clock_fraction
    slowed = min(clock * design.frames_per_s, clock / float(outcome.step_time_s))
    return HeatTrace(
        times_s=times_s,
        skin_c=skin_c,
        clock_fraction=np.where(throttled, clock, 1.0),
        frames_per_s=np.where(throttled, slowed, float(outcome.frames_per_s)),
        body=body,
    )


def minutes_words(time_s: float) -> str:
    """Write a time in minutes and seconds.

    >>> minutes_words(496.0), minutes_words(1800.0)
    ('8 min 16 s', '30 min')
    """
    minutes, seconds = divmod(round(time_s), 60)
    return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
