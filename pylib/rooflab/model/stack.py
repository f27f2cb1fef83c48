"""A decoder stack: its operators and dimensions, and the load and weights of one pass."""

from dataclasses import dataclass
from typing import NamedTuple

from rooflab.errors import ModelError
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
    """The dimensions of one language model; each may be an array, with a model for each design."""

    layers: Values
    hidden: Values
    heads: Values
    kv_heads: Values
    head_dim: Values
    ffn: Values
    vocab: Values
    experts: Values
    experts_per_token: Values
    params_count: Values
    max_context_tokens: Values

    @property
    def group_size(self) -> Values:
        """Query heads that share one KV head."""
        return self.heads // self.kv_heads


class Load(NamedTuple):
    """The load of one pass.

    `batch` sequences have `query_tokens` new tokens each, of which `useful_tokens` stay (all but
    refused drafts), and the last of them sees `context_tokens` keys. `prompt_tokens` tokens of new
    prompts, each `prompt_length` long, ride along in the same kernels. `decoding` and `eager` are 1
    or 0: one position after another with a split-and-combine kernel, and attention with repeated
    KV heads, stored scores and the full square of them.
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
