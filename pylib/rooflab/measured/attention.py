"""Attention as a single kernel: traffic, arithmetic, time and rate; and the rates of products beside it."""

import math
from typing import Any

from rooflab.facts.calibration import GPU_SERVING
from rooflab.measured.device import (
    chip_peak_flop_per_s,
    element_bytes,
    exponentials_per_s,
    sm_clock_flop,
)
from rooflab.measured.gemm import clock_fraction, gemm_flop_per_s
from rooflab.measured.kernel_constants import KERNELS as C
from rooflab.measured.rows import RowError, inputs_of
from rooflab.model.attention import (
    causal_scores_count,
    flash_traffic_bytes,
    score_flop,
    standard_traffic_bytes,
)
from rooflab.model.tiling import wave_fraction

__all__ = [
    "attention_flop",
    "attention_hbm_bytes",
    "attention_s_per_score",
    "attention_time_s",
    "kernel_flop_per_s",
    "known_kernel",
    "newer_kernel",
    "pipeline_fraction",
]

Inputs = dict[str, Any]

# First generation: 104 to 127 TFLOP/s of 312 in heads of 128, both ways alike (arXiv:2307.08691, figures 4 and 5).
_FIRST_FRACTION = (0.45, 0.40)
# Products of unfused attention, whose inner or outer dimension is the short head. Assumed.
_STANDARD_FRACTION = 0.40
_FUSED = ("flash_attention_1", "flash_attention_2", "flash_attention_3", "flash_attention_4")
_ON_AMPERE = ("flash_attention_1", "flash_attention_2")  # kernels that use Ampere's synchronous products
_AMPERE_FLOP = 2048  # of an SM in a clock, in 16 bits
_SKIPS_MASKED = _FUSED[1:]  # kernels that leave out the blocks which a causal mask empties
# The fourth generation computes about half of the exponentials on the vector units beside the special-function units.
_EXPONENTIALS_LEFT = {"flash_attention_4": 0.5}
_HEAD_USUAL, _HEAD_STEP = 128, 32  # head sizes are padded to multiples of this
_TILE_QUERIES, _SPLIT_KEYS = 128, 256
_PRODUCTS_FORWARD, _PRODUCTS_BACKWARD = 2, 5


def known_kernel(name: str | None) -> str:
    """Return the kernel of that name; the usual one where none is stated, the newest for a later generation.

    >>> known_kernel("flash_attention_7")
    'flash_attention_4'
    """
    if not name:
        return "flash_attention_2"
    if _is_newer(name):
        return _FUSED[-1]
    if name != "standard" and name not in _FUSED:
        raise RowError(f"No attention kernel {name!r} is known; known are {', '.join(('standard', *_FUSED))}.")
    return name


def newer_kernel(inputs: Inputs) -> str | None:
    """Say what an attention kernel is predicted as that is newer than all known; None for any other."""
    name = inputs.get("kernel")
    return f"kernel {name} is newer than all known, and predicted as {_FUSED[-1]}" if name and _is_newer(name) else None


def _is_newer(name: str) -> bool:
    family, _, generation = name.rpartition("_")
    return family == "flash_attention" and generation.isdigit() and int(generation) > len(_FUSED)


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
    kernel, both = known_kernel(inputs.get("kernel")), _both_ways(inputs)
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
        # It keeps a block of 256 keys on chip, 128 of long heads, and walks over the queries for every block: it reads Q and O and
        # writes O, which the first block need not read. Backward it reads Q and the gradients of O and of Q, and writes that of Q;
        # before, O and its gradient once for the sums of their products. Its successors keep a block of queries and read keys and
        # values through the L2 cache.
        blocks = max(inputs["context_tokens"] / (256 if head_dim <= 64 else 128), 1.0)
        query_passes = 3 * blocks - 1 + (4 * blocks - 1 + 2) * both
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
    return forward * (3 if known_kernel(inputs.get("kernel")) == "standard" else 3.5)


def _flash_s_per_score(inputs: Inputs, *, kernel: str, precision: str, head_dim: int) -> float:
    """Return the time of one score in a fused kernel that is filled: its products, and its exponential beside them."""
    spec = inputs["device_spec"]
    padded = math.ceil(head_dim / _HEAD_STEP) * _HEAD_STEP
    rate = clock_fraction(inputs) * chip_peak_flop_per_s(spec, precision)
    if kernel in _ON_AMPERE:
        rate *= min(_AMPERE_FLOP / sm_clock_flop(spec), 1.0)
    absent = sum(1 for each in (inputs.get("features") or {}).values() if each is False)
    rate *= C.feature_fraction**absent
    forward, backward = (C.flash_fraction, C.flash_backward_fraction) if kernel != "flash_attention_1" else _FIRST_FRACTION
    exponential_s = _EXPONENTIALS_LEFT.get(kernel, 1.0) / exponentials_per_s(spec)
    each_s = 2 * _PRODUCTS_FORWARD * padded / (forward * rate) + exponential_s
    if _both_ways(inputs):
        each_s += 2 * _PRODUCTS_BACKWARD * padded / (backward * rate) + exponential_s
    return each_s


def pipeline_fraction(kernel: str, keys: float) -> float:
    """Return the share of the time in which a block of queries that sees `keys` keys has its pipeline filled.

    To fill it, and to write the result, takes as long as some hundred keys. The first generation walks over the queries instead.
    """
    return 1.0 if kernel == "flash_attention_1" else keys / (keys + C.fill_keys_count)


def _filled_fraction(inputs: Inputs, *, kernel: str) -> float:
    """Return the share of its filled rate that a kernel reaches on a row's queries and keys.

    Blocks run in whole waves on the multiprocessors, long rows of keys divided where blocks are few.
    """
    batch, heads, queries, keys = inputs_of(inputs, "batch", "heads", "query_tokens", "context_tokens")
    filled = pipeline_fraction(kernel, _seen_keys(inputs, kernel))
    sm_count = inputs["device_spec"].get("sm_count")
    if not sm_count:
        return filled
    blocks = batch * heads * math.ceil(queries / _TILE_QUERIES)
    if blocks < sm_count:
        blocks *= min(math.ceil(sm_count / blocks), math.ceil(keys / _SPLIT_KEYS))
    return filled * float(wave_fraction(tiles=blocks, slots=sm_count))


def _seen_keys(inputs: Inputs, kernel: str) -> float:
    """Return the keys that a query sees on average in a kernel: all, or those that a causal mask leaves."""
    queries, keys = inputs_of(inputs, "query_tokens", "context_tokens")
    if not inputs.get("masked") or kernel not in _SKIPS_MASKED:
        return keys
    return causal_scores_count(queries, keys) / queries


def attention_time_s(inputs: Inputs) -> float:
    """Return the time of the attention operator of one layer."""
    precision, head_dim = inputs_of(inputs, "precision", "head_dim")
    kernel = known_kernel(inputs.get("kernel"))
    spec = inputs["device_spec"]
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    memory_s = attention_hbm_bytes(inputs) / (GPU_SERVING.hbm_fraction * bandwidth)
    if kernel == "standard":  # separate kernels, one after the other
        peak = chip_peak_flop_per_s(spec, precision)
        return attention_flop(inputs) / (_STANDARD_FRACTION * peak) + memory_s
    queries, _ = _vectors_count(inputs)
    scores = queries * _seen_keys(inputs, kernel)
    each_s = _flash_s_per_score(inputs, kernel=kernel, precision=precision, head_dim=head_dim)
    return max(scores * each_s / _filled_fraction(inputs, kernel=kernel), memory_s)


def attention_s_per_score(inputs: Inputs, *, kernel: str, precision: str) -> float:
    """Return the time that each score of a long sequence takes, causal halves apart."""
    (head_dim,) = inputs_of(inputs, "head_dim")
    if kernel != "standard":
        return _flash_s_per_score(inputs, kernel=kernel, precision=precision, head_dim=head_dim)
    spec = inputs["device_spec"]
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    products = 4 * head_dim * (3 if _both_ways(inputs) else 1)
    moved = element_bytes(precision) * _score_passes(inputs)
    return products / (
        _STANDARD_FRACTION * chip_peak_flop_per_s(spec, precision)
    ) + moved / (GPU_SERVING.hbm_fraction * bandwidth)


def kernel_flop_per_s(inputs: Inputs) -> float:
    """Return the rate of one kernel, in the flop that its source counts."""
    (precision,) = inputs_of(inputs, "precision")
    if inputs.get("kernel") == "gemm":
        return gemm_flop_per_s(inputs, precision)
    kernel, head_dim = known_kernel(inputs.get("kernel")), inputs.get("head_dim") or _HEAD_USUAL
    # Half of the scores of a causal mask are counted, and unfused kernels compute them all.
    halved = 0.5 if inputs.get("masked") and kernel not in _SKIPS_MASKED else 1.0
    counted = 4 * head_dim * (1 + _PRODUCTS_BACKWARD / _PRODUCTS_FORWARD * _both_ways(inputs))
    one = inputs | {"head_dim": head_dim}
    rate = halved * counted / attention_s_per_score(one, kernel=kernel, precision=precision)
    if kernel == "standard" or None in (inputs.get(each) for each in ("batch", "heads", "query_tokens", "context_tokens")):
        return rate  # unfused, or the best case over the shapes that were tried
    seen = inputs["context_tokens"] if kernel not in _SKIPS_MASKED else _seen_keys(inputs, kernel)
    return halved * counted * _vectors_count(inputs)[0] * seen / attention_time_s(one)
