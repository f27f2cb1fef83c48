"""A trace of one layer: the kernels of a step in the order in which they run."""

from dataclasses import dataclass

import numpy as np

from ridgepoint.evaluate.outcome import Operators
from ridgepoint.evaluate.serving import (
    ATTENTION,
    IN_LAYER,
    KV_BYTES,
    LINK_OPERATORS,
    ServingOutcome,
)
from ridgepoint.model.attention import EAGER_SCORE_PASSES, eager_kernels
from ridgepoint.model.launch import queue_starts_s
from ridgepoint.specs import ServingDesign, ServingScenario

__all__ = ["Timeline", "serving_timeline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The kernels of one layer in the middle of a step, as a trace shows them.

    Times count from the end of the kernel before the layer. `operators` are indices into
    OPERATORS; `gaps_before_s` is how long the device waited before each kernel.
    """

    names: tuple[str, ...]
    operators: np.ndarray
    starts_s: np.ndarray
    durations_s: np.ndarray
    gaps_before_s: np.ndarray
    layer_time_s: float
    layers: int

    @property
    def gap_fraction(self) -> float:
        """Share of the layer's time in which no kernel runs."""
        return float(self.gaps_before_s.sum() / self.layer_time_s)


def serving_timeline(
    scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome
) -> Timeline:
    """Return the kernels of one layer of one design, in the order in which they run.

    The launches of the whole step are queued behind one another, so a trace of a layer in the
    middle shows whether the device waits for the host.
    """
    calibration = scenario.calibration
    eager_dispatch = design.dispatch == "eager"
    gap_s = calibration.stream_gap_s if eager_dispatch else calibration.graph_gap_s
    host_s = calibration.host_launch_s if eager_dispatch else 0.0
    names, places, durations = _layer_kernels(scenario, design, outcome.operators)
    layers = scenario.workload.layers
    starts = queue_starts_s(
        durations_s=np.tile(durations, layers), gap_s=gap_s, host_launch_s=host_s
    )
    ends = starts + np.tile(durations, layers)
    count = len(durations)
    first = (layers // 2) * count
    before = ends[first - 1]
    shown = slice(first, first + count)
    gaps = starts[shown] - ends[first - 1 : first + count - 1]
    return Timeline(
        names=names,
        operators=places,
        starts_s=starts[shown] - before,
        durations_s=durations,
        gaps_before_s=gaps,
        layer_time_s=float(ends[first + count - 1] - before),
        layers=layers,
    )


def _layer_kernels(
    scenario: ServingScenario, design: ServingDesign, operators: Operators
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Return names, operators and running times of the kernels of one layer."""
    calibration = scenario.calibration
    names: list[str] = []
    places: list[int] = []
    durations: list[float] = []
    for place, name in enumerate(operators.names):
        if not IN_LAYER[place]:
            continue
        kernel_s = max(
            operators.compute_s[place], operators.memory_s[place], operators.link_s[place]
        )
        parts = ((name, kernel_s / operators.repeats[place]),)
        if place == ATTENTION:
            parts = _attention_kernels(scenario, design, operators)
        for part_name, part_s in parts:
            names.append(part_name)
            places.append(place)
            start_s = calibration.all_reduce_s if LINK_OPERATORS[place] else calibration.kernel_ramp_s
            durations.append(float(part_s) + start_s)
    return tuple(names), np.array(places), np.array(durations)


def _attention_kernels(
    scenario: ServingScenario, design: ServingDesign, operators: Operators
) -> tuple[tuple[str, float], ...]:
    """Return names and times of the kernels that do the attention of one layer."""
    layers = operators.repeats[ATTENTION]
    compute_s = operators.compute_s[ATTENTION] / layers
    memory_s = operators.memory_s[ATTENTION] / layers
    if design.attention_kernel == "fused":
        parts = (("Fused attention", max(compute_s, memory_s)),)
        return parts if design.phase == "prefill" else (*parts, ("Combine splits of keys", 0.0))
    group = scenario.workload.group_size
    kv = operators.kv_bytes[ATTENTION] / layers
    widening = 2.0 / KV_BYTES[design.kv_precision]
    stored = kv / (1 + 2 * group * widening)
    queries = design.context_tokens if design.phase == "prefill" else 1
    scores = (
        design.batch * queries * design.context_tokens
        * scenario.workload.heads / scenario.device_count
    )  # fmt: skip
    activations = operators.activation_bytes[ATTENTION] / layers
    kernels = eager_kernels(
        kv_bytes=stored,
        unpacked_kv_bytes=stored * group * widening,
        score_bytes=2.0 * scores,
        query_bytes=activations / 2 - EAGER_SCORE_PASSES * scores,
        flop=1.0,
    )
    total = kv + activations
    return tuple(
        (name, max(compute_s * flop, memory_s * bytes_ / total)) for name, flop, bytes_ in kernels
    )
