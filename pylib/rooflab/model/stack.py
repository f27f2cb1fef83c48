"""A decoder stack: its operators and dimensions, and the load and weights of one pass."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rooflab.specs import Workload
from rooflab.values import Values

__all__ = ["ALL_TO_ALL", "OPERATORS", "Load", "Operator", "Shape", "Weights", "shape_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """An operator of the stack: its name, the unit it runs on, and whether every layer has it."""

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
ALL_TO_ALL = Operator(id="all_to_all", name="All-to-all of tokens and experts", engine="link")
"""The last operator of a pass that may be expert-parallel."""


class Shape(NamedTuple):
    """The dimensions of one language model's mean layer; each may be an array, with a model for each design.

    Layers may differ (the first dense, some windowed): what they cost is divided among all of them, which keeps every
    total of bytes and flop.

    Attention: `heads` make queries of `query_dim` elements; a token leaves `kv_groups` x `cached_dim` elements in the
    cache, which `group_size` heads share. A score costs `decode_score_flop` against the cache and `prefill_score_flop`
    in a prompt: 4 d of plain heads, more where latent vectors are read as they are. `attention_params` and `o_params`
    are the weights of all its projections, and of the last, which take `projection_kernels` beside the last.
    `windowed_fraction` of the layers see `window_tokens` at
    most.

    MLP: `expert_fraction` of the layers choose `experts_per_token` of `experts`, each of width `ffn`; `always_up_params`
    and `always_down_params` are the weights that every token meets besides (shared experts, the MLP of dense layers,
    what else the model has, and with the first the routers), of `always_width` together. `gate_fraction` is 1 with a
    gate and 1/2 without.
    """

    layers: Values
    hidden: Values
    heads: Values
    group_size: Values
    kv_groups: Values
    query_dim: Values
    cached_dim: Values
    decode_score_flop: Values
    prefill_score_flop: Values
    attention_params: Values
    o_params: Values
    projection_kernels: Values
    windowed_fraction: Values
    window_tokens: Values
    ffn: Values
    gate_fraction: Values
    experts: Values
    experts_per_token: Values
    expert_fraction: Values
    always_up_params: Values
    always_down_params: Values
    always_width: Values
    vocab: Values
    table_params: Values
    params_count: Values
    max_context_tokens: Values

    def seen_tokens(self, tokens: Values) -> Values:
        """Return how many of `tokens` the mean layer sees, and keeps in the cache."""
        return tokens - self.windowed_fraction * np.maximum(tokens - self.window_tokens, 0)


class Load(NamedTuple):
    """The load of one pass.

    `batch` sequences have `query_tokens` new tokens each, of which `useful_tokens` stay (all but
    refused drafts), and the last of them sees `context_tokens` keys. `prompt_tokens` tokens of new
    prompts, each `prompt_length` long, ride along in the same kernels. `decoding`, `eager`
    and `ungrouped` are 1 or 0: one position after another with a split-and-combine kernel, attention with repeated
    KV heads, stored scores and the full square of them, and a fused kernel that reads the cache once for every query
    head. With `data_parallel` 1 each device attends for its share of the sequences, with all heads; with 0 for all
    sequences, with its share of the heads.
    """

    batch: Values
    query_tokens: Values
    useful_tokens: Values
    context_tokens: Values
    prompt_tokens: Values
    prompt_length: Values
    decoding: Values
    eager: Values
    kv_element_bytes: Values
    ungrouped: Values = 0.0
    data_parallel: Values = 0.0


class Weights(NamedTuple):
    """How the weights of the layers' products are stored and multiplied.

    `executed_fraction` of their flop are done (half, where matrix units skip two of four), and
    `kept_fraction` of them are not zero. The head is always dense, of `head_element_bytes`.
    `expert_parallel` is 1 where each expert is kept whole on one device, whose busiest then gets
    `imbalance_factor` times its share, and 0 where every expert is divided among all devices.
    """

    element_bytes: Values
    head_element_bytes: Values
    executed_fraction: Values
    kept_fraction: Values
    expert_parallel: Values
    imbalance_factor: float


# Down to the latent vectors, their norms, queries up, queries into the latent space, and values out of it.
_LATENT_KERNELS = 5


def shape_of(workload: Workload) -> Shape:
    """Return the shape of a workload's mean layer."""
    latent = workload.kv_lora_rank
    layers, dense = workload.layers, workload.dense_layers or 0
    mixed = (layers - dense) / layers
    query = value = workload.head_dim
    decode_dims = 2 * workload.head_dim
    if latent is not None:
        query, value = workload.qk_nope_head_dim + workload.qk_rope_head_dim, workload.v_head_dim
        decode_dims = workload.latent_elements + latent  # scores against the latent vector, then their sum of it
    always = mixed * workload.shared_params + (1 - mixed) * workload.dense_mlp_params + (workload.other_params or 0) / layers
    down = always / workload.ffn_matrices
    shared_width = (workload.shared_experts or 0) * (workload.shared_ffn or workload.ffn)
    return Shape(
        layers=layers,
        hidden=workload.hidden,
        heads=workload.heads,
        group_size=workload.heads if latent is not None else workload.group_size,
        kv_groups=1 if latent is not None else workload.kv_heads,
        query_dim=query,
        cached_dim=workload.latent_elements or 2 * workload.head_dim,
        decode_score_flop=2 * decode_dims,
        prefill_score_flop=2 * (query + value),
        attention_params=workload.attention_params,
        o_params=workload.heads * value * workload.hidden,
        projection_kernels=1 if latent is None else _LATENT_KERNELS,
        windowed_fraction=(workload.windowed_layers or 0) / layers,
        window_tokens=workload.sliding_window or workload.max_context_tokens,
        ffn=workload.ffn,
        gate_fraction=(workload.ffn_matrices - 1) / 2,
        experts=workload.experts,
        experts_per_token=workload.experts_per_token,
        expert_fraction=mixed,
        always_up_params=always - down + mixed * workload.router_params,
        always_down_params=down,
        always_width=mixed * shared_width + (1 - mixed) * (workload.dense_ffn or 0),
        vocab=workload.vocab,
        table_params=workload.table_params * (1 if workload.tied_embeddings else 2),
        params_count=workload.params_count,
        max_context_tokens=workload.max_context_tokens,
    )
