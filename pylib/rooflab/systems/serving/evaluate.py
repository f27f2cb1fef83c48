"""A language model on a node: from a design to an outcome, one design or a grid of them at once."""

import numpy as np

from rooflab.errors import BadDesign
from rooflab.model.roofline import COMPUTE, LATENCY, LINK, MEMORY
from rooflab.systems.outcome import Operators, judge, ratio
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.memory import capacity_of, on_chip_bytes
from rooflab.systems.serving.kernel_times import ATTENTION, PASS_OPERATORS
from rooflab.systems.serving.one_pass import Pass
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.passes import Passes, passes_of
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.values import Values

__all__ = ["evaluate_serving"]

_DRAFT = ("draft", "Draft model")


def evaluate_serving(scenario: ServingScenario, design: ServingDesign) -> ServingOutcome:
    """Return what `design` does in `scenario`; every value of the design may be an array.

    In decode every finished request is replaced by a new one, whose prompt rides along in the
    steps of the others; a sequence does not wait for its own prompt.

    Raises:
        BadDesign: the design takes what the scenario does not offer.
    """
    _check_offered(scenario, design)
    passes = passes_of(scenario, design)
    load, hardware, costs = passes.load, passes.node.hardware, passes.served.costs
    step_s, peak = passes.total("step_s"), hardware.peak_flop_per_s
    bound_times_s = passes.total("bound_times_s")
    outputs = load.batch * load.useful_tokens
    necessary_bytes = costs.necessary_weight_bytes + costs.necessary_kv_bytes
    kv_s = costs.executed.kv_bytes[ATTENTION] / (scenario.calibration.kv_fraction * hardware.hbm_bytes_per_s)
    round_tokens = 1 + load.decoding * (load.useful_tokens - 1)
    figures = {
        "step_time_s": step_s,
        "tokens_per_s": outputs / step_s,
        "inter_token_s": step_s / round_tokens,
    }
    return ServingOutcome(
        operators=_operators(scenario, passes),
        **figures,
        round_tokens_count=round_tokens,
        outputs=outputs,
        mfu_fraction=costs.necessary_flop / (step_s * peak),
        hfu_fraction=passes.total("matrix_flop") / (step_s * peak),
        mbu_fraction=necessary_bytes / (step_s * hardware.hbm_bytes_per_s),
        kv_time_fraction=passes.node.kv_read_factor * kv_s / step_s,
        reduce_start_s=passes.served.reduce_start_s,
        host_s=passes.total("host_s"),
        idle_s=passes.total("idle_s"),
        held_bytes=costs.held_bytes,
        on_chip_bytes=on_chip_bytes(scenario, design, costs.held_bytes),
        bound_times_s=bound_times_s,
        bound=bound_times_s.argmax(axis=0),
        peak_flop_per_s=peak,
        hbm_bytes_per_s=hardware.hbm_bytes_per_s,
        capacity=capacity_of(scenario, design, passes),
        max_context_tokens=passes.shape.max_context_tokens,
        context_tokens=design.context_tokens,
        targets=tuple(judge(each, figures[each.quantity], design.phase) for each in scenario.targets),
    )


def _check_offered(scenario: ServingScenario, design: ServingDesign) -> None:
    """Refuse drafts without a draft model, and sparsity where nothing says how fast it is."""
    if np.any(np.asarray(design.draft_tokens) > 0) and (scenario.draft is None or scenario.service is None):
        raise BadDesign("This scenario has no draft model; draft_tokens must be 0.")
    if np.any(np.asarray(design.sparsity) != "dense") and scenario.service is None:
        raise BadDesign("This scenario offers no sparse weights; sparsity must be dense.")


def _operators(scenario: ServingScenario, passes: Passes) -> Operators:
    """Return the operators of the served model, and all passes of the draft model as one more."""
    step, draft = passes.served, passes.draft
    cost = step.costs.executed
    shown = PASS_OPERATORS[: len(cost.flop)]
    ids, names = tuple(each.id for each in shown), tuple(each.name for each in shown)
    columns = {
        "flop": cost.flop,
        "weight_bytes": cost.weight_bytes,
        "activation_bytes": cost.activation_bytes,
        "kv_bytes": cost.kv_bytes,
        "launches": cost.launches,
        "compute_s": step.compute_s,
        "memory_s": step.memory_s,
        "link_s": step.link_s,
        "launch_s": step.launch_s,
        "time_s": step.time_s,
    }
    bound, repeats = step.bound, step.costs.repeats
    if scenario.draft is not None:
        ids, names = (*ids, _DRAFT[0]), (*names, _DRAFT[1])
        columns = {name: _and_draft(value, draft, name, passes.drafted) for name, value in columns.items()}
        bound = _and_row(bound, MEMORY if draft is None else _draft_bound(draft))
        repeats = _and_row(repeats, 1.0)
    hbm_bytes = columns["weight_bytes"] + columns["activation_bytes"] + columns["kv_bytes"]
    return Operators(
        ids=ids,
        names=names,
        repeats=repeats,
        **columns,
        intensity_flop_per_byte=ratio(columns["flop"], hbm_bytes),
        attained_flop_per_s=ratio(columns["flop"], columns["time_s"]),
        bound=bound,
    )


def _draft_bound(draft: Pass) -> np.ndarray:
    """Return what bounds the draft model as one operator: of traffic and arithmetic the longer, as its ridge has it."""
    most = draft.bound_times_s.argmax(axis=0)
    inside = np.where(draft.memory_s.sum(axis=0) >= draft.compute_s.sum(axis=0), MEMORY, COMPUTE)
    return np.where((most == LATENCY) | (most == LINK), most, inside)


def _and_draft(values: np.ndarray, draft: Pass | None, name: str, drafted: Values) -> np.ndarray:
    if draft is None:
        return _and_row(values, 0.0)
    source = draft if name in Pass._fields else draft.costs.executed
    return _and_row(values, getattr(source, name).sum(axis=0) * drafted)


def _and_row(values: np.ndarray, row: Values) -> np.ndarray:
    """Return `values` with one more operator at the end."""
    shape = np.broadcast_shapes(values.shape[1:], np.shape(row))
    whole = np.empty((len(values) + 1, *shape), values.dtype)
    whole[:-1] = values.reshape(len(values), *(1,) * (len(shape) - values.ndim + 1), *values.shape[1:])
    whole[-1] = row
    return whole
