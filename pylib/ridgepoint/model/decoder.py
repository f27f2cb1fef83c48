"""A tensor-parallel decoder stack: the costs of its operators in prefill and decode."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ridgepoint.errors import ModelError
from ridgepoint.model.attention import (
    EAGER_KERNELS,
    EAGER_SCORE_PASSES,
    causal_scores_count,
    expanded_kv_bytes,
    score_flop,
)
from ridgepoint.model.collective import ring_link_bytes
from ridgepoint.model.cost import Cost
from ridgepoint.model.moe import distinct_experts_count
from ridgepoint.specs import Workload

__all__ = ["OPERATORS", "DecoderCosts", "Operator", "decoder_costs"]

ACTIVATION_BYTES = 2.0  # BF16 activations, whatever the weights are stored in
LOGIT_BYTES = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A step of the stack: what it is called, the unit it runs on, and where it stands."""

    id: str
    name: str
    engine: str  # matrix, attention, vector or link
    in_layer: bool = True


OPERATORS: tuple[Operator, ...] = (
    Operator(id="embed", name="Embedding lookup", engine="vector", in_layer=False),
    Operator(id="attn_norm", name="Norm before attention", engine="vector"),
    Operator(id="qkv", name="QKV projection", engine="matrix"),
    Operator(id="rope", name="RoPE and cache append", engine="vector"),
    Operator(id="attention", name="Attention", engine="attention"),
    Operator(id="o_proj", name="Output projection", engine="matrix"),
    Operator(id="attn_reduce", name="All-reduce after attention", engine="link"),
    Operator(id="mlp_norm", name="Norm before MLP", engine="vector"),
    Operator(id="gate_up", name="Gate and up projections", engine="matrix"),
    Operator(id="silu_mul", name="SiLU and product", engine="vector"),
    Operator(id="down", name="Down projection", engine="matrix"),
    Operator(id="mlp_reduce", name="All-reduce after MLP", engine="link"),
    Operator(id="lm_head", name="Final norm and LM head", engine="matrix", in_layer=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderCosts:
    """Costs on one device of one pass through the stack, all layers, operator by operator.

    The first axis of every array is OPERATORS. `executed.flop` is what the kernels do,
    `necessary_flop` what the causal model needs; `necessary_kv_bytes` is the one read of the
    cache in decode, and the one write of it in prefill. `alone_bytes` are what the kernels of
    eager attention move that do no arithmetic worth counting.
    """

    executed: Cost
    necessary_flop: Any
    necessary_weight_bytes: Any
    necessary_kv_bytes: Any
    alone_bytes: Any
    repeats: np.ndarray
    workspace_bytes: Any


def decoder_costs(
    workload: Workload,
    *,
    device_count: int,
    batch: Any,
    query_tokens: Any,
    context_tokens: Any,
    decoding: Any,
    eager: Any,
    weight_element_bytes: Any,
    kv_element_bytes: Any,
) -> DecoderCosts:
    """Count a pass of `batch` sequences with `query_tokens` new tokens each.

    `context_tokens` are the keys that the last query sees. `decoding` and `eager` are 1 or 0
    (or arrays of them): one query per sequence and a split-and-combine kernel, and attention
    with repeated KV heads, stored scores and the full square of them.

    Assumptions: norms are fused with the residual addition; Q, K and V are one product, gate and
    up another; RoPE writes keys and values straight into the cache; a fused kernel reads keys
    and values once (further reads of a block come from the L2 cache); norms are done on every
    device, all else is divided among them. Tokens choose experts uniformly and independently,
    and every expert is divided among all devices, so there is no all-to-all.

    Raises:
        ModelError: the workload caches latent vectors; keys and values are what is counted here.
    """
    if workload.latent_elements is not None:
        raise ModelError(
            f"{workload.name} caches latent vectors, and the decoder counts keys and values; "
            "choose a workload with KV heads, such as llama-3-70b or mixtral-8x22b."
        )
    n = device_count
    e = ACTIVATION_BYTES
    w = weight_element_bytes
    heads, hidden, ffn = workload.heads, workload.hidden, workload.ffn
    d, vocab, layers = workload.head_dim, workload.vocab, workload.layers
    replicas = max(n // workload.kv_heads, 1)
    kv_width = workload.kv_heads * d * replicas / n
    q_width = heads * d / n

    tokens = batch * query_tokens
    stream = tokens * hidden * e  # A: the residual stream
    queries = tokens * q_width * e
    cache_read = batch * context_tokens * 2 * kv_width * kv_element_bytes
    cache_unpacked = batch * context_tokens * 2 * kv_width * e
    cache_append = tokens * 2 * kv_width * kv_element_bytes

    causal = batch * heads / n * causal_scores_count(query_tokens, context_tokens)
    square = batch * heads / n * query_tokens * context_tokens
    scores = causal + eager * (square - causal)
    expanded = expanded_kv_bytes(
        kv_bytes=cache_read, unpacked_kv_bytes=cache_unpacked, group_size=workload.group_size
    )
    attention_flop = score_flop(scores_count=scores, head_dim=d)

    qkv_weights = hidden * (q_width + 2 * kv_width)
    o_weights = q_width * hidden
    # Weights that a step reads (every expert that some token chose), and those a token meets.
    k = workload.experts_per_token
    touched = distinct_experts_count(
        experts=workload.experts, experts_per_token=k, tokens=tokens
    )
    sorted_launches = 2 if workload.experts > 1 else 0  # router and gathering of the tokens
    gate_up_weights = hidden * 2 * ffn / n
    down_weights = ffn / n * hidden
    head_weights = hidden * vocab / n
    reduced = ring_link_bytes(message_bytes=stream, device_count=n)
    shared = 1 if n > 1 else 0  # one device has nothing to reduce
    reduce = (tokens * hidden * (n - 1) / n, 0.0, 2 * stream * shared, 0.0, shared, reduced)

    # flop, weight bytes, activation bytes, KV bytes, launches, link bytes
    rows = (
        (0.0, 0.0, 2 * stream, 0.0, 1, 0.0),
        (4 * tokens * hidden, 0.0, 4 * stream, 0.0, 1, 0.0),
        (
            2 * tokens * qkv_weights,
            w * qkv_weights,
            stream + queries + tokens * 2 * kv_width * e,
            0.0,
            1,
            0.0,
        ),
        (
            3 * tokens * (q_width + kv_width),
            0.0,
            2 * queries + tokens * 2 * kv_width * e,
            cache_append,
            1,
            0.0,
        ),
        (
            attention_flop,
            0.0,
            2 * queries + eager * EAGER_SCORE_PASSES * square * e,
            cache_read + eager * (expanded - cache_read),
            1 + decoding * (1 - eager) + eager * (EAGER_KERNELS - 1),
            0.0,
        ),
        (2 * tokens * o_weights, w * o_weights, queries + stream, 0.0, 1, 0.0),
        reduce,
        (4 * tokens * hidden, 0.0, 4 * stream, 0.0, 1, 0.0),
        (
            2 * k * tokens * gate_up_weights,
            w * touched * gate_up_weights,
            k * (stream + tokens * 2 * ffn / n * e),
            0.0,
            1 + sorted_launches,
            0.0,
        ),
        (5 * k * tokens * ffn / n, 0.0, 3 * k * tokens * ffn / n * e, 0.0, 1, 0.0),
        (
            2 * k * tokens * down_weights,
            w * touched * down_weights,
            k * (tokens * ffn / n * e + stream),
            0.0,
            1,
            0.0,
        ),
        reduce,
        (
            2 * batch * head_weights,
            w * head_weights,
            2 * batch * hidden * e + batch * vocab / n * LOGIT_BYTES,
            0.0,
            2,
            0.0,
        ),
    )
    repeats = np.array([layers if each.in_layer else 1 for each in OPERATORS], dtype=float)
    # The product of all arguments has the shape that they broadcast to.
    shape = np.shape(tokens * context_tokens * decoding * eager * w * kv_element_bytes)
    columns = _columns(rows, repeats, shape)
    causal_flop = score_flop(scores_count=causal, head_dim=d)
    matrix_flop = (
        2 * tokens * (qkv_weights + o_weights + k * (gate_up_weights + down_weights)) * layers
        + 2 * batch * head_weights
    )
    matrix_weights = (
        layers * (qkv_weights + o_weights + touched * (gate_up_weights + down_weights))
        + head_weights
    )
    return DecoderCosts(
        executed=Cost(*columns),
        necessary_flop=matrix_flop + layers * causal_flop,
        necessary_weight_bytes=w * matrix_weights,
        necessary_kv_bytes=layers
        * (decoding * cache_read + (1 - decoding) * cache_append),
        # Copies of keys and values; scale, mask and softmax read and write the scores.
        alone_bytes=layers
        * eager
        * (cache_read + workload.group_size * cache_unpacked + 6 * square * e),
        repeats=repeats,
        # Eager attention of one layer holds repeated keys and values and the scores twice.
        workspace_bytes=eager
        * (workload.group_size * cache_unpacked + 2 * square * e),
    )


def _columns(
    rows: tuple[tuple[Any, ...], ...], repeats: np.ndarray, shape: tuple[int, ...]
) -> np.ndarray:
    if not shape:
        return np.array(rows, dtype=float).T * repeats
    columns = np.empty((len(rows[0]), len(rows), *shape))
    for operator, row in enumerate(rows):
        for quantity, value in enumerate(row):
            columns[quantity, operator] = np.multiply(value, repeats[operator])
    return columns
