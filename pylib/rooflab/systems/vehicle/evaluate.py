"""The loop of a vehicle: from a design to percentiles of its frame time, one design or a grid at once.

A step is one batch of images. Frame time is the age of its first image when the decision is made.
Closed forms only; the trace of the design that is shown is in recording.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from rooflab.model.capacity import MemoryUse
from rooflab.model.jitter import chance_seen_fraction
from rooflab.model.mixture import Mixture, quantile_interval_shares
from rooflab.model.roofline import Timing
from rooflab.specs import Spike
from rooflab.systems.outcome import Operators, Outcome, judge, ratio
from rooflab.systems.vehicle.columns import Columns, by_word, columns_of
from rooflab.systems.vehicle.design import LOOP_CHOICES, VehicleDesign
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.systems.vehicle.stages import DETECTOR, GPU_STAGES, STAGE_IDS, STAGE_NAMES, Stages, stages_of
from rooflab.values import Values

__all__ = ["VehicleOutcome", "RARE_SHARE", "evaluate_vehicle", "spike_chances"]

RARE_SHARE = 0.999
"""What a loop is judged by: the time that 999 frames of 1000 keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleOutcome(Outcome):
    """Frame times of one way of running the loop.

    `wait_s` is how long the first image of a batch waits for the last; `p999_s` and the other
    percentiles count it in. `images_per_s` is what the loop keeps up with, spikes included.
    `times` is the mixture of frame times without the wait.
    """

    stages: Stages
    times: Mixture
    wait_s: Values
    p999_s: Values
    mean_frame_s: Values
    images_per_s: Values
    spike_fraction: Values
    pixels_count: Values
    deadline_s: float
    recorded_count: Values

    @property
    def beside_detector_s(self) -> Values:
        """What a frame takes outside the detector."""
        return self.step_time_s - self.operators.time_s[DETECTOR].sum(axis=0)

    def made_of(self, quantity: str) -> tuple[tuple[str, float], ...]:
        """Return what a figure is the sum of: of a rare frame the wait for its batch, and the stages or the spike."""
        if quantity == "images_per_s":
            return tuple(zip(self.operators.names, self.operators.time_s.tolist(), strict=True))
        if quantity != "p999_s":
            return Outcome.made_of(self, quantity)
        wait = ("the wait for the rest of the batch", float(self.wait_s))
        if self.spike_fraction >= 1 - RARE_SHARE:
            usual_s = float(self.mean_frame_s - self.wait_s)
            return wait, ("the spike", float(self.p999_s - self.mean_frame_s)), ("the rest of the frame", usual_s)
        return wait, *zip(self.operators.names, self.stages.full.time_s.ravel().tolist(), strict=True)

    @property
    def p50_s(self) -> Values:
        """The time that half of the frames keep."""
        return self.wait_s + self.times.quantile_s(0.5)

    @property
    def p99_s(self) -> Values:
        """The time that 99 frames of 100 keep."""
        return self.wait_s + self.times.quantile_s(0.99)

    @property
    def miss_fraction(self) -> Values:
        """The share of the frames that miss the deadline."""
        return self.times.above_fraction(self.deadline_s - self.wait_s)

    @property
    def chance_seen_fraction(self) -> Values:
        """The chance that a recording as long as the design says holds a frame over the deadline."""
        return chance_seen_fraction(
            spike_fraction=np.minimum(self.miss_fraction, 1 - 1e-12), frames=self.recorded_count
        )

    @property
    def p999_low_s(self) -> Values:
        """The lower end of what p99.9 may be measured as, in 95% of recordings; for one design."""
        return self.wait_s + self.times.quantile_s(float(quantile_interval_shares(RARE_SHARE, self.recorded_count)[0]))

    @property
    def p999_high_s(self) -> Values:
        """The upper end; not finite where too few frames are recorded to bound it."""
        share = float(quantile_interval_shares(RARE_SHARE, self.recorded_count)[1])
        return self.wait_s + self.times.quantile_s(share) if share < 1 else np.inf

    @property
    def memory_place(self) -> str:
        """Say where the memory that limits is, after a number of bytes."""
        return " of the loop's share of memory"


def evaluate_vehicle(scenario: VehicleScenario, design: VehicleDesign) -> VehicleOutcome:
    """Return what `design` does in `scenario`; every value of the design may be an array."""
    shape, columns = columns_of(design)
    stages = stages_of(scenario, columns)

    def shaped(value: Values) -> Values:
        value = np.asarray(value)
        lead = value.shape[:-1] if value.ndim > 1 else ()
        return value.reshape((*lead, *shape))[()]

    times = _mixture(scenario, columns, stages)
    mixture = Mixture(**{each.name: shaped(getattr(times, each.name)) for each in fields(Mixture)})
    figures = {name: shaped(value) for name, value in _figures(scenario, columns, stages, times).items()}
    wait_s = figures["wait_s"]
    figures["p999_s"] = wait_s + mixture.quantile_s(RARE_SHARE)
    judged = dict(figures)
    if any(each.quantity == "miss_fraction" for each in scenario.targets):
        judged["miss_fraction"] = mixture.above_fraction(scenario.deadline_s - wait_s)
    return VehicleOutcome(
        operators=_operators(stages, shaped),
        outputs=shaped(columns["batch"] * 1.0),
        stages=stages,
        times=mixture,
        capacity=MemoryUse(
            parts=tuple((words, shaped(value)) for words, value in _memory(scenario, columns, stages)),
            available_bytes=scenario.share_bytes,
            source=scenario.memory_source,
        ),
        hbm_bytes_per_s=scenario.device.fact("hbm_bytes_per_s"),
        deadline_s=scenario.deadline_s,
        recorded_count=shaped(columns["frames"]),
        targets=tuple(judge(each, judged[each.quantity]) for each in scenario.targets),
        **figures,
    )


def spike_chances(scenario: VehicleScenario, columns: Columns) -> list[tuple[Spike, np.ndarray]]:
    """Return each kind of spike and the chance that it strikes a batch; 0 where the design rules it out."""
    found = []
    for spike in scenario.spikes:
        field, *cures = spike.cured_by
        open_ = by_word(columns, field, {word: float(word not in cures) for word in LOOP_CHOICES[field]})
        found.append((spike, open_ * -np.expm1(columns["batch"] * np.log1p(-spike.chance_fraction))))
    return found


def spike_extra_s(spike: Spike, stages: Stages) -> np.ndarray:
    """Return how much longer a frame takes that the spike strikes, at the median."""
    time_s = stages.full.time_s
    slowed = time_s[GPU_STAGES].sum(axis=0) if spike.spreads else time_s[STAGE_IDS.index(spike.stage)]
    return spike.extra_s + spike.slowdown_factor * slowed


def _mixture(scenario: VehicleScenario, columns: Columns, stages: Stages) -> Mixture:
    """Return frame times by kind: short, full, with two experts, and one kind for each spike."""
    chances = spike_chances(scenario, columns)
    struck = sum((chance for _, chance in chances), np.zeros(len(columns["batch"])))
    switched = (columns["experts"] > 1) * scenario.rig.switch_fraction * (1 - struck)
    usual = 1 - struck - switched
    noise = stages.noise_factor
    full = _moments(stages.full.time_s, noise)
    again = _moments(stages.again_s, noise)
    kinds = [(usual * (1 - stages.short_fraction), full)]
    if stages.short_fraction.any():
        kinds.append((usual * stages.short_fraction, _moments(stages.short.time_s, noise)))
    if switched.any():
        kinds.append((switched, tuple(a + b for a, b in zip(full, again, strict=True))))
    for spike, chance in chances:
        extra = _moments(spike_extra_s(spike, stages)[None], np.full((1, 1), spike.noise_factor))
        kinds.append((chance, tuple(a + b for a, b in zip(full, extra, strict=True))))
    mean, variance = (np.stack([kind[1][at] for kind in kinds]) for at in (0, 1))
    squared_sigma = np.log1p(variance / np.square(mean))
    return Mixture(
        share_fraction=np.stack([kind[0] for kind in kinds]),
        median_s=mean * np.exp(-squared_sigma / 2),
        sigma_factor=np.sqrt(squared_sigma),
    )


def _moments(median_s: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance of the sum of independent lognormal stages (Fenton 1960)."""
    spread = np.exp(np.square(noise))
    mean = median_s * np.sqrt(spread)
    return mean.sum(axis=0), (np.square(mean) * (spread - 1)).sum(axis=0)


def _figures(
    scenario: VehicleScenario, columns: Columns, stages: Stages, times: Mixture
) -> dict[str, np.ndarray]:
    rig = scenario.rig
    batch = columns["batch"]
    wait_s = (batch - 1) * rig.image_gap_s
    mean_s = times.mean_s
    alpha = stages.short_fraction
    step_s = ((1 - alpha) * stages.full.time_s + alpha * stages.short.time_s).sum(axis=0)
    spiked = sum((chance for _, chance in spike_chances(scenario, columns)), np.zeros(len(batch)))
    return {
        "step_time_s": step_s,
        "wait_s": wait_s,
        "mean_frame_s": wait_s + mean_s,
        "images_per_s": batch / mean_s,
        "spike_fraction": spiked,
        "mfu_fraction": stages.needed_flop / (step_s * stages.peak_flop_per_s),
        "mbu_fraction": stages.needed_bytes / (step_s * scenario.device.fact("hbm_bytes_per_s")),
        "bound_times_s": stages.bound_times_s,
        "bound": stages.bound_times_s.argmax(axis=0),
        "peak_flop_per_s": stages.peak_flop_per_s,
        "pixels_count": columns["resolution"] * rig.target_m / rig.view_width_m,
    }


def _memory(
    scenario: VehicleScenario, columns: Columns, stages: Stages
) -> tuple[tuple[str, np.ndarray], ...]:
    """Return what fills the loop's share. A captured graph keeps its own tensors beside the others.

    A pinned path has a ring of two buffers for each camera beside the images on their way; a mapped
    one has the ring alone, a pageable one the images twice.
    """
    rig, batch = scenario.rig, columns["batch"]
    ring = 2.0 * rig.cameras
    passing = by_word(columns, "input_path", {"pageable": 2.0, "pinned": 1.0, "mapped": 0.0})
    rings = by_word(columns, "input_path", {"pageable": 0.0, "pinned": 1.0, "mapped": 1.0})
    images = passing * batch + rings * ring
    graph = by_word(columns, "dispatch", {"eager": 0.0, "graph": 1.0})
    return (
        ("weights", columns["experts"] * stages.stored_weight_bytes),
        ("activations", stages.stored_activation_bytes),
        ("tensors of the graph", graph * stages.stored_activation_bytes),
        ("images", images * rig.image_bytes),
        ("workspace", np.full(len(batch), scenario.calibration.workspace_bytes)),
    )


def _operators(stages: Stages, shaped: Callable[[Values], Values]) -> Operators:
    alpha = stages.short_fraction
    time_s = (1 - alpha) * stages.full.time_s + alpha * stages.short.time_s
    launch_s = np.maximum(time_s - stages.kernel_s, 0.0)
    moved = stages.weight_bytes + stages.activation_bytes
    arrays = {
        "flop": stages.flop,
        "weight_bytes": stages.weight_bytes,
        "activation_bytes": stages.activation_bytes,
        "kv_bytes": np.zeros_like(time_s),
        "launches": stages.launches,
        "compute_s": stages.compute_s,
        "memory_s": stages.memory_s,
        "link_s": np.zeros_like(time_s),
        "launch_s": launch_s,
        "time_s": time_s,
        "intensity_flop_per_byte": ratio(stages.flop, moved),
        "attained_flop_per_s": ratio(stages.flop, time_s),
        "bound": Timing(stages.compute_s, stages.memory_s, launch_s).bound,
    }
    return Operators(
        ids=STAGE_IDS,
        names=STAGE_NAMES,
        repeats=np.ones(len(STAGE_IDS)),
        **{name: shaped(value) for name, value in arrays.items()},
    )
