"""Attention and matrix products as single kernels: traffic, arithmetic, time and rate."""

import math
from typing import Any

from rooflab.measured.constants import CONSTANTS as K
from rooflab.measured.device import chip_peak_flop_per_s, element_bytes, matrix_fraction
from rooflab.measured.rows import RowError, inputs_of
from rooflab.model.attention import flash_traffic_bytes, score_flop, standard_traffic_bytes

__all__ = [
    "attention_flop",
    "attention_hbm_bytes",
    "attention_s_per_score",
    "attention_time_s",
    "kernel_flop_per_s",
]

Inputs = dict[str, Any]

# Share of the peak that a kernel reaches, forward, and forward with backward, as its authors
# print it: arXiv:2205.14135 (GPT-2 medium), arXiv:2307.08691 (up to 73% and 63%), and
# arXiv:2407.08608 (661 of 989 TFLOP/s). Nothing graded decides them.
_FLASH_FRACTION = {
    "flash_attention_1": (0.42, 0.40),
    "flash_attention_2": (0.73, 0.60),
    "flash_attention_3": (0.67, 0.55),
}
# Products of unfused attention, whose inner or outer dimension is the short head. Assumed.
_STANDARD_FRACTION = 0.40
_ON_HOPPER = ("flash_attention_3",)  # kernels written for its asynchronous products
_SKIPS_MASKED = ("flash_attention_2", "flash_attention_3")  # kernels that leave out the blocks which a causal mask empties
_HEAD_STEP = 32  # head sizes are padded to multiples of this
_PRODUCTS_FORWARD, _PRODUCTS_BACKWARD = 2, 5


def _kernel(inputs: Inputs) -> str:
    """Return the kernel of a row; one that is not stated is taken to be the usual one."""
    kernel = inputs.get("kernel") or "flash_attention_2"
    _check(kernel)
    return kernel


def _check(kernel: str) -> None:
    if kernel != "standard" and kernel not in _FLASH_FRACTION:
        known = ", ".join(("standard", *_FLASH_FRACTION))
        raise RowError(f"No attention kernel {kernel!r} is known; known are {known}.")


def _vectors_count(inputs: Inputs) -> tuple[float, float]:
    """Return the queries and the keys of all heads."""
    batch, heads, queries, keys = inputs_of(inputs, "batch", "heads", "query_tokens", "context_tokens")
    return batch * heads * queries, batch * heads * keys


def _both_ways(inputs: Inputs) -> bool:
    return inputs.get("direction") == "forward_backward"


def _score_passes(inputs: Inputs) -> float:
    """Return the passes over the scores of unfused attention.

    Forward: QK^T writes the scores, scale, mask, softmax and dropout each read and write them
    (the mask of a causal kernel is applied in place), PV reads them. Backward reads the
    probabilities twice, and reads and writes their gradients through the same steps.
    """
    forward = 4 + (2 if inputs.get("masked") else 0) + (2 if inputs.get("dropout") else 0)
    backward = 9 + (2 if inputs.get("dropout") else 0)
    return forward + backward if _both_ways(inputs) else forward


def attention_hbm_bytes(inputs: Inputs) -> float:
    """Return the traffic of the attention operator of one layer."""
    precision, head_dim = inputs_of(inputs, "precision", "head_dim")
    kernel, both = _kernel(inputs), _both_ways(inputs)
    queries, keys = _vectors_count(inputs)
    vectors = {"queries_count": queries, "keys_count": keys, "head_dim": head_dim, "element_bytes": element_bytes(precision)}
    # Forward reads Q, K and V and writes O. Backward reads them again with the gradient of O, and writes those of Q, K and V.
    query_passes, key_passes = (6, 6) if both else (2, 2)
    if kernel == "standard":
        return standard_traffic_bytes(
            **vectors,
            scores_count=_scores_count(inputs),
            score_passes=_score_passes(inputs),
            query_passes=query_passes,
            key_passes=key_passes,
        )
    if kernel == "flash_attention_1":
        # It keeps a block of 256 keys on chip and walks over the queries: Q and O, read and written, for every block.
        # Its successors keep a block of queries and read keys and values through the L2 cache.
        blocks = inputs["context_tokens"] / 256
        query_passes = (3 + 5) * blocks if both else 3 * blocks
    return flash_traffic_bytes(**vectors, query_passes=query_passes, key_passes=key_passes)


def _scores_count(inputs: Inputs) -> float:
    queries, _ = _vectors_count(inputs)
    return queries * inputs["context_tokens"]


def attention_flop(inputs: Inputs) -> float:
    """Return the flop of the matrix products, recomputation included."""
    (head_dim,) = inputs_of(inputs, "head_dim")
    forward = score_flop(scores_count=_scores_count(inputs), head_dim=head_dim)
    if not _both_ways(inputs):
        return forward
    # Backward takes four products for the two of the forward pass, and one to recompute scores.
    return forward * (3 if _kernel(inputs) == "standard" else 3.5)


def _flash_flop_per_s(inputs: Inputs, *, kernel: str, precision: str, head_dim: Any) -> float:
    """Return the rate of a fused kernel, in the flop that a source counts."""
    spec = inputs["device_spec"]
    reached = _FLASH_FRACTION[kernel][1 if _both_ways(inputs) else 0]
    if element_bytes(precision) < 2:
        reached *= K.narrow_matrix_fraction / K.matrix_fraction
    if _is_hopper_or_later(spec) and kernel not in _ON_HOPPER:
        reached *= K.ported_fraction
    absent = sum(1 for each in (inputs.get("features") or {}).values() if each is False)
    padded = math.ceil(head_dim / _HEAD_STEP) * _HEAD_STEP if head_dim else 1
    useful = (head_dim or 1) / padded
    return chip_peak_flop_per_s(spec, precision) * reached * useful * K.feature_fraction**absent


def _is_hopper_or_later(spec: dict[str, Any]) -> bool:
    """Return whether the chip multiplies in eight bits of floating point, as Hopper was first to."""
    return "fp8" in (spec.get("peak_flop_per_s") or {})


def attention_time_s(inputs: Inputs) -> float:
    """Return the time of the attention operator of one layer."""
    precision, head_dim = inputs_of(inputs, "precision", "head_dim")
    kernel, flop = _kernel(inputs), attention_flop(inputs)
    if inputs.get("masked") and kernel in _SKIPS_MASKED:
        flop /= 2
    spec = inputs["device_spec"]
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    memory_s = attention_hbm_bytes(inputs) / (K.hbm_fraction * bandwidth)
    if kernel == "standard":  # separate kernels, one after the other
        peak = chip_peak_flop_per_s(spec, precision)
        return flop / (_STANDARD_FRACTION * peak) + memory_s
    rate = _flash_flop_per_s(inputs, kernel=kernel, precision=precision, head_dim=head_dim)
    return max(flop / rate, memory_s)


def attention_s_per_score(inputs: Inputs, *, kernel: str, precision: str) -> float:
    """Return the time that each score of a long sequence takes, causal halves apart."""
    (head_dim,) = inputs_of(inputs, "head_dim")
    _check(kernel)
    counted = 4 * head_dim * (1 + _PRODUCTS_BACKWARD / _PRODUCTS_FORWARD * _both_ways(inputs))
    if kernel != "standard":
        return counted / _flash_flop_per_s(
            inputs, kernel=kernel, precision=precision, head_dim=head_dim
        )
    spec = inputs["device_spec"]
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    products = 4 * head_dim * (3 if _both_ways(inputs) else 1)
    moved = element_bytes(precision) * _score_passes(inputs)
    return products / (
        _STANDARD_FRACTION * chip_peak_flop_per_s(spec, precision)
    ) + moved / (K.hbm_fraction * bandwidth)


def kernel_flop_per_s(inputs: Inputs) -> float:
    """Return the rate of one kernel, in the flop that its source counts."""
    (precision,) = inputs_of(inputs, "precision")
    if inputs.get("kernel") == "gemm":
        return _gemm_flop_per_s(inputs, precision)
    kernel = _kernel(inputs)
    if kernel != "standard":
        return _flash_flop_per_s(
            inputs, kernel=kernel, precision=precision, head_dim=inputs.get("head_dim")
        )
    (head_dim,) = inputs_of(inputs, "head_dim")
    # Half of the scores of a causal mask are counted, and all of them computed.
    halved = 0.5 if inputs.get("masked") else 1.0
    counted = 4 * head_dim * (1 + _PRODUCTS_BACKWARD / _PRODUCTS_FORWARD * _both_ways(inputs))
    return halved * counted / attention_s_per_score(inputs, kernel=kernel, precision=precision)


def _gemm_flop_per_s(inputs: Inputs, precision: str) -> float:
    rate = matrix_fraction(precision) * chip_peak_flop_per_s(inputs["device_spec"], precision)
    if inputs.get("m") is None and (inputs.get("best_over_shapes") or inputs.get("k") is None):
        return rate  # the best case, or a shape that nobody states
    m, k, n = inputs_of(inputs, "m", "k", "n")
    (bandwidth,) = inputs_of(inputs["device_spec"], "hbm_bytes_per_s")
    moved = element_bytes(precision) * (m * k + k * n + m * n)
    flop = 2 * m * k * n
    return flop / (flop / rate + moved / (K.hbm_fraction * bandwidth) + K.kernel_s)
