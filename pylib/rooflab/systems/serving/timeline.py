"""A trace of one layer of a language model: its kernels in the order in which they run."""

from collections.abc import Iterator

import numpy as np

from rooflab.model.attention import EAGER_SCORE_PASSES, eager_kernels
from rooflab.model.launch import queue_starts_s
from rooflab.model.layer_fusion import chain_counts
from rooflab.model.stack import ALL_TO_ALL
from rooflab.systems.outcome import Operators
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.load import KV_BYTES, piggybacked_tokens_count
from rooflab.systems.serving.kernel_times import ATTENTION, LINKS, PASS_OPERATORS
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.systems.timeline import Timeline

__all__ = ["serving_timeline"]


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
    names, places, durations = _layer_kernels(scenario, design, outcome)
    layers = scenario.model(design.experts).layers
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
        subject=f"One of {layers} layers",
        names=names,
        operators=places,
        starts_s=starts[shown] - before,
        durations_s=durations,
        gaps_before_s=gaps,
        layer_time_s=float(ends[first + count - 1] - before),
        layers=layers,
    )


def _layer_kernels(
    scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Return names, operators and running times of the kernels of one layer."""
    operators, chain = outcome.operators, chain_counts(design.fusion)
    apart = {"attn_norm": chain.norm_launches, "mlp_norm": chain.norm_launches, "silu_mul": chain.silu_launches}
    names: list[str] = []
    places: list[int] = []
    durations: list[float] = []
    for place, half in _order(operators):
        launches = round(operators.launches[place] / operators.repeats[place])
        kernel_s = operators.time_s[place] - operators.launch_s[place]
        if not launches:  # its work is done in a neighbour's kernel
            if durations:
                durations[-1] += half[1] * float(kernel_s / operators.repeats[place])
            continue
        name = operators.names[place]
        parts: tuple[tuple[str, float], ...] = ((name + half[0], half[1] * kernel_s / operators.repeats[place]),)
        if place == ATTENTION:
            parts = _attention_kernels(scenario, design, outcome)
        elif apart.get(operators.ids[place]) == 2:
            parts = tuple((words, share * parts[0][1]) for words, share in _APART[operators.ids[place]])
        for part_name, part_s in parts:
            names.append(part_name)
            places.append(place)
            durations.append(float(part_s) + _start_s(scenario, outcome, place))
    return tuple(names), np.array(places), np.array(durations)


def _start_s(scenario: ServingScenario, outcome: ServingOutcome, place: int) -> float:
    if place not in LINKS:
        return scenario.calibration.kernel_ramp_s
    to_experts = PASS_OPERATORS[place] is ALL_TO_ALL
    return scenario.calibration.all_reduce_s if to_experts else float(outcome.reduce_start_s)


# Two kernels of one operator, and their shares of what it moves.
_APART = {
    "attn_norm": (("Residual before attention", 3 / 5), ("Norm before attention", 2 / 5)),
    "mlp_norm": (("Residual before MLP", 3 / 5), ("Norm before MLP", 2 / 5)),
    "silu_mul": (("SiLU", 2 / 5), ("Product with the gate", 3 / 5)),
}
_WHOLE = ("", 1.0)


def _order(operators: Operators) -> Iterator[tuple[int, tuple[str, float]]]:
    """Yield the operators of a layer as they run; tokens go to whole experts and come back."""
    for place, each in enumerate(PASS_OPERATORS[: len(operators.ids)]):
        if not each.in_layer or each is ALL_TO_ALL:
            continue
        yield place, _WHOLE
        if ALL_TO_ALL.id in operators.ids and each.id in ("mlp_norm", "down"):
            direction = ", to the experts" if each.id == "mlp_norm" else ", back"
            yield operators.ids.index(ALL_TO_ALL.id), (direction, 0.5)


def _attention_kernels(
    scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome
) -> tuple[tuple[str, float], ...]:
    """Return names and times of the kernels that do the attention of one layer."""
    operators = outcome.operators
    layers = operators.repeats[ATTENTION]
    compute_s = operators.compute_s[ATTENTION] / layers
    memory_s = operators.memory_s[ATTENTION] / layers
    if design.attention_kernel == "fused":
        parts = (("Fused attention", (operators.time_s[ATTENTION] - operators.launch_s[ATTENTION]) / layers),)
        return parts if design.phase == "prefill" else (*parts, ("Combine splits of keys", 0.0))
    model = scenario.model(design.experts)
    kv = operators.kv_bytes[ATTENTION] / layers
    widening = 2.0 / KV_BYTES[design.kv_precision]
    stored = kv / (1 + 2 * model.group_size * widening)
    scores = _scores_count(scenario, design, outcome)
    activations = operators.activation_bytes[ATTENTION] / layers
    kernels = eager_kernels(
        kv_bytes=stored,
        unpacked_kv_bytes=stored * model.group_size * widening,
        score_bytes=2.0 * scores,
        query_bytes=activations / 2 - EAGER_SCORE_PASSES * scores,
        flop=1.0,
    )
    total = kv + activations
    return tuple(
        (name, max(compute_s * flop, memory_s * bytes_ / total)) for name, flop, bytes_ in kernels
    )


def _scores_count(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome) -> float:
    """Return the scores of one layer on one device, those of prompts that ride along included."""
    heads = scenario.model(design.experts).heads / scenario.device_count
    if design.phase == "prefill":
        return design.batch * design.context_tokens**2 * heads
    prompts = float(piggybacked_tokens_count(scenario, batch=design.batch, round_tokens=outcome.round_tokens_count))
    length = 0 if scenario.service is None else scenario.service.prompt_tokens
    own = design.batch * (1 + design.draft_tokens) * (design.context_tokens + design.draft_tokens)
    return (own + prompts * length) * heads
