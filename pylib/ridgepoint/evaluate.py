"""From a scenario and a design to an outcome: one design, or a whole grid of them at once."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from ridgepoint.errors import BadDesign
from ridgepoint.model.attention import EAGER_SCORE_PASSES, eager_kernels
from ridgepoint.model.capacity import Capacity, serving_capacity
from ridgepoint.model.decoder import OPERATORS, decoder_costs
from ridgepoint.model.launch import idle_share_s, queue_starts_s, step_idle_s
from ridgepoint.model.lookup import lookup
from ridgepoint.model.roofline import BOUNDS, LATENCY, Timing
from ridgepoint.specs import (
    WEIGHT_SCHEMES,
    Band,
    Design,
    Precision,
    Scenario,
    ServingDesign,
    Target,
    design_from_json,
)
from ridgepoint.units import (
    format_bytes,
    format_count,
    format_fraction,
    format_reading,
)

__all__ = [
    "BOUNDS",
    "Design",
    "ErrorBand",
    "Operators",
    "Outcome",
    "ServingDesign",
    "TargetOutcome",
    "Timeline",
    "design_from_json",
    "FIGURES",
    "error_band",
    "evaluate",
    "grade",
    "sweep",
    "timeline",
]

FIGURES = (
    "step_time_s",
    "tokens_per_s",
    "mfu_fraction",
    "hfu_fraction",
    "mbu_fraction",
    "kv_time_fraction",
    "host_s",
    "idle_s",
    "bound",
    "feasible",
)
_BLOCK = 2048
_DESIGN_FIELDS = tuple(each.name for each in fields(ServingDesign))

_ENGINES = ("vector", "matrix", "attention")
_ENGINE_OF = np.array(
    [_ENGINES.index("vector" if each.engine == "link" else each.engine) for each in OPERATORS]
)
_LINK = np.array([each.engine == "link" for each in OPERATORS])
_IDS = tuple(each.id for each in OPERATORS)
_NAMES = tuple(each.name for each in OPERATORS)
_IN_LAYER = tuple(each.in_layer for each in OPERATORS)
_ATTENTION = [each.id for each in OPERATORS].index("attention")
_KV_BYTES = {"bf16": Precision.BF16.element_bytes, "fp8": Precision.FP8.element_bytes}
_UNPACKED = {
    name: float(each.storage.element_bytes < each.compute.element_bytes)
    for name, each in WEIGHT_SCHEMES.items()
}
_WEIGHT_BYTES = {name: each.element_bytes for name, each in WEIGHT_SCHEMES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """Every operator of a step on one device, all layers together.

    The first axis of every array is the operator; the rest is the shape of the design.
    `bound` is an index into BOUNDS.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    repeats: np.ndarray
    flop: np.ndarray
    weight_bytes: np.ndarray
    activation_bytes: np.ndarray
    kv_bytes: np.ndarray
    launches: np.ndarray
    compute_s: np.ndarray
    memory_s: np.ndarray
    link_s: np.ndarray
    launch_s: np.ndarray
    time_s: np.ndarray
    intensity_flop_per_byte: np.ndarray
    attained_flop_per_s: np.ndarray
    bound: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOutcome:
    """How a target was kept; a negative margin is a miss.

    `judged` is false where the design is of another phase than the target; it misses nothing.
    """

    target: Target
    value: Any
    margin_fraction: Any
    judged: Any = True

    @property
    def met(self) -> Any:
        """Whether the target is met, or does not apply."""
        return (self.margin_fraction >= 0) | np.logical_not(self.judged)

    @property
    def words(self) -> str:
        """Say the value, the limit and the margin; for one design."""
        unit = self.target.unit
        if not self.judged:
            return (
                f"{self.target.name}: {format_reading(self.value, unit)}; the target of "
                f"{format_reading(self.target.limit, unit)} is for {self.target.phase}."
            )
        asked = "at least" if self.target.at_least else "at most"
        side = "inside" if self.met else "short" if self.target.at_least else "over"
        return (
            f"{self.target.name}: {format_reading(self.value, unit)}, "
            f"{asked} {format_reading(self.target.limit, unit)} asked; "
            f"{format_fraction(abs(float(self.margin_fraction)))} {side}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a design does in a scenario. Figures of one design are numbers, of a grid arrays.

    Times, flop and bytes are those of one device for one step: one token for every sequence in
    decode, all prompts in prefill. `bound_times_s` divides the step among BOUNDS.
    """

    operators: Operators
    step_time_s: Any
    tokens_per_s: Any
    mfu_fraction: Any
    hfu_fraction: Any
    mbu_fraction: Any
    kv_time_fraction: Any
    host_s: Any
    idle_s: Any
    bound_times_s: np.ndarray
    bound: Any
    ridge_flop_per_byte: Any
    peak_flop_per_s: Any
    hbm_bytes_per_s: Any
    capacity: Capacity
    max_context_tokens: int
    context_tokens: Any
    targets: tuple[TargetOutcome, ...]

    @property
    def feasible(self) -> Any:
        """Whether everything fits and no target is missed."""
        good = self.capacity.fits & (self.context_tokens <= self.max_context_tokens)
        for each in self.targets:
            good = good & each.met
        return good

    @property
    def reasons(self) -> tuple[str, ...]:
        """Say why the design is not feasible; for one design."""
        reasons = []
        if not self.capacity.fits:
            reasons.append(
                f"Out of memory: {format_bytes(self.capacity.needed_bytes)} are needed on each "
                f"GPU, {format_bytes(self.capacity.available_bytes)} are there. The largest "
                f"batch that fits is {format_count(self.capacity.max_batch_count)}."
            )
        if self.context_tokens > self.max_context_tokens:
            reasons.append(
                f"Context too long: {format_count(self.context_tokens)} tokens are asked, the "
                f"model was made for {format_count(self.max_context_tokens)}."
            )
        reasons.extend(each.words for each in self.targets if not each.met)
        return tuple(reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBand:
    """A range around a step time, and what stands behind it."""

    low_s: float
    high_s: float
    validated: bool
    words: str


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


def evaluate(scenario: Scenario, design: Design) -> Outcome:
    """Return what `design` does in `scenario`.

    Every value of the design may be an array; all of them broadcast.

    Raises:
        BadDesign: the design is of another kind than the scenario, or names an unknown device.
        UnsupportedPrecision: the device has no peak rate for the precision.
    """
    if isinstance(design, ServingDesign):
        return _evaluate_serving(scenario, design)
    raise BadDesign(f"This scenario takes a serving design; got a {type(design).__name__}.")


def error_band(scenario: Scenario, design: ServingDesign, outcome: Outcome) -> ErrorBand:
    """Return how far the step time of one design may be from the world.

    Where enough published rows stand behind the phase and the kernel, the band is the error that
    nine of ten rows keep; else it is the range over the constants that are assumed.
    """
    step_s = float(outcome.step_time_s)
    graded = grade(scenario, design)
    if graded is not None:
        low_s, high_s = step_s / (1 + graded.p90_fraction), step_s * (1 + graded.p90_fraction)
        words = (
            f"Published {graded.topic} times ({graded.rows}) are met within "
            f"{format_fraction(graded.median_fraction)} (median) and "
            f"{format_fraction(graded.p90_fraction)} (nine of ten)."
        )
        return ErrorBand(low_s=low_s, high_s=high_s, validated=True, words=words)
    ends = [
        float(evaluate(replace(scenario, calibration=each), design).step_time_s)
        for each in scenario.calibration_range or (scenario.calibration,)
    ]
    return ErrorBand(
        low_s=min(*ends, step_s) if len(ends) > 1 else step_s,
        high_s=max(*ends, step_s) if len(ends) > 1 else step_s,
        validated=False,
        words="Not validated: too few published times of this kind. The band is the range over "
        "the assumed constants.",
    )


def grade(scenario: Scenario, design: ServingDesign) -> Band | None:
    """Return the error on published rows of this kind of design; None where too few stand behind it."""
    band = scenario.band(design.phase) if design.attention_kernel == "fused" else None
    return band if band is not None and band.validated else None


def sweep(
    scenario: Scenario, design: Design, *, figures: tuple[str, ...] = ("step_time_s",)
) -> dict[str, np.ndarray]:
    """Return some figures of a grid of designs, without keeping the operators of each.

    The grid is evaluated in blocks that stay in a processor's cache.

    Raises:
        BadDesign: a figure is unknown, or a design of the grid is malformed.
    """
    if unknown := [each for each in figures if each not in FIGURES]:
        raise BadDesign(f"No figure {unknown[0]!r}; there are {', '.join(FIGURES)}.")
    names = [each.name for each in fields(design)]
    values = np.broadcast_arrays(*(np.asarray(getattr(design, name)) for name in names))
    shape = values[0].shape
    columns = {name: value.ravel() for name, value in zip(names, values, strict=True)}
    fixed = {
        name: getattr(design, name) for name in names if np.ndim(getattr(design, name)) == 0
    }
    found = {name: np.empty(columns[names[0]].size) for name in figures}
    for first in range(0, columns[names[0]].size, _BLOCK):
        block = slice(first, first + _BLOCK)
        part = {name: column[block] for name, column in columns.items() if name not in fixed}
        outcome = evaluate(scenario, design.replace(**fixed, **part))
        for name in figures:
            found[name][block] = getattr(outcome, name)
    return {name: value.reshape(shape) for name, value in found.items()}


def timeline(
    scenario: Scenario, design: ServingDesign, outcome: Outcome | None = None
) -> Timeline:
    """Return the kernels of one layer of one design, in the order in which they run.

    The launches of the whole step are queued behind one another, so a trace of a layer in the
    middle shows whether the device waits for the host. An `outcome` of the same design saves
    evaluating it again.
    """
    outcome = outcome or evaluate(scenario, design)
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


def _evaluate_serving(scenario: Scenario, design: ServingDesign) -> Outcome:
    calibration, workload = scenario.calibration, scenario.workload
    n = scenario.device_count
    batch, context = _spread(design), design.context_tokens
    decoding = lookup(design.phase, {"decode": 1.0, "prefill": 0.0})
    eager = lookup(design.attention_kernel, {"eager": 1.0, "fused": 0.0})
    queries = decoding + (1 - decoding) * context
    hardware = _hardware(scenario, design)
    weight_element_bytes = lookup(design.precision, _WEIGHT_BYTES)
    kv_element_bytes = lookup(design.kv_precision, _KV_BYTES)

    costs = decoder_costs(
        workload,
        device_count=n,
        batch=batch,
        query_tokens=queries,
        context_tokens=context,
        decoding=decoding,
        eager=eager,
        weight_element_bytes=weight_element_bytes,
        kv_element_bytes=kv_element_bytes,
    )
    cost = costs.executed
    hbm_bytes = cost.hbm_bytes
    hbm_s_per_byte = 1 / (calibration.hbm_fraction * hardware.hbm_bytes_per_s)
    # Weights that are stored narrower than they are multiplied are unpacked as they arrive.
    unpack_s_per_byte = (
        lookup(design.precision, _UNPACKED)
        * calibration.unpack_flop
        / (weight_element_bytes * hardware.vector_flop_per_s)
    )
    kernel = Timing(
        compute_s=cost.flop / _aligned(hardware.rates, cost.flop),
        memory_s=hbm_bytes * hbm_s_per_byte + cost.weight_bytes * unpack_s_per_byte,
        link_s=cost.link_bytes / hardware.link_bytes_per_s,
        alone_s=_attention_only(costs.alone_bytes * hbm_s_per_byte, hbm_bytes),
    )
    kernel_s = kernel.kernel_s

    eager_dispatch = lookup(design.dispatch, {"eager": 1.0, "graph": 0.0})
    gap_s = calibration.graph_gap_s + eager_dispatch * (
        calibration.stream_gap_s - calibration.graph_gap_s
    )
    start_s = np.where(_LINK, calibration.all_reduce_s, calibration.kernel_ramp_s)
    device_launch_s = cost.launches * (_column(start_s, cost.launches) + gap_s)
    host_each_s = cost.launches * (eager_dispatch * calibration.host_launch_s)
    host_s = host_each_s.sum(axis=0)
    busy_each_s = kernel_s + device_launch_s
    idle_s = step_idle_s(host_s=host_s, device_s=busy_each_s.sum(axis=0))
    launch_s = device_launch_s + idle_share_s(
        idle_s=idle_s, host_s=host_each_s, device_s=busy_each_s
    )
    launch_s[0] += (1 - eager_dispatch) * calibration.graph_launch_s

    timing = Timing(kernel.compute_s, kernel.memory_s, launch_s, kernel.link_s, kernel.alone_s)
    time_s = kernel_s + launch_s
    step_s = time_s.sum(axis=0)
    inside = kernel.bound
    bound_times_s = np.stack(
        [np.where(inside == each, kernel_s, 0.0).sum(axis=0) for each in range(len(BOUNDS))]
    )
    bound_times_s[LATENCY] = launch_s.sum(axis=0)
    tokens_per_s = batch * queries / step_s

    operators = Operators(
        ids=_IDS,
        names=_NAMES,
        repeats=costs.repeats,
        flop=cost.flop,
        weight_bytes=cost.weight_bytes,
        activation_bytes=cost.activation_bytes,
        kv_bytes=cost.kv_bytes,
        launches=cost.launches,
        compute_s=kernel.compute_s,
        memory_s=kernel.memory_s,
        link_s=kernel.link_s,
        launch_s=launch_s,
        time_s=time_s,
        intensity_flop_per_byte=_ratio(cost.flop, hbm_bytes),
        attained_flop_per_s=_ratio(cost.flop, time_s),
        bound=timing.bound,
    )
    capacity = serving_capacity(
        workload,
        hardware.hbm_bytes,
        device_count=n,
        batch=batch,
        tokens=batch * queries,
        context_tokens=context,
        weight_element_bytes=weight_element_bytes,
        kv_element_bytes=kv_element_bytes,
        workspace_bytes=costs.workspace_bytes,
        reserve_fraction=calibration.reserve_fraction,
    )
    matrix_only = _column(_ENGINE_OF > 0, cost.flop)
    executed_flop = (cost.flop * matrix_only).sum(axis=0)
    peak = hardware.peak_flop_per_s
    necessary_bytes = costs.necessary_weight_bytes + costs.necessary_kv_bytes
    figures = {
        "step_time_s": step_s,
        "tokens_per_s": tokens_per_s,
    }
    return Outcome(
        operators=operators,
        **figures,
        mfu_fraction=costs.necessary_flop / (step_s * peak),
        hfu_fraction=executed_flop / (step_s * peak),
        mbu_fraction=necessary_bytes / (step_s * hardware.hbm_bytes_per_s),
        kv_time_fraction=(cost.kv_bytes[_ATTENTION] * hbm_s_per_byte) / step_s,
        host_s=host_s,
        idle_s=idle_s,
        bound_times_s=bound_times_s,
        bound=bound_times_s.argmax(axis=0),
        ridge_flop_per_byte=peak / hardware.hbm_bytes_per_s,
        peak_flop_per_s=peak,
        hbm_bytes_per_s=hardware.hbm_bytes_per_s,
        capacity=capacity,
        max_context_tokens=workload.max_context_tokens,
        context_tokens=context,
        targets=tuple(_target_outcome(each, figures[each.quantity], design.phase) for each in scenario.targets),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hardware:
    peak_flop_per_s: Any
    hbm_bytes_per_s: Any
    hbm_bytes: Any
    link_bytes_per_s: Any
    vector_flop_per_s: Any
    rates: Any  # FLOP/s that each operator's kernels can reach


def _hardware(scenario: Scenario, design: ServingDesign) -> _Hardware:
    """Return the figures of the device that the design names, or arrays of them."""
    ids = design.device_id
    calibration = scenario.calibration
    known = {ids: scenario.device(ids)} if isinstance(ids, str) else {
        str(each): scenario.device(str(each)) for each in np.unique(ids)
    }
    peak = _peak(known, ids, design.precision)
    bf16 = lookup(ids, {each: device.peak(Precision.BF16) for each, device in known.items()})
    vector = lookup(ids, {each: device.fact("vector_flop_per_s") for each, device in known.items()})
    rates = np.stack(
        np.broadcast_arrays(
            vector, calibration.gemm_fraction * peak, calibration.attention_fraction * bf16
        )
    )
    facts = {
        name: lookup(ids, {each: device.fact(name) for each, device in known.items()})
        for name in ("hbm_bytes_per_s", "hbm_bytes", "link_bytes_per_s")
    }
    return _Hardware(peak_flop_per_s=peak, vector_flop_per_s=vector, rates=rates[_ENGINE_OF], **facts)


def _peak(known: dict[str, Any], ids: Any, schemes: Any) -> Any:
    if isinstance(ids, str):
        device = known[ids]
        if isinstance(schemes, str):
            return device.peak(WEIGHT_SCHEMES[schemes].compute)
        used = {str(each) for each in np.unique(schemes)}
        return lookup(schemes, {each: device.peak(WEIGHT_SCHEMES[each].compute) for each in used})
    schemes = np.asarray(schemes)
    ids, schemes = np.broadcast_arrays(ids, schemes)
    pairs = np.char.add(np.char.add(ids.astype(str), "|"), schemes.astype(str))
    table = {}
    for pair in np.unique(pairs):
        device_id, scheme = str(pair).split("|")
        table[str(pair)] = known[device_id].peak(WEIGHT_SCHEMES[scheme].compute)
    return lookup(pairs, table)


def _target_outcome(target: Target, value: Any, phase: Any) -> TargetOutcome:
    ratio = value / target.limit
    return TargetOutcome(
        target=target,
        value=value,
        margin_fraction=ratio - 1 if target.at_least else 1 - ratio,
        judged=target.phase is None or phase == target.phase,
    )


def _attention_only(value: Any, like: np.ndarray) -> np.ndarray:
    """Return zeros like `like` with `value` at attention."""
    values = np.zeros(like.shape)
    values[_ATTENTION] = value
    return values


def _spread(design: ServingDesign) -> Any:
    """Return the batch, as an array of the shape of the design if any value is an array."""
    arrays = [
        value for name in _DESIGN_FIELDS if isinstance(value := getattr(design, name), np.ndarray)
    ]
    if not arrays:
        return design.batch
    return np.broadcast_to(design.batch, np.broadcast_shapes(*(each.shape for each in arrays)))


def _aligned(values: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Return `values`, whose first axis is the operators, with as many axes as `like`."""
    shape = values.shape
    return values.reshape(shape[0], *(1,) * (like.ndim - len(shape)), *shape[1:])


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return the ratio, and 0 for an operator that does nothing."""
    return above / np.where(below > 0, below, 1.0)


def _column(values: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Return `values` of the operators with as many axes as `like`."""
    return values.reshape(values.shape + (1,) * (like.ndim - 1))


def _layer_kernels(
    scenario: Scenario, design: ServingDesign, operators: Operators
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Return names, operators and running times of the kernels of one layer."""
    calibration = scenario.calibration
    names: list[str] = []
    places: list[int] = []
    durations: list[float] = []
    for place, name in enumerate(operators.names):
        if not _IN_LAYER[place]:
            continue
        kernel_s = max(
            operators.compute_s[place], operators.memory_s[place], operators.link_s[place]
        )
        parts = ((name, kernel_s / operators.repeats[place]),)
        if place == _ATTENTION:
            parts = _attention_kernels(scenario, design, operators)
        for part_name, part_s in parts:
            names.append(part_name)
            places.append(place)
            start_s = calibration.all_reduce_s if _LINK[place] else calibration.kernel_ramp_s
            durations.append(float(part_s) + start_s)
    return tuple(names), np.array(places), np.array(durations)


def _attention_kernels(
    scenario: Scenario, design: ServingDesign, operators: Operators
) -> tuple[tuple[str, float], ...]:
    """Return names and times of the kernels that do the attention of one layer."""
    layers = operators.repeats[_ATTENTION]
    compute_s = operators.compute_s[_ATTENTION] / layers
    memory_s = operators.memory_s[_ATTENTION] / layers
    if design.attention_kernel == "fused":
        parts = (("Fused attention", max(compute_s, memory_s)),)
        return parts if design.phase == "prefill" else (*parts, ("Combine splits of keys", 0.0))
    group = scenario.workload.group_size
    kv = operators.kv_bytes[_ATTENTION] / layers
    widening = 2.0 / _KV_BYTES[design.kv_precision]
    stored = kv / (1 + 2 * group * widening)
    queries = design.context_tokens if design.phase == "prefill" else 1
    scores = (
        design.batch * queries * design.context_tokens
        * scenario.workload.heads / scenario.device_count
    )  # fmt: skip
    activations = operators.activation_bytes[_ATTENTION] / layers
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
