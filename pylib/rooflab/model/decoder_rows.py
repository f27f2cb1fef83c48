"""What each operator of a decoder stack costs, in one layer on one device."""

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
from rooflab.model.layer_fusion import TILE_COLUMNS, ChainCounts
from rooflab.model.moe import distinct_experts_count
from rooflab.model.stack import Load, Shape, Weights
from rooflab.values import Values

__all__ = [
    "ACTIVATION_BYTES",
    "LayerWork",
    "Row",
    "all_to_all_row",
    "layer_work",
    "logit_positions",
    "operator_rows",
    "vector_work",
]

ACTIVATION_BYTES = 2.0  # BF16 activations, whatever the weights are stored in
LOGIT_BYTES = 4.0


class Row(NamedTuple):
    """What one operator costs; the fields are those of Cost, in its order."""

    flop: Values = 0.0
    weight_bytes: Values = 0.0
    activation_bytes: Values = 0.0
    kv_bytes: Values = 0.0
    launches: Values = 1
    link_bytes: Values = 0.0


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

    row: Row
    cache_read: Values
    cache_append: Values
    own_causal: Values
    prompt_causal: Values
    exposed_bytes: Values
    workspace_bytes: Values


class LayerWork(NamedTuple):
    """One pass on one device, sized: what every row is counted from.

    `tokens` go through every layer and touch `experts_touched_count` of its experts. The busiest device computes as if
    every token went through `experts_computed_count` experts. `stream_bytes` are the tokens' residual stream,
    `wide_bytes` the same tokens at the MLP's width.
    """

    shape: Shape
    load: Load
    weights: Weights
    chain: ChainCounts
    device_count: int
    sizes: _Sizes
    attention: _Attention
    tokens: Values
    experts_touched_count: Values
    experts_computed_count: Values
    stream_bytes: Values
    wide_bytes: Values


class _VectorWork(NamedTuple):
    """What matrix products do on the vector units for the operators that are fused with them, in flop of one layer."""

    qkv: Values
    gate_up: Values
    down: Values


def layer_work(shape: Shape, load: Load, weights: Weights, chain: ChainCounts, *, device_count: int) -> LayerWork:
    """Return the sizes of one pass of `load` on one of `device_count` devices."""
    tokens = load.batch * load.query_tokens + load.prompt_tokens
    sizes = _sizes(shape, device_count)
    return LayerWork(
        shape=shape,
        load=load,
        weights=weights,
        chain=chain,
        device_count=device_count,
        sizes=sizes,
        attention=_attention(shape, load, sizes, tokens, device_count),
        tokens=tokens,
        experts_touched_count=distinct_experts_count(
            experts=shape.experts, experts_per_token=shape.experts_per_token, tokens=tokens
        ),
        experts_computed_count=shape.experts_per_token * (1 + weights.expert_parallel * (weights.imbalance_factor - 1)),
        stream_bytes=tokens * shape.hidden * ACTIVATION_BYTES,
        wide_bytes=tokens * sizes.ffn_width * ACTIVATION_BYTES,
    )


def vector_work(work: LayerWork) -> _VectorWork:
    """Return what matrix products compute on the vector units.

    What comes before a product in its kernel is computed again for every column of tiles.
    """
    sizes, chain, hidden = work.sizes, work.chain, work.shape.hidden
    before = work.tokens * hidden * chain.into_flop
    gated = work.experts_computed_count * work.tokens * sizes.ffn_width
    return _VectorWork(
        qkv=before * np.ceil((sizes.q_width + 2 * sizes.kv_width) / TILE_COLUMNS),
        gate_up=before * np.ceil(2 * sizes.ffn_width / TILE_COLUMNS) + gated * chain.gate_up_flop,
        down=gated * chain.down_flop * np.ceil(hidden / TILE_COLUMNS),
    )


def operator_rows(work: LayerWork, beside: _VectorWork) -> tuple[Row, ...]:
    """Return a row for each of OPERATORS."""
    norm, reduce = _norm(work), _reduce(work)
    return (
        Row(activation_bytes=2 * work.stream_bytes),
        norm,
        *_attention_rows(work, beside),
        reduce,
        norm,
        *_mlp_rows(work, beside),
        reduce,
        _head(work),
    )


def all_to_all_row(work: LayerWork) -> Row:
    """Return the row of ALL_TO_ALL: tokens are sent to their experts and back, an all-to-all each."""
    n, parallel = work.device_count, work.weights.expert_parallel
    sent = parallel * 2 * work.experts_computed_count * work.stream_bytes / n
    return Row(activation_bytes=2 * sent, launches=2 * parallel, link_bytes=sent * (n - 1) / n)


def logit_positions(load: Load) -> Values:
    """Return the positions of a sequence whose logits are needed: every draft's, or a prompt's last."""
    return 1 + load.decoding * (load.query_tokens - 1)


def _norm(work: LayerWork) -> Row:
    chain = work.chain
    return Row(
        flop=chain.norm_flop * work.tokens * work.shape.hidden,
        activation_bytes=chain.norm_streams * work.stream_bytes,
        launches=chain.norm_launches,
    )


def _reduce(work: LayerWork) -> Row:
    """Return an all-reduce. One device has nothing to reduce; what was fused with the reduction is left."""
    n, chain, values = work.device_count, work.chain, work.tokens * work.shape.hidden
    shared = 1 if n > 1 else chain.reduce_flop > 0
    return Row(
        flop=values * (n - 1) / n + values * chain.reduce_flop,
        activation_bytes=chain.reduce_streams * work.stream_bytes * shared,
        launches=chain.reduce_launches * shared,
        # With expert parallelism the two reductions of a layer are halves of one.
        link_bytes=ring_link_bytes(message_bytes=work.stream_bytes, device_count=n) * (1 - work.weights.expert_parallel / 2),
    )


def _attention_rows(work: LayerWork, beside: _VectorWork) -> tuple[Row, Row, Row, Row]:
    """Return QKV projection, RoPE, attention and output projection."""
    e, w, done, sizes = ACTIVATION_BYTES, work.weights.element_bytes, work.weights.executed_fraction, work.sizes
    tokens, stream = work.tokens, work.stream_bytes
    queries = tokens * sizes.q_width * e
    narrow = tokens * 2 * sizes.kv_width * e
    return (
        Row(
            flop=2 * done * tokens * sizes.qkv_weights + beside.qkv,
            weight_bytes=w * sizes.qkv_weights,
            activation_bytes=work.chain.into_streams * stream + queries + narrow,
        ),
        Row(
            flop=3 * tokens * (sizes.q_width + sizes.kv_width),
            activation_bytes=2 * queries + narrow,
            kv_bytes=work.attention.cache_append,
        ),
        work.attention.row,
        Row(
            flop=2 * done * tokens * sizes.o_weights,
            weight_bytes=w * sizes.o_weights,
            activation_bytes=queries + stream,
        ),
    )


def _mlp_rows(work: LayerWork, beside: _VectorWork) -> tuple[Row, Row, Row]:
    """Return gate and up projections, activation with product, and down projection, of all experts together."""
    w, done, parallel = work.weights.element_bytes, work.weights.executed_fraction, work.weights.expert_parallel
    chain, sizes, met, tokens = work.chain, work.sizes, work.experts_computed_count, work.tokens
    stream, wide = work.stream_bytes, work.wide_bytes
    # Weights that a step reads: every expert that some token chose.
    touched = work.experts_touched_count
    read = touched + parallel * (_at_least(touched, work.device_count) - touched)
    sorting = 2 * (work.shape.experts > 1)  # router and gathering of the tokens
    return (
        Row(
            flop=2 * done * met * tokens * sizes.gate_up_weights + beside.gate_up,
            weight_bytes=w * read * sizes.gate_up_weights,
            activation_bytes=met * ((chain.into_streams - chain.into_kept) * stream + chain.gate_up_wide * wide)
            + chain.into_kept * stream,
            launches=1 + sorting,
        ),
        Row(
            flop=chain.silu_flop * (met * tokens * sizes.ffn_width),
            activation_bytes=chain.silu_wide * met * wide,
            launches=chain.silu_launches,
        ),
        Row(
            flop=2 * done * met * tokens * sizes.down_weights + beside.down,
            weight_bytes=w * read * sizes.down_weights,
            activation_bytes=met * (chain.down_wide * wide + stream),
            launches=1 - chain.held_wide,
        ),
    )


def _head(work: LayerWork) -> Row:
    """Return the final norm and the head, for the positions whose logits are wanted."""
    shape, sizes = work.shape, work.sizes
    asked = work.load.batch * logit_positions(work.load)
    return Row(
        flop=2 * asked * sizes.head_weights,
        weight_bytes=work.weights.head_element_bytes * sizes.head_weights,
        activation_bytes=2 * asked * shape.hidden * ACTIVATION_BYTES
        + asked * shape.vocab / work.device_count * LOGIT_BYTES,
        launches=2,
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
        row=Row(
            flop=score_flop(scores_count=causal + eager * (square - causal), head_dim=shape.head_dim),
            activation_bytes=2 * tokens * sizes.q_width * e + eager * EAGER_SCORE_PASSES * square * e,
            kv_bytes=cache_read + eager * (expanded - cache_read),
            launches=1 + load.decoding * (1 - eager) + eager * (EAGER_KERNELS - 1),
        ),
        cache_read=cache_read,
        cache_append=tokens * 2 * sizes.kv_width * load.kv_element_bytes,
        own_causal=own_causal,
        prompt_causal=prompt_causal,
        # Copies of keys and values; scale, mask and softmax read and write the scores.
        exposed_bytes=eager * (cache_read + group_size * cache_unpacked + 6 * square * e),
        # Eager attention of one layer holds repeated keys and values and the scores twice.
        workspace_bytes=eager * (group_size * cache_unpacked + 2 * square * e),
    )


def _at_least(value: Values, least: float) -> Values:
    return np.maximum(value, least) if isinstance(value, np.ndarray) else max(value, least)
