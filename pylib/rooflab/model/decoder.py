"""A tensor-parallel decoder stack: the costs of its operators in prefill and decode."""

from dataclasses import dataclass

import numpy as np

from rooflab.model.cost import Cost
from rooflab.model.decoder_rows import (
    ACTIVATION_BYTES,
    LayerWork,
    Row,
    all_to_all_row,
    layer_work,
    logit_positions,
    operator_rows,
    tile_counts,
    vector_work,
)
from rooflab.model.layer_fusion import HELD_ROWS, ChainCounts
from rooflab.model.stack import ALL_TO_ALL, OPERATORS, Load, Shape, Weights
from rooflab.values import Values

__all__ = ["DecoderCosts", "decoder_costs"]

_PLACES = {each.id: place for place, each in enumerate(OPERATORS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderCosts:
    """Costs on one device of one pass through the stack, all layers, operator by operator.

    The first axis of every array is OPERATORS, and ALL_TO_ALL if it was asked for. `executed.flop` is
    what the kernels do, `vector_flop` the part of it that products do beside their matrix units, and
    `prompt_score_flop` that of attention for prompts that ride along; `tiles_count` are the tiles of the output of
    each of PRODUCTS in one layer;
    `necessary_flop` is what the causal model needs for tokens that stay; `necessary_kv_bytes` is
    the one read of the cache in decode, and the one write of it in prefill. `exposed_bytes` are what
    the kernels of eager attention move that do no arithmetic worth counting. `held_bytes` are what
    one kernel must keep on the chip for what its neighbours in the chain need of it.
    """

    executed: Cost
    vector_flop: np.ndarray
    tiles_count: np.ndarray
    prompt_score_flop: Values
    necessary_flop: Values
    necessary_weight_bytes: Values
    necessary_kv_bytes: Values
    exposed_bytes: Values
    repeats: np.ndarray
    workspace_bytes: Values
    held_bytes: Values


def decoder_costs(
    shape: Shape,
    load: Load,
    weights: Weights,
    chain: ChainCounts,
    *,
    device_count: int,
    all_to_all: bool,
) -> DecoderCosts:
    """Count one pass of `load`.

    Assumptions: Q, K and V are one product, gate and up another; RoPE writes keys and values
    straight into the cache; a fused kernel reads keys and values once (further reads of a block
    come from the L2 cache); norms are done on every device, all else is divided among them. Tokens
    choose experts uniformly and independently. Where every expert is divided among all devices
    there is no all-to-all; with expert parallelism tokens are sent to their experts and back, and
    the two reductions of a layer are halves of one. `all_to_all` adds the row for that.
    """
    layers = shape.layers
    work = layer_work(shape, load, weights, chain, device_count=device_count)
    beside = vector_work(work)
    rows = operator_rows(work, beside)
    if all_to_all:
        rows = (*rows, all_to_all_row(work))
    repeats = [layers if each.in_layer else 1 for each in (*OPERATORS, ALL_TO_ALL)[: len(rows)]]
    # The product of all arguments has the shape that they broadcast to.
    spread = np.shape(
        work.tokens * load.context_tokens * load.decoding * load.eager * weights.element_bytes
        * load.kv_element_bytes * layers * weights.executed_fraction * weights.expert_parallel * chain.norm_flop
    )  # fmt: skip
    columns = _columns(rows, repeats, spread)
    vector_flop = np.zeros(columns[0].shape)
    for name, flop in zip(beside._fields, beside, strict=True):
        vector_flop[_PLACES[name]] = flop * layers
    attention, sizes, decoding = work.attention, work.sizes, load.decoding
    return DecoderCosts(
        executed=Cost(*columns),
        vector_flop=vector_flop,
        tiles_count=np.array(np.broadcast_arrays(*tile_counts(work)), dtype=float),
        prompt_score_flop=layers * shape.prefill_score_flop * attention.prompt_causal,
        necessary_flop=_necessary_flop(work),
        necessary_weight_bytes=_necessary_weight_bytes(work),
        necessary_kv_bytes=layers
        * (decoding * attention.cache_read + (1 - decoding) * attention.cache_append),
        exposed_bytes=layers * attention.exposed_bytes,
        repeats=np.array(np.broadcast_arrays(*repeats), dtype=float),
        workspace_bytes=attention.workspace_bytes,
        held_bytes=HELD_ROWS
        * ACTIVATION_BYTES
        * (chain.held_streams * shape.hidden + chain.held_wide * sizes.ffn_width),
    )


def _necessary_weight_bytes(work: LayerWork) -> Values:
    """Return the weights of all layers and the head, of every expert that some token chose."""
    sizes, weights = work.sizes, work.weights
    return (
        work.shape.layers
        * (
            sizes.qkv_weights
            + sizes.o_weights
            + work.experts_touched_count * (sizes.gate_up_weights + sizes.down_weights)
            + sizes.always_up_weights
            + sizes.always_down_weights
        )
        * weights.element_bytes
        + sizes.head_weights * weights.head_element_bytes
    )


def _necessary_flop(work: LayerWork) -> Values:
    """Return what the causal model needs for tokens that stay and for prompts."""
    shape, load, sizes, attention = work.shape, work.load, work.sizes, work.attention
    useful = load.useful_tokens / load.query_tokens
    met = shape.expert_fraction * shape.experts_per_token
    scores_flop = attention.own_flop * attention.own_causal * useful + shape.prefill_score_flop * attention.prompt_causal
    projections = (sizes.qkv_weights + sizes.o_weights) * (work.attending_tokens / work.tokens)
    mlp = met * (sizes.gate_up_weights + sizes.down_weights) + sizes.always_up_weights + sizes.always_down_weights
    tokens = load.batch * load.useful_tokens + load.prompt_tokens
    return (
        2 * tokens * work.weights.kept_fraction * (projections + mlp) * shape.layers
        + 2 * load.batch * logit_positions(load) * useful * sizes.head_weights
        + shape.layers * scores_flop
    )


def _columns(rows: tuple[Row, ...], repeats: list[Values], shape: tuple[int, ...]) -> np.ndarray:
    """Return the rows of all layers as arrays: quantity, operator, and the shape of the design."""
    if not shape:
        return np.array(rows, dtype=float).T * repeats
    columns = np.empty((len(rows[0]), len(rows), *shape))
    for operator, row in enumerate(rows):
        for quantity, value in enumerate(row):
            columns[quantity, operator] = np.multiply(value, repeats[operator])
    return columns
