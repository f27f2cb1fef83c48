"""Recorded frames of one design: thousands of them, stage by stage, the same for a seed.

Drawn from what the closed forms of evaluate.py describe: medians, noise, courses and spikes.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from rooflab.model.jitter import excess_by_kernel_s
from rooflab.model.mixture import quantile_interval_shares
from rooflab.model.seeded import uniforms
from rooflab.systems.vehicle.columns import columns_of
from rooflab.systems.vehicle.design import VehicleDesign
from rooflab.systems.vehicle.evaluate import VehicleOutcome, spike_chances, spike_extra_s
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.systems.vehicle.stages import GPU_STAGES, STAGE_IDS, STAGE_NAMES

__all__ = ["Excess", "FrameComparison", "FrameSpans", "LoopTrace", "compare_frames", "excess_by_stage", "loop_trace"]

_RECORDING = 1 << 40  # seeds of one recording and of the next; no variant is as large
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


@dataclass(frozen=True, kw_only=True)
class LoopTrace:
    """Recorded frames; `slow` are those that missed the deadline.

    `divide` returns them by stages, running and waiting apart: most of a recording, and asked of few.
    """

    names: tuple[str, ...]
    frame_s: np.ndarray
    deadline_s: float
    slow: tuple[int, ...]
    divide: Callable[[], tuple[np.ndarray, np.ndarray]]

    @cached_property
    def _divided_s(self) -> tuple[np.ndarray, np.ndarray]:
        return self.divide()

    @property
    def running_s(self) -> np.ndarray:
        """How long each stage runs; the first axis is the frame."""
        return self._divided_s[0]

    @property
    def waiting_s(self) -> np.ndarray:
        """How long each stage waits; the first axis is the frame."""
        return self._divided_s[1]

    @cached_property
    def typical(self) -> int:
        """The frame of middle length."""
        half = (len(self.frame_s) - 1) // 2
        return int(np.argpartition(self.frame_s, half)[half])

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

    def slowest(self, count: int) -> tuple[int, ...]:
        """Return so many of the slow frames at most, the longest first."""
        return tuple(sorted(self.slow, key=self.frame_s.__getitem__, reverse=True)[:count])

    @property
    def gaps_count(self) -> np.ndarray:
        """Frames from one slow frame to the next."""
        return np.diff(np.asarray(self.slow))


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSpans:
    """One frame as a trace shows it: each stage starts, waits, then runs; times count from the frame's own start."""

    frame: int
    time_s: float
    starts_s: np.ndarray
    waiting_s: np.ndarray
    running_s: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameComparison:
    """A picked frame beside the typical one of its recording, stage by stage, on one time axis."""

    names: tuple[str, ...]
    deadline_s: float
    typical: FrameSpans
    picked: FrameSpans

    @property
    def more_waiting_s(self) -> np.ndarray:
        """By how much longer each stage waits in the picked frame."""
        return self.picked.waiting_s - self.typical.waiting_s

    @property
    def more_running_s(self) -> np.ndarray:
        """By how much longer each stage runs in the picked frame."""
        return self.picked.running_s - self.typical.running_s

    @property
    def more_s(self) -> float:
        """By how much longer the picked frame takes."""
        return self.picked.time_s - self.typical.time_s

    @property
    def has_spike(self) -> bool:
        """Whether the picked frame takes more than twice as long as the typical one."""
        return self.more_s > self.typical.time_s

    @property
    def longer(self) -> tuple[int, ...]:
        """The stages that make up the difference, a tenth of it or more each, the longest first."""
        more_s = self.more_waiting_s + self.more_running_s
        order = np.argsort(-more_s).tolist()
        return tuple(at for at in order if more_s[at] >= self.more_s / 10) if self.more_s > 0 else ()


def compare_frames(trace: LoopTrace, frame: int) -> FrameComparison:
    """Lay a recorded frame beside the typical one."""
    return FrameComparison(
        names=trace.names, deadline_s=trace.deadline_s, typical=_spans(trace, trace.typical), picked=_spans(trace, frame)
    )


def _spans(trace: LoopTrace, frame: int) -> FrameSpans:
    waiting_s, running_s = trace.waiting_s[frame], trace.running_s[frame]
    time_s = waiting_s + running_s
    return FrameSpans(
        frame=frame,
        time_s=float(trace.frame_s[frame]),
        starts_s=np.cumsum(time_s) - time_s,
        waiting_s=waiting_s,
        running_s=running_s,
    )


def loop_trace(
    scenario: VehicleScenario, design: VehicleDesign, outcome: VehicleOutcome, *, recording: int = 1
) -> LoopTrace:
    """Return as many frames as the design records; each `recording`, from 1, is another stretch of the same road."""
    frames, seed = int(design.frames), scenario.variant + (recording - 1) * _RECORDING
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

    # Stages x frames, each stage's row of its own: most moves of a control change the noise of few stages.
    factors = [_factors(seed, frames, stage, each) for stage, each in enumerate(noise.tolist())]
    alpha = float(stages.short_fraction[0])
    short = (uniforms(seed, _COURSE, frames) < alpha) & ~any_struck if alpha else None
    twice, again = np.zeros(0, dtype=int), np.zeros((0, len(noise)))
    if design.experts > 1:
        twice = np.flatnonzero((uniforms(seed, _SWITCH, frames) < scenario.rig.switch_fraction) & ~any_struck)
        again = np.exp(noise * _normals(seed, _AGAIN, len(twice) * len(noise)).reshape(len(twice), len(noise)))

    def course(full_s: np.ndarray, short_s: np.ndarray) -> list[np.ndarray]:
        """Return the times of every stage; where two experts look, of the full course, whatever a first look would have said."""
        if short is None:
            return [factor * time_s for factor, time_s in zip(factors, full_s.tolist(), strict=True)]
        spared = short.copy()
        spared[twice] = False
        return [factor * np.where(spared, less_s, time_s) for factor, time_s, less_s in zip(factors, full_s, short_s, strict=True)]

    def divide() -> tuple[np.ndarray, np.ndarray]:
        running = np.stack(course(stages.full.running_s[:, 0], stages.short.running_s[:, 0]), axis=1)
        waiting = np.stack(course(stages.full.waiting_s[:, 0], stages.short.waiting_s[:, 0]), axis=1)
        running[twice] += again * stages.again_s[:, 0]
        waiting[:, 0] += float(outcome.wait_s)
        for hit, (spike, extra_s) in zip(struck, extras, strict=True):
            shares = _shares(spike.stage, stages.full.time_s[:, 0] if spike.spreads else None)
            (waiting if spike.waits else running)[hit] += extra_s[:, None] * shares
        return running, waiting

    frame_s = sum(course(stages.full.time_s[:, 0], stages.short.time_s[:, 0])) + float(outcome.wait_s)
    frame_s[twice] += again @ stages.again_s[:, 0]
    for hit, (_, extra_s) in zip(struck, extras, strict=True):
        frame_s[hit] += extra_s
    slow = np.flatnonzero(frame_s > scenario.deadline_s)
    return LoopTrace(
        names=STAGE_NAMES, frame_s=frame_s, deadline_s=scenario.deadline_s, slow=tuple(slow.tolist()), divide=divide
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


@lru_cache(maxsize=8)
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


@lru_cache(maxsize=len(STAGE_IDS) + 4)
def _factors(seed: int, frames: int, stage: int, noise: float) -> np.ndarray:
    """Return by what factor a stage takes longer or shorter in every frame."""
    return np.exp(noise * _noise_of_all(seed, frames, len(STAGE_IDS))[:, stage])


@lru_cache(maxsize=1)
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
