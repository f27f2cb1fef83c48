"""A tensor-parallel decoder stack: the costs of its operators in prefill and decode."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rooflab.model.attention import (
    EAGER_KERNELS,
    EAGER_SCORE_PASSES,
    causal_scores_count,
    expanded_kv_bytes,
    score_flop,
)
from rooflab.model.collective import ring_link_bytes
from rooflab.model.cost import Cost
from rooflab.model.layer_fusion import HELD_ROWS, TILE_COLUMNS, ChainCounts
from rooflab.model.moe import distinct_experts_count
from rooflab.model.stack import EXCHANGE, OPERATORS, Load, Shape, Weights
from rooflab.values import Values

__all__ = ["DecoderCosts", "decoder_costs"]

ACTIVATION_BYTES = 2.0  # BF16 activations, whatever the weights are stored in
LOGIT_BYTES = 4.0
_QKV, _GATE_UP, _DOWN = ([each.id for each in OPERATORS].index(name) for name in ("qkv", "gate_up", "down"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderCosts:
    """Costs on one device of one pass through the stack, all layers, operator by operator.

    The first axis of every array is OPERATORS, and EXCHANGE if it was asked for. `executed.flop` is
    what the kernels do, `vector_flop` the part of it that products do beside their matrix units;
    `necessary_flop` is what the causal model needs for tokens that stay; `necessary_kv_bytes` is
    the one read of the cache in decode, and the one write of it in prefill. `alone_bytes` are what
    the kernels of eager attention move that do no arithmetic worth counting. `held_bytes` are what
    one kernel must keep on the chip for what its neighbours in the chain need of it.
    """

    executed: Cost
    vector_flop: np.ndarray
    necessary_flop: Values
    necessary_weight_bytes: Values
    necessary_kv_bytes: Values
    alone_bytes: Values
    repeats: np.ndarray
    workspace_bytes: Values
    held_bytes: Values


class _Sizes(NamedTuple):
    """Columns and weights of one layer's products on one device, and of the head."""

    q_width: Values
    kv_width: Values
    ffn_width: Values
    qkv_weights: Values
    o_weights: Values
    gate_up_weights: Values
    down_weights: Values
    head_weights: Values


class _Attention(NamedTuple):
    """What attention does in one layer on one device."""

    row: tuple[Values, ...]
    cache_read: Values
    cache_append: Values
    own_causal: Values
    prompt_causal: Values
    alone_bytes: Values
    workspace_bytes: Values


def decoder_costs(
    shape: Shape,
    load: Load,
    weights: Weights,
    chain: ChainCounts,
    *,
    device_count: int,
    exchanging: bool,
) -> DecoderCosts:
    """Count one pass of `load`.

    Assumptions: Q, K and V are one product, gate and up another; RoPE writes keys and values
    straight into the cache; a fused kernel reads keys and values once (further reads of a block
    come from the L2 cache); norms are done on every device, all else is divided among them. Tokens
    choose experts uniformly and independently. Where every expert is divided among all devices
    there is no all-to-all; where experts stand whole, tokens are sent to them and back, and the
    two reductions of a layer are halves of one. `exchanging` adds the row for that.
    """
    n, layers = device_count, shape.layers
    sizes = _sizes(shape, n)
    tokens = load.batch * load.query_tokens + load.prompt_tokens
    attention = _attention(shape, load, sizes, tokens, n)
    touched = distinct_experts_count(
        experts=shape.experts, experts_per_token=shape.experts_per_token, tokens=tokens
    )
    rows, again = _rows(shape, load, weights, chain, sizes, attention, tokens, touched, n)
    if exchanging:
        rows = (*rows, _exchange(shape, weights, tokens, n))
    repeats = [layers if each.in_layer else 1 for each in (*OPERATORS, EXCHANGE)[: len(rows)]]
    # The product of all arguments has the shape that they broadcast to.
    spread = np.shape(
        tokens * load.context_tokens * load.decoding * load.eager * weights.element_bytes
        * load.kv_element_bytes * layers * weights.executed_fraction * weights.whole * chain.norm_flop
    )  # fmt: skip
    columns = _columns(rows, repeats, spread)
    vector_flop = np.zeros(columns[0].shape)
    for place, flop in again:
        vector_flop[place] = flop * layers
    matrix_weights = (
        layers
        * (sizes.qkv_weights + sizes.o_weights + touched * (sizes.gate_up_weights + sizes.down_weights))
        * weights.element_bytes
        + sizes.head_weights * weights.head_element_bytes
    )
    decoding = load.decoding
    return DecoderCosts(
        executed=Cost(*columns),
        vector_flop=vector_flop,
        necessary_flop=_necessary_flop(shape, load, weights, sizes, attention),
        necessary_weight_bytes=matrix_weights,
        necessary_kv_bytes=layers
        * (decoding * attention.cache_read + (1 - decoding) * attention.cache_append),
        alone_bytes=layers * attention.alone_bytes,
        repeats=np.array(np.broadcast_arrays(*repeats), dtype=float),
        workspace_bytes=attention.workspace_bytes,
        held_bytes=HELD_ROWS
        * ACTIVATION_BYTES
        * (chain.held_streams * shape.hidden + chain.held_wide * sizes.ffn_width),
    )


def _sizes(shape: Shape, n: int) -> _Sizes:
    replicas = _at_least(n // shape.kv_heads, 1)
    hidden, ffn, d = shape.hidden, shape.ffn, shape.head_dim
    kv_width = shape.kv_heads * d * replicas / n
    q_width = shape.heads * d / n
    return _Sizes(
        q_width=q_width,
        kv_width=kv_width,
        ffn_width=ffn / n,
        qkv_weights=hidden * (q_width + 2 * kv_width),
        o_weights=q_width * hidden,
        gate_up_weights=hidden * 2 * ffn / n,
        down_weights=ffn / n * hidden,
        head_weights=hidden * shape.vocab / n,
    )


def _attention(shape: Shape, load: Load, sizes: _Sizes, tokens: Values, n: int) -> _Attention:
    """Count attention: the sequences' own queries, and prompts that see half of themselves."""
    e, eager, context = ACTIVATION_BYTES, load.eager, load.context_tokens
    group_size, heads = shape.group_size, shape.heads / n
    keys = load.batch * context + load.prompt_tokens
    cache_read = keys * 2 * sizes.kv_width * load.kv_element_bytes
    cache_unpacked = keys * 2 * sizes.kv_width * e
    prompt_causal = heads * load.prompt_tokens * (load.prompt_length + 1) / 2
    own_causal = load.batch * heads * causal_scores_count(load.query_tokens, context)
    causal = own_causal + prompt_causal
    square = (
        load.batch * heads * load.query_tokens * context
        + heads * load.prompt_tokens * load.prompt_length
    )
    expanded = expanded_kv_bytes(
        kv_bytes=cache_read, unpacked_kv_bytes=cache_unpacked, group_size=group_size
    )
    return _Attention(
        row=(
            score_flop(scores_count=causal + eager * (square - causal), head_dim=shape.head_dim),
            0.0,
            2 * tokens * sizes.q_width * e + eager * EAGER_SCORE_PASSES * square * e,
            cache_read + eager * (expanded - cache_read),
            1 + load.decoding * (1 - eager) + eager * (EAGER_KERNELS - 1),
            0.0,
        ),
        cache_read=cache_read,
        cache_append=tokens * 2 * sizes.kv_width * load.kv_element_bytes,
        own_causal=own_causal,
        prompt_causal=prompt_causal,
        # Copies of keys and values; scale, mask and softmax read and write the scores.
        alone_bytes=eager * (cache_read + group_size * cache_unpacked + 6 * square * e),
        # Eager attention of one layer holds repeated keys and values and the scores twice.
        workspace_bytes=eager * (group_size * cache_unpacked + 2 * square * e),
    )


def _rows(
    shape: Shape,
    load: Load,
    weights: Weights,
    chain: ChainCounts,
    sizes: _Sizes,
    attention: _Attention,
    tokens: Values,
    touched: Values,
    n: int,
) -> tuple[tuple[tuple[Values, ...], ...], tuple[tuple[int, Values], ...]]:
    """Return what each of OPERATORS costs in one layer, and what products do on the vector units.

    A row has flop, weight bytes, activation bytes, KV bytes, launches and link bytes.
    """
    e, w, done, whole = ACTIVATION_BYTES, weights.element_bytes, weights.executed_fraction, weights.whole
    hidden = shape.hidden
    stream = tokens * hidden * e  # A: the residual stream
    wide = tokens * sizes.ffn_width * e  # F: the MLP's width
    queries = tokens * sizes.q_width * e
    narrow = tokens * 2 * sizes.kv_width * e
    met = _met(shape, weights)
    gated = met * tokens * sizes.ffn_width
    # Weights that a step reads: every expert that some token chose.
    read = touched + whole * (_at_least(touched, n) - touched)
    # What stands before a product in its kernel is done again for every column of tiles.
    before = tokens * hidden * chain.into_flop
    qkv_again = before * np.ceil((sizes.q_width + 2 * sizes.kv_width) / TILE_COLUMNS)
    gate_up_beside = before * np.ceil(2 * sizes.ffn_width / TILE_COLUMNS) + gated * chain.gate_up_flop
    down_again = gated * chain.down_flop * np.ceil(hidden / TILE_COLUMNS)
    # One device has nothing to reduce; what was fused with the reduction is left.
    shared = 1 if n > 1 else chain.reduce_flop > 0
    reduce = (
        tokens * hidden * (n - 1) / n + tokens * hidden * chain.reduce_flop,
        0.0,
        chain.reduce_streams * stream * shared,
        0.0,
        chain.reduce_launches * shared,
        ring_link_bytes(message_bytes=stream, device_count=n) * (1 - whole / 2),
    )
    norm = (chain.norm_flop * tokens * hidden, 0.0, chain.norm_streams * stream, 0.0, chain.norm_launches, 0.0)
    sorting = 2 * (shape.experts > 1)  # router and gathering of the tokens
    asked = load.batch * _heads_asked(load)
    rows = (
        (0.0, 0.0, 2 * stream, 0.0, 1, 0.0),
        norm,
        (
            2 * done * tokens * sizes.qkv_weights + qkv_again,
            w * sizes.qkv_weights,
            chain.into_streams * stream + queries + narrow,
            0.0,
            1,
            0.0,
        ),
        (3 * tokens * (sizes.q_width + sizes.kv_width), 0.0, 2 * queries + narrow, attention.cache_append, 1, 0.0),
        attention.row,
        (2 * done * tokens * sizes.o_weights, w * sizes.o_weights, queries + stream, 0.0, 1, 0.0),
        reduce,
        norm,
        (
            2 * done * met * tokens * sizes.gate_up_weights + gate_up_beside,
            w * read * sizes.gate_up_weights,
            met * ((chain.into_streams - chain.into_kept) * stream + chain.gate_up_wide * wide)
            + chain.into_kept * stream,
            0.0,
            1 + sorting,
            0.0,
        ),
        (chain.silu_flop * gated, 0.0, chain.silu_wide * met * wide, 0.0, chain.silu_launches, 0.0),
        (
            2 * done * met * tokens * sizes.down_weights + down_again,
            w * read * sizes.down_weights,
            met * (chain.down_wide * wide + stream),
            0.0,
            1 - chain.held_wide,
            0.0,
        ),
        reduce,
        (
            2 * asked * sizes.head_weights,
            weights.head_element_bytes * sizes.head_weights,
            2 * asked * hidden * e + asked * shape.vocab / n * LOGIT_BYTES,
            0.0,
            2,
            0.0,
        ),
    )
    return rows, ((_QKV, qkv_again), (_GATE_UP, gate_up_beside), (_DOWN, down_again))


def _exchange(shape: Shape, weights: Weights, tokens: Values, n: int) -> tuple[Values, ...]:
    """Count the way of the tokens to whole experts and back, an all-to-all each."""
    sent = weights.whole * 2 * _met(shape, weights) * (tokens * shape.hidden * ACTIVATION_BYTES) / n
    return (0.0, 0.0, 2 * sent, 0.0, 2 * weights.whole, sent * (n - 1) / n)


def _met(shape: Shape, weights: Weights) -> Values:
    """Return the experts that the busiest device computes for a token, in shares of all devices."""
    return shape.experts_per_token * (1 + weights.whole * (weights.imbalance_factor - 1))


def _necessary_flop(shape: Shape, load: Load, weights: Weights, sizes: _Sizes, attention: _Attention) -> Values:
    """Return what the causal model needs for tokens that stay and for prompts."""
    useful = load.useful_tokens / load.query_tokens
    k = shape.experts_per_token
    scores = attention.own_causal * useful + attention.prompt_causal
    products = sizes.qkv_weights + sizes.o_weights + k * (sizes.gate_up_weights + sizes.down_weights)
    tokens = load.batch * load.useful_tokens + load.prompt_tokens
    return (
        2 * tokens * weights.kept_fraction * products * shape.layers
        + 2 * load.batch * _heads_asked(load) * useful * sizes.head_weights
        + shape.layers * score_flop(scores_count=scores, head_dim=shape.head_dim)
    )


def _heads_asked(load: Load) -> Values:
    """Return the positions of a sequence whose logits are wanted: every draft's, or a prompt's last."""
    return 1 + load.decoding * (load.query_tokens - 1)


def _at_least(value: Values, least: float) -> Values:
    return np.maximum(value, least) if isinstance(value, np.ndarray) else max(value, least)


def _columns(
    rows: tuple[tuple[Values, ...], ...], repeats: list[Values], shape: tuple[int, ...]
) -> np.ndarray:
    if not shape:
        return np.array(rows, dtype=float).T * repeats
    columns = np.empty((len(rows[0]), len(rows), *shape))
    for operator, row in enumerate(rows):
        for quantity, value in enumerate(row):
            columns[quantity, operator] = np.multiply(value, repeats[operator])
    return columns
