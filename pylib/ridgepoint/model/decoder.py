"""A tensor-parallel decoder stack: the costs of its operators in prefill and decode."""

from dataclasses import dataclass
from typing import Any, NamedTuple

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
from ridgepoint.model.layer_fusion import HELD_ROWS, TILE_COLUMNS, ChainCounts
from ridgepoint.model.moe import distinct_experts_count
from ridgepoint.specs import Workload

__all__ = [
    "EXCHANGE",
    "OPERATORS",
    "DecoderCosts",
    "Load",
    "Operator",
    "Shape",
    "Weights",
    "decoder_costs",
    "shape_of",
]

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
EXCHANGE = Operator(id="all_to_all", name="All-to-all of tokens and experts", engine="link")
"""The last operator of a pass whose experts may stand whole on single devices."""


class Shape(NamedTuple):
    """What costs follow from in one language model; each may be an array, a model for each design."""

    layers: Any
    hidden: Any
    heads: Any
    kv_heads: Any
    head_dim: Any
    ffn: Any
    vocab: Any
    experts: Any
    experts_per_token: Any
    params_count: Any
    max_context_tokens: Any

    @property
    def group_size(self) -> Any:
        """Query heads that share one KV head."""
        return self.heads // self.kv_heads


class Load(NamedTuple):
    """What one pass works on.

    `batch` sequences have `query_tokens` new tokens each, of which `useful_tokens` stay (all but
    refused drafts), and the last of them sees `context_tokens` keys. `prompt_tokens` tokens of new
    prompts, each `prompt_length` long, ride along in the same kernels. `decoding` and `eager` are 1
    or 0: one position after another with a split-and-combine kernel, and attention with repeated
    KV heads, stored scores and the full square of them.
    """

    batch: Any
    query_tokens: Any
    useful_tokens: Any
    context_tokens: Any
    prompt_tokens: Any
    prompt_length: Any
    decoding: Any
    eager: Any
    kv_element_bytes: Any


class Weights(NamedTuple):
    """How the weights of the layers' products are stored and multiplied.

    `executed_fraction` of their flop are done (half, where matrix units skip two of four), and
    `kept_fraction` of them are not zero. The head is always dense, of `head_element_bytes`. `whole`
    is 1 where each expert stands whole on one device and 0 where all devices share each; the
    busiest device then gets `imbalance_factor` times its share.
    """

    element_bytes: Any
    head_element_bytes: Any
    executed_fraction: Any
    kept_fraction: Any
    whole: Any
    imbalance_factor: float


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
    necessary_flop: Any
    necessary_weight_bytes: Any
    necessary_kv_bytes: Any
    alone_bytes: Any
    repeats: np.ndarray
    workspace_bytes: Any
    held_bytes: Any


def shape_of(workload: Workload) -> Shape:
    """Return the shape of a workload.

    Raises:
        ModelError: the workload caches latent vectors; keys and values are what is counted here.
    """
    if workload.latent_elements is not None:
        raise ModelError(
            f"{workload.name} caches latent vectors, and the decoder counts keys and values; "
            "choose a workload with KV heads, such as llama-3-70b or mixtral-8x22b."
        )
    return Shape(*(getattr(workload, name) for name in Shape._fields))


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
    n = device_count
    e = ACTIVATION_BYTES
    w = weights.element_bytes
    batch, context, decoding, eager = load.batch, load.context_tokens, load.decoding, load.eager
    heads, hidden, ffn = shape.heads, shape.hidden, shape.ffn
    d, vocab, layers = shape.head_dim, shape.vocab, shape.layers
    group_size = shape.group_size
    replicas = _at_least(n // shape.kv_heads, 1)
    kv_width = shape.kv_heads * d * replicas / n
    q_width = heads * d / n
    k = shape.experts_per_token

    own = batch * load.query_tokens  # tokens of the sequences in the batch
    tokens = own + load.prompt_tokens
    stream = tokens * hidden * e  # A: the residual stream
    wide = tokens * ffn / n * e  # F: the MLP's width
    queries = tokens * q_width * e
    keys = batch * context + load.prompt_tokens
    cache_read = keys * 2 * kv_width * load.kv_element_bytes
    cache_unpacked = keys * 2 * kv_width * e
    cache_append = tokens * 2 * kv_width * load.kv_element_bytes

    prompt_causal = heads / n * load.prompt_tokens * (load.prompt_length + 1) / 2
    prompt_square = heads / n * load.prompt_tokens * load.prompt_length
    own_causal = batch * heads / n * causal_scores_count(load.query_tokens, context)
    causal = own_causal + prompt_causal
    square = batch * heads / n * load.query_tokens * context + prompt_square
    scores = causal + eager * (square - causal)
    expanded = expanded_kv_bytes(
        kv_bytes=cache_read, unpacked_kv_bytes=cache_unpacked, group_size=group_size
    )
    attention_flop = score_flop(scores_count=scores, head_dim=d)

    qkv_weights = hidden * (q_width + 2 * kv_width)
    o_weights = q_width * hidden
    # Weights that a step reads (every expert that some token chose), and those a token meets.
    touched = distinct_experts_count(experts=shape.experts, experts_per_token=k, tokens=tokens)
    whole = weights.whole
    read = touched + whole * (_at_least(touched, n) - touched)
    met = k * (1 + whole * (weights.imbalance_factor - 1))
    mixed = shape.experts > 1
    sorted_launches = 2 * mixed  # router and gathering of the tokens
    gate_up_weights = hidden * 2 * ffn / n
    down_weights = ffn / n * hidden
    head_weights = hidden * vocab / n
    done = weights.executed_fraction

    # What stands before a product in its kernel is done again for every column of tiles.
    qkv_again = tokens * hidden * chain.into_flop * np.ceil((q_width + 2 * kv_width) / TILE_COLUMNS)
    gate_up_again = tokens * hidden * chain.into_flop * np.ceil(2 * ffn / n / TILE_COLUMNS)
    gate_up_after = met * tokens * ffn / n * chain.gate_up_flop
    down_again = met * tokens * ffn / n * chain.down_flop * np.ceil(hidden / TILE_COLUMNS)

    # One device has nothing to reduce; what was fused with the reduction is left.
    shared = 1 if n > 1 else chain.reduce_flop > 0
    reduced = ring_link_bytes(message_bytes=stream, device_count=n) * (1 - whole / 2)
    reduce = (
        tokens * hidden * (n - 1) / n + tokens * hidden * chain.reduce_flop,
        0.0,
        chain.reduce_streams * stream * shared,
        0.0,
        chain.reduce_launches * shared,
        reduced,
    )
    norm = (
        chain.norm_flop * tokens * hidden,
        0.0,
        chain.norm_streams * stream,
        0.0,
        chain.norm_launches,
        0.0,
    )

    # flop, weight bytes, activation bytes, KV bytes, launches, link bytes
    rows = (
        (0.0, 0.0, 2 * stream, 0.0, 1, 0.0),
        norm,
        (
            2 * done * tokens * qkv_weights + qkv_again,
            w * qkv_weights,
            chain.into_streams * stream + queries + tokens * 2 * kv_width * e,
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
        (2 * done * tokens * o_weights, w * o_weights, queries + stream, 0.0, 1, 0.0),
        reduce,
        norm,
        (
            2 * done * met * tokens * gate_up_weights + gate_up_again + gate_up_after,
            w * read * gate_up_weights,
            met * (chain.into_streams * stream + chain.gate_up_wide * wide),
            0.0,
            1 + sorted_launches,
            0.0,
        ),
        (
            chain.silu_flop * met * tokens * ffn / n,
            0.0,
            chain.silu_wide * met * wide,
            0.0,
            chain.silu_launches,
            0.0,
        ),
        (
            2 * done * met * tokens * down_weights + down_again,
            w * read * down_weights,
            met * (chain.down_wide * wide + stream),
            0.0,
            1 - chain.held_wide,
            0.0,
        ),
        reduce,
        (
            2 * batch * _heads_asked(load) * head_weights,
            weights.head_element_bytes * head_weights,
            2 * batch * _heads_asked(load) * hidden * e
            + batch * _heads_asked(load) * vocab / n * LOGIT_BYTES,
            0.0,
            2,
            0.0,
        ),
    )
    if exchanging:
        sent = whole * 2 * met * stream / n  # to the experts and back
        rows = (*rows, (0.0, 0.0, 2 * sent, 0.0, 2 * whole, sent * (n - 1) / n))
    repeats = [layers if each.in_layer else 1 for each in (*OPERATORS, EXCHANGE)[: len(rows)]]
    # The product of all arguments has the shape that they broadcast to.
    spread = np.shape(
        tokens * context * decoding * eager * w * load.kv_element_bytes * layers * done * whole
        * chain.norm_flop
    )  # fmt: skip
    columns = _columns(rows, repeats, spread)
    vector_flop = np.zeros(columns[0].shape)
    for place, flop in ((2, qkv_again), (8, gate_up_again + gate_up_after), (10, down_again)):
        vector_flop[place] = flop * layers

    useful = load.useful_tokens / load.query_tokens
    causal_flop = score_flop(scores_count=own_causal * useful + prompt_causal, head_dim=d)
    kept = weights.kept_fraction
    matrix_flop = (
        2
        * (batch * load.useful_tokens + load.prompt_tokens)
        * kept
        * (qkv_weights + o_weights + k * (gate_up_weights + down_weights))
        * layers
        + 2 * batch * _heads_asked(load) * useful * head_weights
    )
    matrix_weights = (
        layers * (qkv_weights + o_weights + touched * (gate_up_weights + down_weights)) * w
        + head_weights * weights.head_element_bytes
    )
    return DecoderCosts(
        executed=Cost(*columns),
        vector_flop=vector_flop,
        necessary_flop=matrix_flop + layers * causal_flop,
        necessary_weight_bytes=matrix_weights,
        necessary_kv_bytes=layers
        * (decoding * cache_read + (1 - decoding) * cache_append),
        # Copies of keys and values; scale, mask and softmax read and write the scores.
        alone_bytes=layers
        * eager
        * (cache_read + group_size * cache_unpacked + 6 * square * e),
        repeats=np.array(np.broadcast_arrays(*repeats), dtype=float),
        # Eager attention of one layer holds repeated keys and values and the scores twice.
        workspace_bytes=eager * (group_size * cache_unpacked + 2 * square * e),
        held_bytes=HELD_ROWS * e * (chain.held_streams * hidden + chain.held_wide * ffn / n),
    )


def _heads_asked(load: Load) -> Any:
    """Return the positions of a sequence whose logits are wanted: every draft's, or a prompt's last."""
    return 1 + load.decoding * (load.query_tokens - 1)


def _at_least(value: Any, least: float) -> Any:
    if isinstance(value, np.ndarray):
        return np.maximum(value, least)
    return max(value, least)


def _columns(
    rows: tuple[tuple[Any, ...], ...], repeats: list[Any], shape: tuple[int, ...]
) -> np.ndarray:
    if not shape:
        return np.array(rows, dtype=float).T * repeats
    columns = np.empty((len(rows[0]), len(rows), *shape))
    for operator, row in enumerate(rows):
        for quantity, value in enumerate(row):
            columns[quantity, operator] = np.multiply(value, repeats[operator])
    return columns
