"""A language model on a node: from a design to an outcome, one design or a grid of them at once."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ridgepoint.evaluate.outcome import Operators, Outcome, judge
from ridgepoint.model.capacity import serving_capacity
from ridgepoint.model.decoder import OPERATORS, decoder_costs
from ridgepoint.model.launch import idle_share_s, step_idle_s
from ridgepoint.model.lookup import lookup
from ridgepoint.model.roofline import BOUNDS, LATENCY, Timing
from ridgepoint.specs import WEIGHT_SCHEMES, Precision, ServingDesign, ServingScenario
from ridgepoint.units import format_bytes, format_count

__all__ = ["ServingOutcome", "evaluate_serving"]

_DESIGN_FIELDS = tuple(each.name for each in fields(ServingDesign))

_ENGINES = ("vector", "matrix", "attention")
_ENGINE_OF = np.array(
    [_ENGINES.index("vector" if each.engine == "link" else each.engine) for each in OPERATORS]
)
LINK_OPERATORS = np.array([each.engine == "link" for each in OPERATORS])
_IDS = tuple(each.id for each in OPERATORS)
_NAMES = tuple(each.name for each in OPERATORS)
IN_LAYER = tuple(each.in_layer for each in OPERATORS)
ATTENTION = [each.id for each in OPERATORS].index("attention")
KV_BYTES = {"bf16": Precision.BF16.element_bytes, "fp8": Precision.FP8.element_bytes}
_UNPACKED = {
    name: float(each.storage.element_bytes < each.compute.element_bytes)
    for name, each in WEIGHT_SCHEMES.items()
}
_WEIGHT_BYTES = {name: each.element_bytes for name, each in WEIGHT_SCHEMES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingOutcome(Outcome):
    """What a way of serving does: one token for every sequence in decode, all prompts in prefill."""

    tokens_per_s: Any
    hfu_fraction: Any
    kv_time_fraction: Any
    host_s: Any
    idle_s: Any
    max_context_tokens: int
    context_tokens: Any

    @property
    def feasible(self) -> Any:
        """Whether everything fits, the context included, and no target is missed."""
        return Outcome.feasible.fget(self) & (self.context_tokens <= self.max_context_tokens)

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


def evaluate_serving(scenario: ServingScenario, design: ServingDesign) -> ServingOutcome:
    """Return what `design` does in `scenario`; every value of the design may be an array."""
    calibration, workload = scenario.calibration, scenario.workload
    n = scenario.device_count
    batch, context = _spread(design), design.context_tokens
    decoding = lookup(design.phase, {"decode": 1.0, "prefill": 0.0})
    eager = lookup(design.attention_kernel, {"eager": 1.0, "fused": 0.0})
    queries = decoding + (1 - decoding) * context
    hardware = _hardware(scenario, design)
    weight_element_bytes = lookup(design.precision, _WEIGHT_BYTES)
    kv_element_bytes = lookup(design.kv_precision, KV_BYTES)

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
    start_s = np.where(LINK_OPERATORS, calibration.all_reduce_s, calibration.kernel_ramp_s)
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
    return ServingOutcome(
        operators=operators,
        **figures,
        outputs=batch * queries,
        mfu_fraction=costs.necessary_flop / (step_s * peak),
        hfu_fraction=executed_flop / (step_s * peak),
        mbu_fraction=necessary_bytes / (step_s * hardware.hbm_bytes_per_s),
        kv_time_fraction=(cost.kv_bytes[ATTENTION] * hbm_s_per_byte) / step_s,
        host_s=host_s,
        idle_s=idle_s,
        bound_times_s=bound_times_s,
        bound=bound_times_s.argmax(axis=0),
        peak_flop_per_s=peak,
        hbm_bytes_per_s=hardware.hbm_bytes_per_s,
        capacity=capacity,
        max_context_tokens=workload.max_context_tokens,
        context_tokens=context,
        targets=tuple(judge(each, figures[each.quantity], design.phase) for each in scenario.targets),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hardware:
    peak_flop_per_s: Any
    hbm_bytes_per_s: Any
    hbm_bytes: Any
    link_bytes_per_s: Any
    vector_flop_per_s: Any
    rates: Any  # FLOP/s that each operator's kernels can reach


def _hardware(scenario: ServingScenario, design: ServingDesign) -> _Hardware:
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


def _attention_only(value: Any, like: np.ndarray) -> np.ndarray:
    """Return zeros like `like` with `value` at attention."""
    values = np.zeros(like.shape)
    values[ATTENTION] = value
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
