"""A language model on a node: from a design to an outcome, one design or a grid of them at once."""

from dataclasses import fields

import numpy as np

from rooflab.errors import BadDesign
from rooflab.model.layer_fusion import ChainCounts, chain_counts
from rooflab.model.lookup import lookup
from rooflab.model.speculation import tokens_per_round_count
from rooflab.model.stack import Load, Shape, shape_of
from rooflab.systems.outcome import Operators, judge
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.formats import Formats, formats_of
from rooflab.systems.serving.load import KV_BYTES, riding_tokens_count, served_shape
from rooflab.systems.serving.memory import capacity_of, on_chip_bytes
from rooflab.systems.serving.node import Hardware, hardware_of
from rooflab.systems.serving.one_pass import ATTENTION, PASS_OPERATORS, Pass, run_pass
from rooflab.systems.serving.outcome import ServingOutcome
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
    calibration, service, n = scenario.calibration, scenario.service, scenario.device_count
    context = design.context_tokens
    spread = _spread_shape(design)
    batch = np.broadcast_to(design.batch, spread) if spread else design.batch
    decoding = lookup(design.phase, {"decode": 1.0, "prefill": 0.0})
    eager = lookup(design.attention_kernel, {"eager": 1.0, "fused": 0.0})
    eager_dispatch = lookup(design.dispatch, {"eager": 1.0, "graph": 0.0})
    kv_element_bytes = lookup(design.kv_precision, KV_BYTES)
    drafted = design.draft_tokens * decoding
    drafting = scenario.draft is not None and service is not None
    tokens = tokens_per_round_count(acceptance_fraction=service.acceptance_fraction, drafted=drafted) if drafting else 1.0
    queries = decoding * (1 + drafted) + (1 - decoding) * context
    useful = decoding * tokens + (1 - decoding) * context
    prompts = decoding * riding_tokens_count(scenario, batch=batch, round_tokens=tokens)
    load = Load(
        batch=batch,
        query_tokens=queries,
        useful_tokens=useful,
        context_tokens=context + drafted,  # the last draft sees those before it
        prompt_tokens=prompts,
        prompt_length=0.0 if service is None else service.prompt_tokens,
        decoding=decoding,
        eager=eager,
        kv_element_bytes=kv_element_bytes,
    )
    shape = served_shape(scenario, design.experts)
    hardware = hardware_of(scenario, design)
    formats = formats_of(design, calibration, 1.0 if service is None else service.sparse_rate_fraction)
    chain = chain_counts(design.fusion)
    kv_read_factor = 1.0 if service is None else lookup(
        design.kv_layout, {"paged": service.paged_read_factor, "contiguous": 1.0}
    )
    common = {
        "device_count": n,
        "eager_dispatch": eager_dispatch,
        "kv_read_factor": kv_read_factor,
        "imbalance_factor": 1.0 if service is None else service.imbalance_factor,
    }
    step = run_pass(
        shape, load, formats, chain, hardware, calibration,
        whole=lookup(design.experts, {"dense": 0.0, "tensor": 0.0, "expert": 1.0}),
        exchanging=scenario.mixture is not None,
        **common,
    )  # fmt: skip
    draft = None
    if drafting and np.any(np.asarray(drafted) > 0):
        draft = run_pass(
            shape_of(scenario.draft),
            load._replace(
                query_tokens=1.0,
                useful_tokens=1.0,
                context_tokens=context,
                prompt_tokens=prompts / np.maximum(drafted, 1),
            ),
            _dense(formats), chain, hardware, calibration,
            whole=0.0, exchanging=False, **common,
        )  # fmt: skip
    return _outcome(scenario, design, shape, load, formats, hardware, chain, step, draft, drafted)


def _spread_shape(design: ServingDesign) -> tuple[int, ...]:
    """Return the shape to which all values of a design broadcast; () for one design."""
    arrays = [value for each in fields(design) if isinstance(value := getattr(design, each.name), np.ndarray)]
    return np.broadcast_shapes(*(each.shape for each in arrays)) if arrays else ()


def _check_offered(scenario: ServingScenario, design: ServingDesign) -> None:
    """Refuse drafts without a draft model, and sparsity where nothing says how fast it is."""
    if np.any(np.asarray(design.draft_tokens) > 0) and (scenario.draft is None or scenario.service is None):
        raise BadDesign("This scenario has no draft model; draft_tokens must be 0.")
    if np.any(np.asarray(design.sparsity) != "dense") and scenario.service is None:
        raise BadDesign("This scenario offers no sparse weights; sparsity must be dense.")


def _dense(formats: Formats) -> Formats:
    """Return the formats of a model whose weights are all kept."""
    return formats._replace(
        element_bytes=formats.head_element_bytes,
        kept_fraction=1.0,
        executed_fraction=1.0,
        unpack_flop=formats.head_unpack_flop,
        sparse_rate_fraction=1.0,
    )


def _outcome(
    scenario: ServingScenario,
    design: ServingDesign,
    shape: Shape,
    load: Load,
    formats: Formats,
    hardware: Hardware,
    chain: ChainCounts,
    step: Pass,
    draft: Pass | None,
    drafted: Values,
) -> ServingOutcome:
    calibration = scenario.calibration
    costs = step.costs
    step_s, host_s, idle_s = step.step_s, step.host_s, step.idle_s
    bound_times_s, executed_flop = step.bound_times_s, step.matrix_flop
    if draft is not None:
        step_s, host_s, idle_s, bound_times_s, executed_flop = (
            whole + drafted * part
            for whole, part in (
                (step_s, draft.step_s), (host_s, draft.host_s), (idle_s, draft.idle_s),
                (bound_times_s, draft.bound_times_s), (executed_flop, draft.matrix_flop),
            )
        )  # fmt: skip
    outputs = load.batch * load.useful_tokens
    peak = hardware.peak_flop_per_s
    necessary_bytes = costs.necessary_weight_bytes + costs.necessary_kv_bytes
    kv_s = costs.executed.kv_bytes[ATTENTION] / (calibration.hbm_fraction * hardware.hbm_bytes_per_s)
    read_factor = 1.0 if scenario.service is None else lookup(
        design.kv_layout, {"paged": scenario.service.paged_read_factor, "contiguous": 1.0}
    )
    figures = {
        "step_time_s": step_s,
        "tokens_per_s": outputs / step_s,
        "inter_token_s": step_s / (1 + load.decoding * (load.useful_tokens - 1)),
    }
    return ServingOutcome(
        operators=_operators(scenario, step, draft, drafted),
        **figures,
        round_tokens_count=1 + load.decoding * (load.useful_tokens - 1),
        outputs=outputs,
        mfu_fraction=costs.necessary_flop / (step_s * peak),
        hfu_fraction=executed_flop / (step_s * peak),
        mbu_fraction=necessary_bytes / (step_s * hardware.hbm_bytes_per_s),
        kv_time_fraction=read_factor * kv_s / step_s,
        host_s=host_s,
        idle_s=idle_s,
        held_bytes=costs.held_bytes,
        on_chip_bytes=on_chip_bytes(scenario, design, costs.held_bytes),
        bound_times_s=bound_times_s,
        bound=bound_times_s.argmax(axis=0),
        peak_flop_per_s=peak,
        hbm_bytes_per_s=hardware.hbm_bytes_per_s,
        capacity=capacity_of(scenario, design, shape, load, formats, hardware, step),
        max_context_tokens=shape.max_context_tokens,
        context_tokens=design.context_tokens,
        targets=tuple(judge(each, figures[each.quantity], design.phase) for each in scenario.targets),
    )


def _operators(scenario: ServingScenario, step: Pass, draft: Pass | None, drafted: Values) -> Operators:
    """Return the operators of the served model, and all steps of the draft model as one more."""
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
        columns = {name: _and_draft(value, draft, name, drafted) for name, value in columns.items()}
        bound = _and_row(bound, 0 if draft is None else draft.bound_times_s.argmax(axis=0))
        repeats = _and_row(repeats, 1.0)
    hbm_bytes = columns["weight_bytes"] + columns["activation_bytes"] + columns["kv_bytes"]
    return Operators(
        ids=ids,
        names=names,
        repeats=repeats,
        **columns,
        intensity_flop_per_byte=_ratio(columns["flop"], hbm_bytes),
        attained_flop_per_s=_ratio(columns["flop"], columns["time_s"]),
        bound=bound,
    )


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


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return the ratio, and 0 for an operator that does nothing."""
    return above / np.where(below > 0, below, 1.0)
