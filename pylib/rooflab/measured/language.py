"""Language models, from the inputs of a row: bytes, flop and time of a step or a prefill."""

import math
import re
from typing import Any

from rooflab.facts.workloads import WORKLOADS
from rooflab.measured.constants import CONSTANTS as K
from rooflab.measured.device import (
    chip_peak_flop_per_s,
    element_bytes,
    matrix_fraction,
    vector_peak_flop_per_s,
)
from rooflab.measured.rows import RowError, inputs_of
from rooflab.model.collective import ring_link_bytes
from rooflab.model.iron_law import added_s
from rooflab.model.moe import distinct_experts_count
from rooflab.units import format_bytes

__all__ = [
    "capacity_batch_count",
    "check_fits",
    "completed",
    "decode_step_s",
    "kv_token_bytes",
    "memory_doubt",
    "necessary_bytes",
    "prefill_interference_s",
    "prefill_s",
    "weight_element_bytes",
]

# Stacks that start every kernel from the host, by the name that a source gives them.
_EAGER_STACKS = ("databricks", "hugging", "eager")
# Scores of prompts are multiplied in no fewer than eight bits, whatever the weights are multiplied in.
_SCORES = {"fp4": {"compute_precision": "fp8"}, "int4": {"compute_precision": "int8"}}
_GIB_PER_GB = 2**30 / 1e9
# The first minor version of TensorRT-LLM whose all-reduce is no ring by default.
_TENSORRT_LLM_MINOR = 8


def completed(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return inputs whose objects are there, with what a latent cache keeps where a shape cannot say.

    A shape of the schema has KV heads or nothing; what a model with latent attention caches of a
    token is a fact of its architecture.
    """
    shape = dict(inputs.get("shape") or {})
    if shape and shape.get("kv_heads") is None:
        for each in WORKLOADS:
            if each.id == inputs.get("model") and each.latent_elements is not None:
                shape["kv_elements_per_token"] = each.layers * each.latent_elements
                shape["head_dim"] = shape.get("head_dim") or each.head_dim
    return dict(inputs) | {"device_spec": inputs.get("device_spec") or {}, "shape": shape}


def weight_element_bytes(inputs: dict[str, Any]) -> float:
    """Return the bytes of one stored weight, its share of the group's scales included."""
    (precision,) = inputs_of(inputs, "weight_precision")
    size = inputs.get("weight_group_size")
    overhead = inputs.get("weight_group_overhead_bytes") or 0.0
    return element_bytes(precision) + (overhead / size if size else 0.0)


def kv_token_bytes(inputs: dict[str, Any]) -> float:
    """Return the bytes that one token keeps in the cache, over all layers."""
    shape = inputs["shape"]
    precision = inputs.get("kv_precision") or inputs.get("compute_precision") or "fp16"
    if shape.get("kv_elements_per_token"):
        return shape["kv_elements_per_token"] * element_bytes(precision)
    layers, kv_heads, head_dim = inputs_of(shape, "layers", "kv_heads", "head_dim")
    return 2 * layers * kv_heads * head_dim * element_bytes(precision)


def _kv_copies_count(inputs: dict[str, Any]) -> float:
    """Return how often the chips together keep each key and value: more chips than KV heads share heads as copies.

    A latent cache is taken to be divided by sequences, as stacks that serve one at scale do.
    """
    kv_heads = inputs["shape"].get("kv_heads")
    return max((inputs.get("chips") or 1) / kv_heads, 1.0) if kv_heads else 1.0


def capacity_batch_count(inputs: dict[str, Any], *, tokens_each: float) -> float:
    """Return how many sequences of `tokens_each` fit beside the weights on all chips.

    The cache gets a share of what the weights leave; no stack schedules more than so many at once.
    """
    chips = inputs.get("chips") or 1
    (memory,) = inputs_of(inputs["device_spec"], "memory_bytes")
    (params,) = inputs_of(inputs["shape"], "params_total")
    free = (chips * memory - params * weight_element_bytes(inputs)) * K.free_memory_fraction
    fit = free / (tokens_each * kv_token_bytes(inputs) * _kv_copies_count(inputs))
    return min(max(fit, 1.0), K.most_sequences_count)


def held_bytes(inputs: dict[str, Any], *, batch: float, tokens_each: float) -> tuple[float, float, float] | None:
    """Return the bytes of the weights and of the cache on all chips, and their memory; None if one is not known."""
    memory = inputs["device_spec"].get("memory_bytes")
    params = inputs["shape"].get("params_total")
    if memory is None or params is None or inputs.get("weight_precision") is None:
        return None
    cache = batch * tokens_each * kv_token_bytes(inputs) * _kv_copies_count(inputs)
    return params * weight_element_bytes(inputs), cache, (inputs.get("chips") or 1) * memory


def check_fits(inputs: dict[str, Any], *, batch: float, tokens_each: float) -> None:
    """Refuse weights and a cache that the memory of all chips cannot hold.

    A datasheet's GB may be GiB: what only those could hold is a doubt, and none to refuse.

    Raises:
        RowError: it cannot run, with what is needed and what there is.
    """
    held = held_bytes(inputs, batch=batch, tokens_each=tokens_each)
    if held is None:
        return
    weights, cache, memory = held
    if weights + cache > memory * _GIB_PER_GB:
        raise RowError(f"This does not fit: {_needed_words(weights, cache)}, there are {format_bytes(memory)}.")


def memory_doubt(inputs: dict[str, Any], *, batch: float, tokens_each: float) -> str:
    """Say that weights and cache leave less than a serving stack keeps free; nothing where they leave enough."""
    held = held_bytes(inputs, batch=batch, tokens_each=tokens_each)
    if held is None:
        return ""
    weights, cache, memory = held
    usable = min(weights + max(memory - weights, 0.0) * K.free_memory_fraction, memory)
    if cache + weights <= usable and weights < memory:
        return ""
    return f"{_needed_words(weights, cache)}, and of {format_bytes(memory)} a serving stack leaves {format_bytes(usable)}"


def _needed_words(weights: float, cache: float) -> str:
    if cache == 0:
        return f"weights need {format_bytes(weights)}"
    return f"weights need {format_bytes(weights)} and the cache {format_bytes(cache)}"


def necessary_bytes(inputs: dict[str, Any], *, batch: float, context: float) -> float:
    """Return the weights and the cache that one decode step must read, on all chips."""
    total, _, table = _params(inputs["shape"], batch)
    weights = (total + table) * weight_element_bytes(inputs)
    return weights + batch * context * kv_token_bytes(inputs)


def decode_step_s(
    inputs: dict[str, Any], *, batch: float, context: float, queries: float = 1
) -> float:
    """Return the time of one decode step of `batch` sequences, prefill excluded.

    With several `queries` a sequence, all at once, drafts are verified: the cache is read once.
    """
    tokens = batch * queries
    read, active, _ = _params(inputs["shape"], tokens)
    # The scores of decode hide behind the read of the cache, inside one kernel.
    kv = batch * context * kv_token_bytes(inputs)
    return added_s(
        memory_s=_memory_s(inputs, weights_read=read, kv_bytes=kv)
        + _activation_s(inputs, tokens=tokens),
        compute_s=_compute_s(inputs, tokens * 2 * active),
        latency_s=_latency_s(inputs, tokens=tokens),
    )


def prefill_s(inputs: dict[str, Any], *, batch: float) -> float:
    """Return the time from a batch of prompts to their first tokens."""
    (prompt,) = inputs_of(inputs, "prompt_tokens")
    read, _, _ = _params(inputs["shape"], batch * prompt)
    return added_s(
        memory_s=_memory_s(
            inputs, weights_read=read, kv_bytes=batch * prompt * kv_token_bytes(inputs)
        )
        + _activation_s(inputs, tokens=batch * prompt),
        compute_s=_prefill_compute_s(inputs, batch=batch),
        latency_s=_latency_s(inputs, tokens=batch * prompt),
    )


def prefill_interference_s(inputs: dict[str, Any], *, batch: float) -> float:
    """Return what the prefills of new requests add to a step, when each finished one is replaced.

    While one sequence writes its output every other one is replaced once; the prompts share
    the steps' reads of the weights, so arithmetic and activations are what they add.
    """
    (output,) = inputs_of(inputs, "output_tokens")
    (prompt,) = inputs_of(inputs, "prompt_tokens")
    each_s = _prefill_compute_s(inputs, batch=1) + _activation_s(inputs, tokens=prompt)
    return max(batch - 1, 0) * each_s / output


def _prefill_compute_s(inputs: dict[str, Any], *, batch: float) -> float:
    shape = inputs["shape"]
    layers, heads, head_dim = inputs_of(shape, "layers", "heads", "head_dim")
    (prompt,) = inputs_of(inputs, "prompt_tokens")
    _, active, table = _params(shape, batch * prompt)
    head = shape.get("vocab") and shape.get("hidden") and shape["vocab"] * shape["hidden"] or 0
    linear = 2 * (active - head) * prompt + 2 * head
    causal = 4 * layers * heads * head_dim * prompt * (prompt + 1) / 2
    return _compute_s(inputs, batch * linear) + _compute_s(inputs | _SCORES.get(_compute_precision(inputs), {}), batch * causal)


def _params(shape: dict[str, Any], tokens: float) -> tuple[float, float, float]:
    """Return parameters read for `tokens` tokens, those each token uses, and the input table."""
    total, active = inputs_of(shape, "params_total", "params_active")
    vocab, hidden = shape.get("vocab"), shape.get("hidden")
    table = 0.0
    if vocab and hidden and not shape.get("tied_embeddings"):
        table = vocab * hidden
    experts = shape.get("experts") or 1
    if experts == 1:
        return total - table, active - table, table
    each_token = shape.get("experts_per_token") or 1
    if each_token == experts:  # every token meets every expert, so it is as dense as one
        return total - table, active - table, table
    # Total and active parameters differ by the experts that a token does not use.
    all_experts = (total - active) * experts / (experts - each_token)
    touched = distinct_experts_count(
        experts=experts, experts_per_token=each_token, tokens=max(tokens, 1)
    )
    return total - table - all_experts * (1 - touched / experts), active - table, table


def _memory_s(inputs: dict[str, Any], *, weights_read: float, kv_bytes: float) -> float:
    spec = inputs["device_spec"]
    chips = inputs.get("chips") or 1
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    reached = K.hbm_fraction
    if inputs.get("kernel_maturity") == "early":
        reached *= K.early_fraction
    stored = weights_read * weight_element_bytes(inputs)
    unpack_s = 0.0
    if element_bytes(inputs["weight_precision"]) < element_bytes(_compute_precision(inputs)):
        unpack_s = weights_read * K.unpack_flop / (chips * vector_peak_flop_per_s(spec))
    # The cache is one long stream; weights come kernel by kernel.
    return (
        stored / (chips * reached * bandwidth)
        + kv_bytes * _kv_copies_count(inputs) / (chips * K.stream_fraction * bandwidth)
        + unpack_s
    )


def _activation_s(inputs: dict[str, Any], *, tokens: float) -> float:
    """Return the time of the traffic between the kernels of a layer, in 16-bit elements.

    As counted in model.decoder: norms, residual sums and reductions on every chip; the inputs
    and outputs of projections, RoPE and the gated product divided among them.
    """
    shape = inputs["shape"]
    layers, hidden = inputs_of(shape, "layers", "hidden")
    chips = inputs.get("chips") or 1
    (bandwidth,) = inputs_of(inputs["device_spec"], "hbm_bytes_per_s")
    width = (shape.get("heads") or 0) * (shape.get("head_dim") or 0) or hidden
    narrow = (shape.get("kv_heads") or 0) * (shape.get("head_dim") or 0) or width
    met = shape.get("experts_per_token") or 1
    wide = met * (shape.get("ffn") or 4 * hidden) * (2 * (shape.get("ffn_matrices") or 3))
    reductions = 4 if chips > 1 else 0
    on_each = (8 + reductions + 2 + 2 * met) * hidden
    divided = (6 * width + 6 * narrow + wide) / chips
    return 2 * tokens * layers * (on_each + divided) / (K.hbm_fraction * bandwidth)


def _compute_precision(inputs: dict[str, Any]) -> str:
    return inputs.get("compute_precision") or inputs["weight_precision"]


def _compute_s(inputs: dict[str, Any], flop: float) -> float:
    precision = _compute_precision(inputs)
    chips = inputs.get("chips") or 1
    reached = matrix_fraction(precision)
    return flop / (chips * reached * chip_peak_flop_per_s(inputs["device_spec"], precision))


def _latency_s(inputs: dict[str, Any], *, tokens: float) -> float:
    shape = inputs["shape"]
    layers, hidden = inputs_of(shape, "layers", "hidden")
    kernels = K.moe_kernels_count if (shape.get("experts") or 1) > 1 else K.dense_kernels_count
    layer_s = kernels * K.kernel_s
    if any(each in (inputs.get("software") or "").lower() for each in _EAGER_STACKS):
        layer_s = max(layer_s, K.eager_layer_s)
    return layers * (layer_s + 2 * _all_reduce_s(inputs, message_bytes=2 * tokens * hidden))


def _all_reduce_s(inputs: dict[str, Any], *, message_bytes: float) -> float:
    """Return the time of one all-reduce among the chips of a row.

    A ring takes 2 (n - 1) hops, one after the other. Stacks with a kernel of their own let every
    chip read all the others' small messages at once.
    """
    chips = inputs.get("chips") or 1
    if chips == 1:
        return 0.0
    link = K.link_fraction * (inputs["device_spec"].get("link_bytes_per_s") or math.inf)
    sent = ring_link_bytes(message_bytes=message_bytes, device_count=chips)
    ring_s = 2 * (chips - 1) * K.ring_hop_s + sent / link
    if not _reads_at_once(inputs.get("software") or ""):
        return ring_s
    return min(ring_s, K.one_shot_s + (chips - 1) * message_bytes / link)


def _reads_at_once(software: str) -> bool:
    """Return whether a stack has an all-reduce kernel of its own; an unnamed one is taken to be new."""
    name = software.lower()
    if any(each in name for each in _EAGER_STACKS) or name.startswith("lmdeploy-0.1"):
        return False
    found = re.match(r"tensorrt-llm-0\.(\d+)", name)
    return found is None or int(found[1]) >= _TENSORRT_LLM_MINOR
