"""Language models, from the inputs of a row: bytes, flop and time of a step or a prefill."""

import math
from typing import Any

from ridgepoint.measured.constants import CONSTANTS as K
from ridgepoint.measured.rows import RowError, inputs_of
from ridgepoint.model.collective import ring_link_bytes
from ridgepoint.model.iron_law import added_s
from ridgepoint.model.moe import distinct_experts_count
from ridgepoint.specs import Precision

__all__ = [
    "capacity_batch_count",
    "chip_peak_flop_per_s",
    "decode_step_s",
    "kv_token_bytes",
    "necessary_bytes",
    "prefill_interference_s",
    "prefill_s",
    "weight_element_bytes",
]

# Stacks that start every kernel from the host, by the name that a source gives them.
_EAGER_STACKS = ("databricks", "hugging", "eager")


def element_bytes(name: str) -> float:
    """Return the bytes of an element of the precision of that name."""
    try:
        return Precision(name).element_bytes
    except ValueError:
        raise RowError(f"No precision {name!r} is known; known are {', '.join(Precision)}.") from None


def weight_element_bytes(inputs: dict[str, Any]) -> float:
    """Return the bytes of one stored weight, its share of the group's scales included."""
    (precision,) = inputs_of(inputs, "weight_precision")
    size = inputs.get("weight_group_size")
    overhead = inputs.get("weight_group_overhead_bytes") or 0.0
    return element_bytes(precision) + (overhead / size if size else 0.0)


def chip_peak_flop_per_s(spec: dict[str, Any], precision: str) -> float:
    """Return the datasheet's peak of one chip; FP16 stands for BF16 and the other way round."""
    peaks = spec.get("peak_flop_per_s") or {}
    twins = {"fp16": "bf16", "bf16": "fp16", "fp8": "int8", "int8": "fp8"}
    peak = peaks.get(precision) or peaks.get(twins.get(precision, ""))
    if peak is None:
        raise RowError(f"The device has no peak for {precision}; it has {', '.join(peaks)}.")
    return peak


def kv_token_bytes(inputs: dict[str, Any]) -> float:
    """Return the bytes that one token keeps in the cache, over all layers."""
    shape = inputs["shape"]
    layers, kv_heads, head_dim = inputs_of(shape, "layers", "kv_heads", "head_dim")
    precision = inputs.get("kv_precision") or inputs.get("compute_precision") or "fp16"
    return 2 * layers * kv_heads * head_dim * element_bytes(precision)


def capacity_batch_count(inputs: dict[str, Any], *, tokens_each: float) -> float:
    """Return how many sequences of `tokens_each` fit beside the weights on all chips."""
    chips = inputs.get("chips") or 1
    (memory,) = inputs_of(inputs["device_spec"], "memory_bytes")
    (params,) = inputs_of(inputs["shape"], "params_total")
    free = chips * memory * K.usable_memory_fraction - params * weight_element_bytes(inputs)
    return max(free / (tokens_each * kv_token_bytes(inputs)), 1.0)


def necessary_bytes(inputs: dict[str, Any], *, batch: float, context: float) -> float:
    """Return the weights and the cache that one decode step must read, on all chips."""
    total, _, table = _params(inputs["shape"], batch)
    weights = (total + table) * weight_element_bytes(inputs)
    return weights + batch * context * kv_token_bytes(inputs)


def decode_step_s(inputs: dict[str, Any], *, batch: float, context: float) -> float:
    """Return the time of one decode step of `batch` sequences, prefill excluded."""
    shape = inputs["shape"]
    read, active, _ = _params(shape, batch)
    # The scores of decode hide behind the read of the cache, inside one kernel.
    flop = batch * 2 * active
    kv = batch * context * kv_token_bytes(inputs)
    return added_s(
        memory_s=_memory_s(inputs, weights_read=read, kv_bytes=kv)
        + _activation_s(inputs, tokens=batch),
        compute_s=_compute_s(inputs, flop),
        latency_s=_latency_s(inputs, tokens=batch),
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
    return _compute_s(inputs, batch * (linear + causal))


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
    compute = inputs.get("compute_precision") or inputs["weight_precision"]
    if element_bytes(inputs["weight_precision"]) < element_bytes(compute):
        vector = (spec.get("peak_flop_per_s") or {}).get("fp32")
        unpack_s = weights_read * K.unpack_flop / (chips * vector) if vector else 0.0
    # The cache is one long stream; weights come kernel by kernel.
    return (
        stored / (chips * reached * bandwidth)
        + kv_bytes / (chips * K.stream_fraction * bandwidth)
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


def _compute_s(inputs: dict[str, Any], flop: float) -> float:
    precision = inputs.get("compute_precision") or inputs["weight_precision"]
    narrow = element_bytes(precision) < 2
    reached = K.fp8_matrix_fraction if narrow else K.matrix_fraction
    chips = inputs.get("chips") or 1
    return flop / (chips * reached * chip_peak_flop_per_s(inputs["device_spec"], precision))


def _latency_s(inputs: dict[str, Any], *, tokens: float) -> float:
    shape = inputs["shape"]
    layers, hidden = inputs_of(shape, "layers", "hidden")
    chips = inputs.get("chips") or 1
    kernels = K.moe_kernels_count if (shape.get("experts") or 1) > 1 else K.dense_kernels_count
    layer_s = kernels * K.kernel_s
    if any(each in (inputs.get("software") or "").lower() for each in _EAGER_STACKS):
        layer_s = max(layer_s, K.eager_layer_s)
    reduce_s = 0.0
    if chips > 1:
        link = inputs["device_spec"].get("link_bytes_per_s") or math.inf
        ring = ring_link_bytes(message_bytes=2 * tokens * hidden, device_count=chips)
        reduce_s = K.all_reduce_s + ring / link
    return layers * (layer_s + 2 * reduce_s)
