"""Predictions for rows of measurements, from their inputs and the model's own constants."""

import math
from collections.abc import Callable
from typing import Any

from ridgepoint.errors import LabError
from ridgepoint.measured.constants import CONSTANTS as K
from ridgepoint.measured.language import (
    capacity_batch_count,
    chip_peak_flop_per_s,
    decode_step_s,
    element_bytes,
    necessary_bytes,
    prefill_interference_s,
    prefill_s,
)
from ridgepoint.measured.rows import RowError, inputs_of
from ridgepoint.model.attention import (
    flash_traffic_bytes,
    score_flop,
    standard_traffic_bytes,
)
from ridgepoint.model.speculation import speedup_free_verify, tokens_per_round_mixed_count

__all__ = ["QUANTITIES", "predict_row", "predict_rows"]

Inputs = dict[str, Any]

# Share of the peak that an attention kernel reaches, by kernel and direction.
_ATTENTION_FRACTION = {
    "standard": (0.40, 0.40),
    "flash_attention_1": (0.42, 0.40),
    "flash_attention_2": (0.73, 0.60),
    "flash_attention_3": (0.67, 0.55),
}
# Where a source states neither: rates of 0.6 to 0.8 and four to seven drafts are usual.
_ACCEPTANCE = 0.7
_DRAFTED = 5
_ATTENTION_FEATURES_FRACTION = 0.85  # of the rate, for each feature of the kernel left out


def predict_rows(rows: list[dict[str, Any]]) -> tuple[dict[str, float], dict[str, str]]:
    """Return a prediction for every row by id, and for the others why there is none."""
    predictions, gaps = {}, {}
    for row in rows:
        try:
            predictions[row["id"]] = predict_row(row)
        except LabError as error:
            gaps[row["id"]] = str(error)
    return predictions, gaps


def predict_row(row: dict[str, Any]) -> float:
    """Return the prediction for one row, in the unit of its quantity.

    Raises:
        RowError: the quantity is unknown, or an input that it needs is absent.
    """
    quantity = row["quantity"]
    if quantity not in QUANTITIES:
        raise RowError(f"No quantity {quantity!r} is predicted; there are {', '.join(QUANTITIES)}.")
    inputs = dict(row["inputs"])
    for name in ("device_spec", "shape"):
        inputs[name] = inputs.get(name) or {}
    try:
        value = float(QUANTITIES[quantity](inputs))
    except (TypeError, KeyError, AttributeError, ZeroDivisionError, OverflowError) as error:
        raise RowError(f"Row {row['id']!r}: an input has the wrong form ({error}).") from error
    if not 0 < value < math.inf:
        raise RowError(f"Row {row['id']!r}: its inputs lead to {value}, no quantity.")
    return value


def _rows_count(inputs: Inputs) -> float:
    batch, heads, queries = inputs_of(inputs, "batch", "heads", "query_tokens")
    return batch * heads * queries


def _attention_passes(inputs: Inputs) -> tuple[float, float]:
    """Return passes over the scores and over the vectors of unfused attention.

    Forward: QK^T writes the scores, scale, mask, softmax and dropout each read and write them
    (the mask of a causal kernel is applied in place), PV reads them. Backward reads the
    probabilities twice, and reads and writes their gradients through the same steps.
    """
    backward = inputs.get("direction") == "forward_backward"
    forward_scores = 4 + (2 if inputs.get("masked") else 0) + (2 if inputs.get("dropout") else 0)
    backward_scores = 9 + (2 if inputs.get("dropout") else 0)
    return (
        forward_scores + (backward_scores if backward else 0),
        4 + (8 if backward else 0),
    )


def _attention_hbm_bytes(inputs: Inputs) -> float:
    kernel, precision, head_dim, keys = inputs_of(
        inputs, "kernel", "precision", "head_dim", "context_tokens"
    )
    rows = _rows_count(inputs)
    if kernel == "standard":
        scores, vectors = _attention_passes(inputs)
        return standard_traffic_bytes(
            rows_count=rows,
            head_dim=head_dim,
            keys=keys,
            element_bytes=element_bytes(precision),
            score_passes=scores,
            vector_passes=vectors,
        )
    # FlashAttention-1 keeps a block of keys on chip and walks over the queries; its successors
    # keep a block of queries and read keys and values through the L2 cache.
    blocks = keys / 256 if kernel == "flash_attention_1" else 0
    passes = (2 + 3 * blocks) if blocks else 4
    if inputs.get("direction") == "forward_backward":
        passes += (4 + 5 * blocks) if blocks else 8
    return flash_traffic_bytes(
        rows_count=rows,
        head_dim=head_dim,
        element_bytes=element_bytes(precision),
        vector_passes=passes,
    )


def _attention_flop(inputs: Inputs) -> float:
    """Return the flop of the matrix products, recomputation included."""
    kernel, head_dim, keys = inputs_of(inputs, "kernel", "head_dim", "context_tokens")
    forward = score_flop(scores_count=_rows_count(inputs) * keys, head_dim=head_dim)
    if inputs.get("direction") != "forward_backward":
        return forward
    # Backward takes four products for the two of the forward pass, and one to recompute scores.
    return forward * (3 if kernel == "standard" else 3.5)


def _attention_fraction(inputs: Inputs) -> float:
    (kernel,) = inputs_of(inputs, "kernel")
    forward, backward = _ATTENTION_FRACTION.get(kernel, (0.5, 0.45))
    fraction = forward if inputs.get("direction") != "forward_backward" else backward
    if element_bytes(inputs.get("precision") or "fp16") < 2:
        fraction *= K.fp8_matrix_fraction / K.matrix_fraction
    absent = sum(1 for each in (inputs.get("features") or {}).values() if each is False)
    return fraction * _ATTENTION_FEATURES_FRACTION**absent


def _attention_time_s(inputs: Inputs) -> float:
    kernel, precision = inputs_of(inputs, "kernel", "precision")
    flop = _attention_flop(inputs)
    peak = chip_peak_flop_per_s(inputs["device_spec"], precision)
    compute_s = flop / (peak * _attention_fraction(inputs))
    (bandwidth,) = inputs_of(inputs["device_spec"], "hbm_bytes_per_s")
    memory_s = _attention_hbm_bytes(inputs) / (K.hbm_fraction * bandwidth)
    # Separate kernels one after the other add; inside a fused one traffic hides.
    return compute_s + memory_s if kernel == "standard" else max(compute_s, memory_s)


def _kernel_flop_per_s(inputs: Inputs) -> float:
    kernel, precision = inputs_of(inputs, "kernel", "precision")
    peak = chip_peak_flop_per_s(inputs["device_spec"], precision)
    if kernel != "gemm":
        return peak * _attention_fraction(inputs)
    reached = K.fp8_matrix_fraction if element_bytes(precision) < 2 else K.matrix_fraction
    if inputs.get("best_over_shapes") and inputs.get("m") is None:
        return reached * peak
    m, k, n = inputs_of(inputs, "m", "k", "n")
    (bandwidth,) = inputs_of(inputs["device_spec"], "hbm_bytes_per_s")
    bytes_ = element_bytes(precision) * (m * k + k * n + m * n)
    flop = 2 * m * k * n
    return flop / (
        flop / (reached * peak) + bytes_ / (K.hbm_fraction * bandwidth) + K.kernel_s
    )


def _training_flop_per_s(inputs: Inputs) -> float:
    shape = inputs["shape"]
    (params, model_flop) = (
        *inputs_of(shape, "params_active"),
        *inputs_of(inputs, "model_flop_per_token"),
    )
    precision = inputs.get("compute_precision") or "bf16"
    spec = inputs["device_spec"]
    peak = chip_peak_flop_per_s(spec, precision if precision != "fp8" else "bf16")
    linear_s = 6 * params / (K.matrix_fraction * peak)
    attention_s = 0.0
    context = inputs.get("context_tokens") or 0
    if shape.get("layers") and shape.get("heads") and shape.get("head_dim") and context:
        width = shape["layers"] * shape["heads"]
        kernel = inputs.get("kernel") or "flash_attention_2"
        one = {"kernel": kernel, "direction": "forward_backward"}
        halved = 0.5 if inputs.get("causal") and kernel != "standard" else 1.0
        flop = 12 * width * shape["head_dim"] * context * halved
        attention_s = flop / (peak * _attention_fraction(one))
        if kernel == "standard":
            scores, vectors = _attention_passes(one | {"masked": inputs.get("causal")})
            bytes_ = standard_traffic_bytes(
                rows_count=width,
                head_dim=shape["head_dim"],
                keys=context,
                element_bytes=2.0,
                score_passes=scores,
                vector_passes=vectors,
            )
            (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
            attention_s += bytes_ / (K.hbm_fraction * bandwidth)
    chips = inputs.get("chips")
    shared = K.cluster_fraction if chips is None or chips > 8 else 1.0
    return shared * model_flop / (linear_s + attention_s)


def _speculative_speedup(inputs: Inputs) -> float:
    alpha = _or_assumed(inputs, "acceptance_rate", _ACCEPTANCE)
    drafted = _or_assumed(inputs, "draft_tokens", _DRAFTED)
    cost = inputs.get("draft_cost_ratio")
    if cost is None:
        cost = _draft_cost_fraction(inputs)
    tokens = tokens_per_round_mixed_count(
        acceptance_fraction=alpha,
        drafted=drafted,
        concentration_count=K.acceptance_concentration_count,
    )
    return speedup_free_verify(tokens=tokens, drafted=drafted, draft_cost_fraction=cost)


def _draft_cost_fraction(inputs: Inputs) -> float:
    """Return the time of a draft step over that of a target step, from the two shapes."""
    draft = inputs.get("draft_shape") or {}
    small, large = draft.get("params_active"), inputs["shape"].get("params_active")
    if not (small and large):
        raise RowError("The inputs lack draft_cost_ratio and the sizes of both models.")
    batch, context = _or_assumed(inputs, "batch", 1), _or_assumed(inputs, "context_tokens", 256)
    try:
        return decode_step_s(
            inputs | {"shape": draft}, batch=batch, context=context
        ) / decode_step_s(inputs, batch=batch, context=context)
    except RowError:
        return small / large


def _or_assumed(inputs: Inputs, name: str, assumed: float) -> float:
    return assumed if inputs.get(name) is None else inputs_of(inputs, name)[0]


def _decode_tokens_per_s(inputs: Inputs) -> float:
    batch, context = inputs_of(inputs, "batch", "context_tokens")
    return batch / decode_step_s(inputs, batch=batch, context=context)


def _decode_step_time_s(inputs: Inputs) -> float:
    batch, context = inputs_of(inputs, "batch", "context_tokens")
    step_s = decode_step_s(inputs, batch=batch, context=context)
    if inputs.get("scheduling") == "continuous":
        step_s += prefill_interference_s(inputs, batch=batch)
    return step_s


def _mbu_fraction(inputs: Inputs) -> float:
    if inputs.get("workload") == "stream":
        return K.stream_fraction
    batch, context = inputs_of(inputs, "batch", "context_tokens")
    (bandwidth,) = inputs_of(inputs["device_spec"], "hbm_bytes_per_s")
    chips = inputs.get("chips") or 1
    needed = necessary_bytes(inputs, batch=batch, context=context)
    return needed / decode_step_s(inputs, batch=batch, context=context) / (chips * bandwidth)


def _prefill_time_s(inputs: Inputs) -> float:
    (batch,) = inputs_of(inputs, "batch")
    return prefill_s(inputs, batch=batch)


def _serving_tokens_per_s(inputs: Inputs) -> float:
    prompt, output = inputs_of(inputs, "prompt_tokens", "output_tokens")
    context = prompt + output / 2
    batch = inputs.get("batch")
    if inputs.get("scheduling") == "continuous":
        # Pages are taken as sequences grow, so the mean length decides what fits.
        batch = batch or capacity_batch_count(inputs, tokens_each=context)
        step_s = decode_step_s(inputs, batch=batch, context=context)
        return batch / (step_s + prefill_interference_s(inputs, batch=batch))
    batch = batch or math.floor(capacity_batch_count(inputs, tokens_each=prompt + output))
    total_s = prefill_s(inputs, batch=batch) + output * decode_step_s(
        inputs, batch=batch, context=context
    )
    return batch * output / total_s


def _max_batch(inputs: Inputs) -> float:
    prompt, output = inputs_of(inputs, "prompt_tokens", "output_tokens")
    full = inputs.get("kv_reservation") == "full"
    return capacity_batch_count(inputs, tokens_each=prompt + (output if full else output / 2))


def _config_ratio(inputs: Inputs) -> float:
    of, numerator, denominator = inputs_of(inputs, "of", "numerator", "denominator")
    base = {"attention_flop": _attention_flop, "decode_step_time_s": _decode_step_time_s}
    if of not in base:
        raise RowError(f"No ratio of {of!r} is predicted; there are {', '.join(base)}.")
    return base[of](numerator) / base[of](denominator)


def _sparsity_speedup(inputs: Inputs) -> float:
    m, k, n, precision = inputs_of(inputs, "m", "k", "n", "precision")
    spec = inputs["device_spec"]
    peak = chip_peak_flop_per_s(spec, precision)
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    size = element_bytes(precision)
    compute_s = 2 * m * k * n / (K.matrix_fraction * peak)
    rows = size * (m * k + m * n) / (K.hbm_fraction * bandwidth)
    weights = size * k * n / (K.hbm_fraction * bandwidth)
    kept = 0.5 + 2 / 8 * 0.5 / size  # half of the values, and 2 bits for each kept one
    dense_s = compute_s + rows + weights
    return dense_s / (compute_s / (2 * K.sparse_fraction) + rows + kept * weights)


def _ridge_flop_per_byte(inputs: Inputs) -> float:
    (precision,) = inputs_of(inputs, "precision")
    (bandwidth,) = inputs_of(inputs["device_spec"], "hbm_bytes_per_s")
    return chip_peak_flop_per_s(inputs["device_spec"], precision) / bandwidth


def _launch_time_per_kernel_s(inputs: Inputs) -> float:
    kernel_s, mode = inputs_of(inputs, "kernel_time_s", "launch_mode")
    spec = inputs["device_spec"]
    overhead = {
        "sync": spec.get("launch_sync_s") or 6.7e-6,
        "async": spec.get("launch_async_gap_s") or 1.0e-6,
        "graph": 0.5e-6,
    }
    if mode not in overhead:
        raise RowError(f"No launch mode {mode!r}; there are {', '.join(overhead)}.")
    per_graph = inputs.get("kernels_per_graph") or 0
    once_s = overhead["sync"] / per_graph if mode == "graph" and per_graph else 0.0
    return kernel_s + overhead[mode] + once_s


# Networks. Elements that a layer writes for each of its flop, where a source gives no sum of
# tensors: ResNet-50 writes 11 million elements for 8.2 GFLOP.
_ELEMENTS_PER_FLOP = 1.35e-3
_LAYERS_UNKNOWN = 64
_EDGE_KERNEL_S = 4e-6
_VECTOR_FRACTION = 0.85
_NETWORK_FRACTION = 0.40


def _network_s(inputs: Inputs) -> float:
    flop, precision = inputs_of(inputs, "flop", "precision")
    size = element_bytes(precision)
    weight_bytes = _or_assumed(inputs, "weight_bytes", size * (inputs.get("params") or 0))
    spec = inputs["device_spec"]
    peak = chip_peak_flop_per_s(spec, precision)
    offline = inputs.get("scenario") == "offline"
    if "dla" in (inputs.get("engines") or ""):
        peak += (spec.get("dla_peak_flop_per_s") or {}).get(precision, 0.0)
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    reached = _VECTOR_FRACTION if precision == "fp32" else _NETWORK_FRACTION
    if inputs.get("sequence_tokens"):
        reached = K.matrix_fraction if precision != "fp32" else _VECTOR_FRACTION
    activations = inputs.get("activation_bytes") or flop * _ELEMENTS_PER_FLOP * size
    if inputs.get("sequence_tokens"):
        shape = inputs["shape"]
        hidden, layers = shape.get("hidden") or 1024, shape.get("layers") or 24
        activations = inputs["sequence_tokens"] * hidden * layers * 12 * size
    # At full load many samples share the reads of the weights and the starts of the kernels.
    batch = inputs.get("batch") or (64 if offline else 1)
    layers = inputs.get("weighted_layers") or (
        8 * inputs["shape"]["layers"] if inputs["shape"].get("layers") else _LAYERS_UNKNOWN
    )
    memory_s = (2 * activations + weight_bytes / batch) / (K.hbm_fraction * bandwidth)
    compute_s = flop / (reached * peak)
    latency_s = layers * _EDGE_KERNEL_S / batch
    if offline:
        return max(memory_s, compute_s) + latency_s
    return memory_s + compute_s + latency_s


def _network_throughput_per_s(inputs: Inputs) -> float:
    return 1 / _network_s(inputs)


_SYSTEM_J_PER_FLOP = 0.8e-12


def _inference_energy_j(inputs: Inputs) -> float:
    (flop,) = inputs_of(inputs, "flop")
    spec = inputs["device_spec"]
    per_mac = spec.get("energy_per_mac_j")
    if inputs.get("engines") == "npu" or per_mac:
        (weight_bytes,) = inputs_of(inputs, "weight_bytes")
        macs = inputs.get("macs") or flop / 2
        return macs * (per_mac or 14.5e-12) + weight_bytes * (
            spec.get("energy_per_weight_byte_j") or 36.4e-12
        )
    size = element_bytes(inputs.get("precision") or "int8")
    return flop * _SYSTEM_J_PER_FLOP * size


# Cycles on a microcontroller: the ESP32-S3's vector kernels from three published shapes, plain C
# from one, CMSIS-NN assumed (1.5 to 2 for each MAC on a Cortex-M7).
_CALL_CYCLES = 3840
_OUTPUT_CYCLES = 27.9
_VECTOR_CYCLES = 0.681
_SCALAR_CYCLES = 15.5
_CMSIS_CYCLES = 1.6


def _mcu_kernel_time_s(inputs: Inputs) -> float:
    macs, implementation = inputs_of(inputs, "macs", "implementation")
    spec = inputs["device_spec"]
    (clock,) = inputs_of(spec, "clock_hz")
    if implementation == "scalar":
        return _SCALAR_CYCLES * macs / clock
    if implementation == "cmsis-nn":
        return _CMSIS_CYCLES * macs / clock
    lanes = spec.get("simd_int8_lanes") or 16
    outputs, dot = inputs.get("outputs"), inputs.get("dot_length")
    if not outputs or not dot:
        return _VECTOR_CYCLES * macs / clock
    padded = math.ceil(dot / lanes) * lanes
    cycles = _CALL_CYCLES + outputs * (_OUTPUT_CYCLES + _VECTOR_CYCLES * padded)
    return cycles / clock


QUANTITIES: dict[str, Callable[[Inputs], float]] = {
    "attention_hbm_bytes": _attention_hbm_bytes,
    "attention_time_s": _attention_time_s,
    "kernel_flop_per_s": _kernel_flop_per_s,
    "training_flop_per_s": _training_flop_per_s,
    "speculative_speedup": _speculative_speedup,
    "decode_tokens_per_s": _decode_tokens_per_s,
    "decode_step_time_s": _decode_step_time_s,
    "mbu_fraction": _mbu_fraction,
    "prefill_time_s": _prefill_time_s,
    "serving_tokens_per_s": _serving_tokens_per_s,
    "max_batch": _max_batch,
    "config_ratio": _config_ratio,
    "sparsity_speedup": _sparsity_speedup,
    "ridge_flop_per_byte": _ridge_flop_per_byte,
    "launch_time_per_kernel_s": _launch_time_per_kernel_s,
    "network_latency_s": _network_s,
    "network_throughput_per_s": _network_throughput_per_s,
    "inference_energy_j": _inference_energy_j,
    "mcu_kernel_time_s": _mcu_kernel_time_s,
}
