"""Training steps, from the inputs of a row: the rate per chip that a convention of flop gives."""

from typing import Any

from rooflab.facts.calibration import GPU_SERVING
from rooflab.measured.attention import attention_s_per_score, known_kernel, pipeline_fraction
from rooflab.measured.device import chip_peak_flop_per_s, element_bytes
from rooflab.measured.gemm import gemm_fraction
from rooflab.measured.kernel_constants import KERNELS as C
from rooflab.measured.rows import RowError, inputs_of

__all__ = ["training_flop_per_s"]

Inputs = dict[str, Any]

_NODE_CHIPS = 8
# Bytes that a layer keeps of a token for the way back, for each element of its width, attention
# scores apart (Korthikanti et al. 2022, arXiv:2205.05198): each is written once, read once by the
# next kernel and once on the way back, and its gradient is written and read.
_KEPT_BYTES, _PASSES = 34, 5
# In 8 bits the inputs of a layer's four products, 7 widths, and their gradients, 9, are read in 16 bits and written twice,
# as they are and transposed.
_CAST_BYTES = (7 + 9) * (2 + 1 + 1)
# Where parameters are divided among chips: gathered for each way, and their gradients scattered, in 16 bits.
_GATHERED_BYTES = 3 * 2.0
# Weights, gradients and Adam's states of a parameter, divided among all chips (Rajbhandari et al. 2020, arXiv:1910.02054).
_STATE_BYTES, _MANY_CHIPS = 16, 1024
_STEP_TOKENS = 16384  # of a chip between two exchanges, assumed
_WATTS_HELD = 1e-12  # for each operation a second in 16 bits: an A100 has 1.28e-12 and keeps its clock, an H100 0.71e-12


def training_flop_per_s(inputs: Inputs) -> float:
    """Return the model flop of a chip per second, in the convention that the row states.

    Linear layers run at the rate of large products, in 8 bits where the row says so; attention and what lies between the layers
    in 16 bits, and the exchange of divided parameters, add to them; many nodes lose a share in exchange and idle stages.
    """
    shape, spec = inputs["shape"], inputs["device_spec"]
    (params,) = inputs_of(shape, "params_active")
    (model_flop,) = inputs_of(inputs, "model_flop_per_token")
    precision = inputs.get("compute_precision") or "bf16"
    wide = "bf16" if element_bytes(precision) < 2 else precision  # norms, attention and master copies
    ways = 3 + _recomputes(inputs)  # forward, and twice as much backward
    token_s = ways * 2 * params / _linear_flop_per_s(inputs, precision, wide)
    token_s += ways / 3 * _attention_s(inputs, wide) + _between_s(inputs)
    if (inputs.get("chips") or _NODE_CHIPS) > 1 and spec.get("link_bytes_per_s"):
        held = shape.get("params_total") or params
        token_s += _GATHERED_BYTES * held / (GPU_SERVING.link_fraction * spec["link_bytes_per_s"]) / max(_STEP_TOKENS, inputs.get("context_tokens") or 0)
    chips = inputs.get("chips")
    shared = C.exchange_fraction if chips is None or chips > _NODE_CHIPS else 1.0
    return shared * model_flop / token_s


def _recomputes(inputs: Inputs) -> bool:
    """Return whether a chip has no room for what its layers keep of one sequence, and so computes it again on the way back."""
    shape, context = inputs["shape"], inputs.get("context_tokens")
    memory = inputs["device_spec"].get("memory_bytes")
    held = shape.get("params_total") or shape.get("params_active")
    if not (memory and context and shape.get("layers") and shape.get("hidden")):
        return False
    kept = _KEPT_BYTES * shape["hidden"] * shape["layers"] * context
    return _STATE_BYTES * held / (inputs.get("chips") or _MANY_CHIPS) + kept > memory


def _linear_flop_per_s(inputs: Inputs, precision: str, wide: str) -> float:
    """Return the rate of linear layers, hour after hour: a chip whose power is little for its peak lowers its clock."""
    spec = inputs["device_spec"]
    try:
        rate = gemm_fraction(inputs, precision) * chip_peak_flop_per_s(spec, precision)
    except RowError:  # a chip whose peak in 8 bits nobody states
        rate = gemm_fraction(inputs, wide) * chip_peak_flop_per_s(spec, wide)
    power_w, fp8 = spec.get("tdp_w"), "fp8" in (spec.get("peak_flop_per_s") or {})
    hot = power_w / chip_peak_flop_per_s(spec, wide) < _WATTS_HELD if power_w else fp8
    experts = (inputs["shape"].get("experts") or 1) > 1
    return C.ordinary_fraction * rate * (C.sustained_fraction if hot else 1.0) * (C.grouped_fraction if experts else 1.0)


def _attention_s(inputs: Inputs, precision: str) -> float:
    shape, context = inputs["shape"], inputs.get("context_tokens")
    if not (shape.get("layers") and shape.get("heads") and shape.get("head_dim") and context):
        return 0.0
    kernel = known_kernel(inputs.get("kernel"))
    causal = bool(inputs.get("causal"))
    one = {
        "direction": "forward_backward",
        "device": inputs.get("device"),
        "device_spec": inputs["device_spec"],
        "head_dim": shape["head_dim"],
        "masked": causal,
    }
    if kernel == "standard":  # computes the whole square
        return shape["layers"] * shape["heads"] * context * attention_s_per_score(one, kernel=kernel, precision=precision)
    scores = context * (0.5 if causal else 1.0)
    each_s = attention_s_per_score(one, kernel=kernel, precision=precision) / pipeline_fraction(kernel, scores)
    return shape["layers"] * shape["heads"] * scores * each_s


def _between_s(inputs: Inputs) -> float:
    """Return the time of the traffic between the products of all layers."""
    shape, spec = inputs["shape"], inputs["device_spec"]
    if not (shape.get("layers") and shape.get("hidden") and spec.get("hbm_bytes_per_s")):
        return 0.0
    narrow = element_bytes(inputs.get("compute_precision") or "bf16") < 2
    moved = (_PASSES * _KEPT_BYTES + _CAST_BYTES * narrow) * shape["hidden"] * shape["layers"]
    return moved / (GPU_SERVING.hbm_fraction * spec["hbm_bytes_per_s"])
