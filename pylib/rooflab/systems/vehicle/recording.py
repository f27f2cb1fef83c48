"""Recorded frames of one design: thousands of them, stage by stage, the same for a seed.

Drawn from what the closed forms of evaluate.py describe: medians, noise, courses and spikes.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rooflab.model.jitter import excess_by_kernel_s
from rooflab.model.mixture import quantile_interval_shares
from rooflab.model.seeded import uniforms
from rooflab.systems.vehicle.columns import columns_of
from rooflab.systems.vehicle.design import VehicleDesign
from rooflab.systems.vehicle.evaluate import VehicleOutcome, spike_chances, spike_extra_s
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.systems.vehicle.stages import GPU_STAGES, STAGE_IDS, STAGE_NAMES

__all__ = ["Excess", "LoopTrace", "excess_by_stage", "loop_trace"]

_NOISE, _AGAIN, _COURSE, _SWITCH, _SPIKES = 2, 4, 6, 7, 16  # streams of random numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """By how much each stage is longer in slow frames than in the others, on average; sums to the frame's."""

    running_s: np.ndarray
    waiting_s: np.ndarray

    @property
    def worst(self) -> tuple[int, bool]:
        """The stage that is longest beyond its usual time, and whether it waits meanwhile."""
        stage = int((self.running_s + self.waiting_s).argmax())
        return stage, bool(self.waiting_s[stage] > self.running_s[stage])


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopTrace:
    """Frames by stages, running and waiting apart. `slow` are the frames that missed the deadline.

    `good` is the frame of middle length, `bad` that of middle length among the slow ones; None
    without any.
    """

    names: tuple[str, ...]
    running_s: np.ndarray
    waiting_s: np.ndarray
    frame_s: np.ndarray
    deadline_s: float
    slow: tuple[int, ...]
    good: int
    bad: int | None

    @property
    def mean_s(self) -> float:
        """The mean of what was recorded."""
        return float(self.frame_s.mean())

    def measured_s(self, share: float) -> float:
        """Return the time that a share of the recorded frames kept."""
        at = min(math.ceil(share * len(self.frame_s)), len(self.frame_s)) - 1
        return float(np.partition(self.frame_s, at)[at])

    def interval_s(self, share: float) -> tuple[float, float]:
        """Return between what the quantile lies in 95% of recordings; inf where too few frames bound it."""
        low, high = (float(each) for each in quantile_interval_shares(share, len(self.frame_s)))
        return self.measured_s(low), self.measured_s(high) if high < 1 else math.inf

    @property
    def gaps_count(self) -> np.ndarray:
        """Frames from one slow frame to the next."""
        return np.diff(np.asarray(self.slow))


def loop_trace(scenario: VehicleScenario, design: VehicleDesign, outcome: VehicleOutcome) -> LoopTrace:
    """Return as many frames as the design records."""
    frames, seed = int(design.frames), scenario.variant
    stages = outcome.stages
    noise = stages.noise_factor[:, 0]
    _, columns = columns_of(design)

    struck, extras = [], []
    for at, (spike, chance) in enumerate(spike_chances(scenario, columns)):
        hit = _hits(seed, _SPIKES + 8 * at, frames, float(chance[0]), spike.periodic)
        size = float(spike_extra_s(spike, stages)[0])
        struck.append(hit)
        extras.append((spike, size * np.exp(spike.noise_factor * _normals(seed, _SPIKES + 8 * at + 2, len(hit)))))
    any_struck = np.zeros(frames, dtype=bool)
    for hit in struck:
        any_struck[hit] = True

    factors = np.exp(noise * _noise_of_all(seed, frames, len(noise)))
    running = factors * stages.full.running_s[:, 0]
    waiting = factors * stages.full.waiting_s[:, 0]
    alpha = float(stages.short_fraction[0])
    if alpha:
        short = (uniforms(seed, _COURSE, frames) < alpha) & ~any_struck
        running[short] = factors[short] * stages.short.running_s[:, 0]
        waiting[short] = factors[short] * stages.short.waiting_s[:, 0]
    if design.experts > 1:
        twice = np.flatnonzero((uniforms(seed, _SWITCH, frames) < scenario.rig.switch_fraction) & ~any_struck)
        again = _normals(seed, _AGAIN, len(twice) * len(noise)).reshape(len(twice), len(noise))
        # Two experts look: the full course, whatever a first look would have said.
        running[twice] = factors[twice] * stages.full.running_s[:, 0] + np.exp(noise * again) * stages.again_s[:, 0]
        waiting[twice] = factors[twice] * stages.full.waiting_s[:, 0]
    waiting[:, 0] += float(outcome.wait_s)
    for hit, (spike, extra_s) in zip(struck, extras, strict=True):
        shares = _shares(spike.stage, stages.full.time_s[:, 0] if spike.spreads else None)
        (waiting if spike.waits else running)[hit] += extra_s[:, None] * shares

    frame_s = (running + waiting).sum(axis=1)
    slow = np.flatnonzero(frame_s > scenario.deadline_s)
    return LoopTrace(
        names=STAGE_NAMES,
        running_s=running,
        waiting_s=waiting,
        frame_s=frame_s,
        deadline_s=scenario.deadline_s,
        slow=tuple(slow.tolist()),
        good=_middle(frame_s, np.arange(frames)),
        bad=_middle(frame_s, slow) if len(slow) else None,
    )


def excess_by_stage(trace: LoopTrace) -> Excess | None:
    """Return what is longer in slow frames; None where all frames are slow or none is."""
    slow = np.zeros(len(trace.frame_s), dtype=bool)
    slow[list(trace.slow)] = True
    if not slow.any() or slow.all():
        return None
    return Excess(
        running_s=excess_by_kernel_s(trace.running_s, slow),
        waiting_s=excess_by_kernel_s(trace.waiting_s, slow),
    )


def _hits(seed: int, stream: int, frames: int, chance: float, periodic: bool) -> np.ndarray:
    """Return the frames that a spike strikes: at equal distances, or each by its own chance."""
    if chance <= 0:
        return np.zeros(0, dtype=int)
    if not periodic:
        return np.flatnonzero(uniforms(seed, stream, frames) < chance)
    period = 1 / chance
    first = float(uniforms(seed, stream, 1)[0]) * period
    return np.arange(first, frames, period).astype(int)


def _shares(stage: str, time_s: np.ndarray | None) -> np.ndarray:
    """Return how an extra time divides among the stages: all on one, or by their times on the GPU."""
    shares = np.zeros(len(STAGE_IDS))
    if time_s is None:
        shares[STAGE_IDS.index(stage)] = 1.0
    else:
        shares[GPU_STAGES] = time_s[GPU_STAGES] / time_s[GPU_STAGES].sum()
    return shares


def _middle(frame_s: np.ndarray, among: np.ndarray) -> int:
    """Return the frame of middle length among some."""
    times = frame_s[among]
    half = (len(times) - 1) // 2
    return int(among[np.argpartition(times, half)[half]])


@lru_cache(maxsize=2)
def _noise_of_all(seed: int, frames: int, stages: int) -> np.ndarray:
    """Return each frame's noise by stage: the same whatever the design, so two designs differ by their design alone."""
    noise = _normals(seed, _NOISE, frames * stages).reshape(frames, stages)
    noise.flags.writeable = False
    return noise


def _normals(seed: int, stream: int, count: int) -> np.ndarray:
    """Return normal numbers by Box and Muller's transform, two for each pair of uniform ones."""
    half = (count + 1) // 2
    radius = np.sqrt(-2 * np.log1p(-uniforms(seed, stream, half)))
    angle = 2 * math.pi * uniforms(seed, stream + 1, half)
    return np.concatenate((radius * np.cos(angle), radius * np.sin(angle)))[:count]
