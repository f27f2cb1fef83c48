"""Training steps, from the inputs of a row: the rate per chip that a convention of flop gives."""

from typing import Any

from rooflab.measured.attention import attention_s_per_score
from rooflab.measured.constants import CONSTANTS as K
from rooflab.measured.device import chip_peak_flop_per_s, element_bytes
from rooflab.measured.rows import inputs_of

__all__ = ["training_flop_per_s"]

Inputs = dict[str, Any]

_NODE_CHIPS = 8
# Bytes that a layer keeps of a token for the way back, for each element of its width, attention
# scores apart (Korthikanti et al. 2022, arXiv:2205.05198): each is written once, read once by the
# next kernel and once on the way back, and its gradient is written and read.
_KEPT_BYTES, _PASSES = 34, 5
_KERNEL_UNKNOWN = "flash_attention_2"


def training_flop_per_s(inputs: Inputs) -> float:
    """Return the model flop of a chip per second, in the convention that the row states.

    Linear layers run at the matrix rate; attention and what lies between the layers add to them;
    many nodes lose a share in exchange and idle stages.
    """
    shape = inputs["shape"]
    (params,) = inputs_of(shape, "params_active")
    (model_flop,) = inputs_of(inputs, "model_flop_per_token")
    precision = inputs.get("compute_precision") or "bf16"
    if element_bytes(precision) < 2:
        precision = "bf16"  # master copies, attention and norms stay in 16 bits
    peak = chip_peak_flop_per_s(inputs["device_spec"], precision)
    token_s = 6 * params / (K.matrix_fraction * peak)
    token_s += _attention_s(inputs, precision) + _between_s(inputs)
    chips = inputs.get("chips")
    shared = K.cluster_fraction if chips is None or chips > _NODE_CHIPS else 1.0
    return shared * model_flop / token_s


def _attention_s(inputs: Inputs, precision: str) -> float:
    shape, context = inputs["shape"], inputs.get("context_tokens")
    if not (shape.get("layers") and shape.get("heads") and shape.get("head_dim") and context):
        return 0.0
    kernel = inputs.get("kernel") or _KERNEL_UNKNOWN
    causal = bool(inputs.get("causal"))
    one = {
        "direction": "forward_backward",
        "device_spec": inputs["device_spec"],
        "head_dim": shape["head_dim"],
        "masked": causal,
    }
    # Unfused kernels compute the whole square.
    scores = context * (0.5 if causal and kernel != "standard" else 1.0)
    each_s = attention_s_per_score(one, kernel=kernel, precision=precision)
    return shape["layers"] * shape["heads"] * scores * each_s


def _between_s(inputs: Inputs) -> float:
    """Return the time of the traffic between the products of all layers."""
    shape, spec = inputs["shape"], inputs["device_spec"]
    if not (shape.get("layers") and shape.get("hidden") and spec.get("hbm_bytes_per_s")):
        return 0.0
    moved = _PASSES * _KEPT_BYTES * shape["hidden"] * shape["layers"]
    return moved / (K.hbm_fraction * spec["hbm_bytes_per_s"])
