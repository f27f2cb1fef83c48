"""What each operator of a decoder stack costs, in one layer on one device."""

from typing import NamedTuple

import numpy as np

from rooflab.model.attention import (
    EAGER_KERNELS,
    EAGER_SCORE_PASSES,
    causal_scores_count,
    expanded_kv_bytes,
)
from rooflab.model.collective import ring_link_bytes
from rooflab.model.layer_fusion import TILE_COLUMNS, ChainCounts
from rooflab.model.moe import mean_experts_count
from rooflab.model.stack import Load, Shape, Weights
from rooflab.values import Values

__all__ = [
    "ACTIVATION_BYTES",
    "PRODUCTS",
    "LayerWork",
    "Row",
    "all_to_all_row",
    "layer_work",
    "logit_positions",
    "operator_rows",
    "tile_counts",
    "vector_work",
]

ACTIVATION_BYTES = 2.0  # BF16 activations, whatever the weights are stored in
LOGIT_BYTES = 4.0
PRODUCTS = ("qkv", "o_proj", "gate_up", "down", "lm_head")
"""The operators that are matrix products."""
_TILE = 128  # rows and columns of the output that one multiprocessor computes at a time


class Row(NamedTuple):
    """What one operator costs; the fields are those of Cost, in its order."""

    flop: Values = 0.0
    weight_bytes: Values = 0.0
    activation_bytes: Values = 0.0
    kv_bytes: Values = 0.0
    launches: Values = 1
    link_bytes: Values = 0.0


class _Sizes(NamedTuple):
    """Columns and weights of one layer's products on one device, and of the head.

    `cache_width` is what a token adds to the cache. `gate_up_weights` and `down_weights` are those of one expert,
    `always_up_weights` and `always_down_weights` of what every token meets beside the experts, whose rows have
    `always_width`.
    """

    q_width: Values
    cache_width: Values
    ffn_width: Values
    always_width: Values
    qkv_weights: Values
    o_weights: Values
    gate_up_weights: Values
    down_weights: Values
    always_up_weights: Values
    always_down_weights: Values
    head_weights: Values


class _Attention(NamedTuple):
    """What attention does in one layer on one device."""

    row: Row
    cache_read: Values
    cache_append: Values
    own_flop: Values
    own_causal: Values
    prompt_causal: Values
    exposed_bytes: Values
    workspace_bytes: Values


class LayerWork(NamedTuple):
    """One pass on one device, sized: what every row is counted from.

    `tokens` go through every layer, of which `attending_tokens` attend on this device, and touch
    `experts_touched_count` of its experts. The busiest device computes as if every token went through
    `experts_computed_count` experts. `stream_bytes` are the tokens' residual stream.
    """

    shape: Shape
    load: Load
    weights: Weights
    chain: ChainCounts
    device_count: int
    sizes: _Sizes
    attention: _Attention
    tokens: Values
    attending_tokens: Values
    experts_touched_count: Values
    experts_computed_count: Values
    stream_bytes: Values


class _VectorWork(NamedTuple):
    """What matrix products do on the vector units for the operators that are fused with them, in flop of one layer."""

    qkv: Values
    gate_up: Values
    down: Values


def layer_work(shape: Shape, load: Load, weights: Weights, chain: ChainCounts, *, device_count: int) -> LayerWork:
    """Return the sizes of one pass of `load` on one of `device_count` devices."""
    tokens = load.batch * load.query_tokens + load.prompt_tokens
    sizes = _sizes(shape, load, device_count)
    computed = 1 + weights.expert_parallel * (weights.imbalance_factor - 1)
    return LayerWork(
        shape=shape,
        load=load,
        weights=weights,
        chain=chain,
        device_count=device_count,
        sizes=sizes,
        attention=_attention(shape, load, sizes, device_count),
        tokens=tokens,
        attending_tokens=tokens / _sequence_share(load, device_count),
        experts_touched_count=shape.expert_fraction
        * mean_experts_count(
            experts=shape.experts,
            experts_per_token=shape.experts_per_token,
            tokens=load.batch * load.query_tokens,
            prompt_tokens=load.prompt_tokens,
            prompt_length=load.prompt_length,
        ),
        experts_computed_count=shape.expert_fraction * shape.experts_per_token * computed,
        stream_bytes=tokens * shape.hidden * ACTIVATION_BYTES,
    )


def vector_work(work: LayerWork) -> _VectorWork:
    """Return what matrix products compute on the vector units.

    What comes before a product in its kernel is computed again for every column of tiles.
    """
    sizes, chain, hidden = work.sizes, work.chain, work.shape.hidden
    before = work.tokens * hidden * chain.into_flop
    gated = work.experts_computed_count * work.tokens * sizes.ffn_width
    return _VectorWork(
        qkv=before * np.ceil((sizes.q_width + sizes.cache_width) / TILE_COLUMNS),
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


def tile_counts(work: LayerWork) -> tuple[Values, ...]:
    """Return the tiles of the output of each of PRODUCTS; every expert that is met has tiles of its own."""
    sizes, hidden, touched = work.sizes, work.shape.hidden, work.experts_touched_count
    attending, tokens = work.attending_tokens, work.tokens
    # Tokens of one expert; a dense model is one expert that all tokens meet.
    each = tokens * work.experts_computed_count / _at_least(touched, 1e-9)
    gates, always = 2 * work.shape.gate_fraction, work.shape.always_width > 0
    return (
        _tiles(attending, sizes.q_width + sizes.cache_width),
        _tiles(attending, hidden),
        touched * _tiles(each, gates * sizes.ffn_width) + always * _tiles(tokens, gates * sizes.always_width),
        touched * _tiles(each, hidden) + always * _tiles(tokens, hidden),
        _tiles(work.load.batch * logit_positions(work.load), work.shape.vocab / work.device_count),
    )


def _tiles(rows: Values, columns: Values) -> Values:
    """Return the tiles of an output, broken ones as they are: one row more must not hide more than it adds."""
    return _at_least(rows / _TILE, 1) * _at_least(columns / _TILE, 1)


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
    # Expert parallelism and attention by sequences both leave a layer one reduction, of which each operator has half.
    halved = np.maximum(work.weights.expert_parallel, work.load.data_parallel)
    shared = 1 if n > 1 else chain.reduce_flop > 0
    return Row(
        flop=values * (n - 1) / n + values * chain.reduce_flop,
        activation_bytes=chain.reduce_streams * work.stream_bytes * shared,
        launches=chain.reduce_launches * shared,
        link_bytes=ring_link_bytes(message_bytes=work.stream_bytes, device_count=n) * (1 - halved / 2),
    )


def _attention_rows(work: LayerWork, beside: _VectorWork) -> tuple[Row, Row, Row, Row]:
    """Return QKV projection, RoPE, attention and output projection."""
    e, w, done, sizes = ACTIVATION_BYTES, work.weights.element_bytes, work.weights.executed_fraction, work.sizes
    tokens = work.attending_tokens
    stream = tokens * work.shape.hidden * e
    queries = tokens * sizes.q_width * e
    narrow = tokens * sizes.cache_width * e
    return (
        Row(
            flop=2 * done * tokens * sizes.qkv_weights + beside.qkv,
            weight_bytes=w * sizes.qkv_weights,
            activation_bytes=work.chain.into_streams * stream + queries + narrow,
            launches=work.shape.projection_kernels,
        ),
        Row(
            flop=3 * tokens * (sizes.q_width + sizes.cache_width / 2),
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
    gates = work.shape.gate_fraction
    stream = work.stream_bytes
    wide = tokens * (met * sizes.ffn_width + sizes.always_width) * ACTIVATION_BYTES
    # Weights that a step reads: every expert that some token chose.
    touched = work.experts_touched_count
    read = touched + parallel * (_at_least(touched, work.device_count) - touched)
    mixed = work.shape.experts > 1
    sorting = 2 * mixed  # router and gathering of the tokens
    shared = mixed * (work.shape.always_width > 0)  # shared experts have kernels of their own
    return (
        Row(
            flop=2 * done * tokens * (met * sizes.gate_up_weights + sizes.always_up_weights) + beside.gate_up,
            weight_bytes=w * (read * sizes.gate_up_weights + sizes.always_up_weights),
            activation_bytes=_at_least(met, 1) * (chain.into_streams - chain.into_kept) * stream
            + gates * chain.gate_up_wide * wide
            + chain.into_kept * stream,
            launches=1 + sorting + shared,
        ),
        Row(
            flop=chain.silu_flop * (wide / ACTIVATION_BYTES),
            activation_bytes=gates * chain.silu_wide * wide,
            launches=chain.silu_launches + shared,
        ),
        Row(
            flop=2 * done * tokens * (met * sizes.down_weights + sizes.always_down_weights) + beside.down,
            weight_bytes=w * (read * sizes.down_weights + sizes.always_down_weights),
            activation_bytes=chain.down_wide * wide + _at_least(met, 1) * stream,
            launches=1 - chain.held_wide + shared,
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


def _sequence_share(load: Load, n: int) -> Values:
    """Return among how many devices the sequences are divided, rather than the heads of each."""
    return 1 + load.data_parallel * (n - 1)


def _sizes(shape: Shape, load: Load, n: int) -> _Sizes:
    hidden, ffn = shape.hidden, shape.ffn
    among = n / _sequence_share(load, n)  # devices that share the heads of a sequence
    replicas = _at_least(among / shape.kv_groups, 1)
    q_width = shape.heads * shape.query_dim / among
    gates = 2 * shape.gate_fraction
    # Projections of keys and values come with every copy of a KV head.
    cache_width = shape.kv_groups * shape.cached_dim * replicas / among
    own = (shape.attention_params - shape.o_params) / among
    return _Sizes(
        q_width=q_width,
        cache_width=cache_width,
        ffn_width=ffn / n,
        always_width=shape.always_width / n,
        qkv_weights=own + hidden * shape.kv_groups * shape.cached_dim * (replicas - 1) / among,
        o_weights=shape.o_params / among,
        gate_up_weights=hidden * gates * ffn / n,
        down_weights=ffn / n * hidden,
        always_up_weights=shape.always_up_params / n,
        always_down_weights=shape.always_down_params / n,
        head_weights=hidden * shape.vocab / n,
    )


def _attention(shape: Shape, load: Load, sizes: _Sizes, n: int) -> _Attention:
    """Count attention: the sequences' own queries, and prompts that see half of themselves."""
    e, eager, context = ACTIVATION_BYTES, load.eager, load.context_tokens
    share = _sequence_share(load, n)
    group_size, heads = shape.group_size, shape.heads / (n / share)
    batch, prompts = load.batch / share, load.prompt_tokens / share
    tokens = batch * load.query_tokens + prompts
    seen = shape.seen_tokens(context)
    keys = batch * seen + prompts
    cache_read = keys * sizes.cache_width * load.kv_element_bytes
    cache_unpacked = keys * sizes.cache_width * e
    prompt = _at_least(load.prompt_length, 1)
    prompt_causal = heads * prompts * (_mean_layer_scores(shape, prompt, prompt) / prompt)
    own_causal = batch * heads * _mean_layer_scores(shape, load.query_tokens, context)
    causal = own_causal + prompt_causal
    square = batch * heads * load.query_tokens * context + heads * prompts * load.prompt_length
    expanded = expanded_kv_bytes(
        kv_bytes=cache_read, unpacked_kv_bytes=cache_unpacked, group_size=group_size
    )
    own_flop = shape.prefill_score_flop + load.decoding * (shape.decode_score_flop - shape.prefill_score_flop)
    return _Attention(
        row=Row(
            flop=own_flop * (own_causal + eager * (square - causal)) + shape.prefill_score_flop * prompt_causal,
            activation_bytes=2 * tokens * sizes.q_width * e + eager * EAGER_SCORE_PASSES * square * e,
            kv_bytes=cache_read * (1 + load.ungrouped * (group_size - 1)) + eager * (expanded - cache_read),
            launches=1 + load.decoding * (1 - eager) + eager * (EAGER_KERNELS - 1),
        ),
        cache_read=cache_read,
        cache_append=tokens * sizes.cache_width * load.kv_element_bytes,
        own_flop=own_flop,
        own_causal=own_causal,
        prompt_causal=prompt_causal,
        # Copies of keys and values; scale, mask and softmax read and write the scores.
        exposed_bytes=eager * (cache_read + group_size * cache_unpacked + 6 * square * e),
        # Eager attention of one layer holds repeated keys and values and the scores twice.
        workspace_bytes=eager * (group_size * cache_unpacked + 2 * square * e),
    )


def _mean_layer_scores(shape: Shape, query_tokens: Values, context_tokens: Values) -> Values:
    """Return the scores of one head that a causal mask keeps in the mean layer.

    In a windowed layer a query sees `window_tokens` keys once there are more: what lies before them is the causal
    triangle that would begin as many tokens later.
    """
    all_keys = causal_scores_count(query_tokens, context_tokens)
    beyond = _at_least(context_tokens - shape.window_tokens, 0)
    late = np.minimum(query_tokens, beyond)  # queries that no longer see everything
    hidden = late * (beyond - (late - 1) / 2)
    return all_keys - shape.windowed_fraction * hidden


def _at_least(value: Values, least: float) -> Values:
    return np.maximum(value, least) if isinstance(value, np.ndarray) else max(value, least)
