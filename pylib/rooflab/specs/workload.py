"""Language models: the shapes that their costs follow from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rooflab.errors import FactError
from rooflab.specs.source import Source, Sourced
from rooflab.values import Values

__all__ = ["Workload"]

_LATENT = ("kv_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim")
_TOGETHER = (_LATENT, ("sliding_window", "windowed_layers"), ("dense_layers", "dense_ffn"))
_NEEDS = (("q_lora_rank", "kv_lora_rank"), ("shared_ffn", "shared_experts"))
_PARTS = (("experts_per_token", "experts"), ("windowed_layers", "layers"), ("dense_layers", "layers"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workload(Sourced):
    """A decoder-only language model: the shape that its costs follow from.

    An MLP has `ffn_matrices`, 3 with a gate and 2 without. A token passes `experts_per_token` of
    the `experts`, each an MLP of width `ffn`, and all `shared_experts`, of width `shared_ffn` if
    that is another; `dense_layers` of the layers have one MLP of width `dense_ffn` instead.

    With `kv_lora_rank`, attention is latent: a layer caches one vector of that rank and the
    rotary part of the key, and has no KV heads of its own, whatever `kv_heads` says. The query
    goes through `q_lora_rank` elements, or straight from the input if there is no such rank.

    `windowed_layers` of the layers see the last `sliding_window` tokens only, all others every
    token. `other_params` are those of the whole model that the other fields do not imply and
    every token uses (biases, norms of queries and keys, further norms, learned positions, sinks),
    `other_expert_params` those of one expert in one layer.
    """

    id: str
    name: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    vocab: int
    max_context_tokens: int
    ffn_matrices: int = 3
    tied_embeddings: bool = False
    experts: int = 1
    experts_per_token: int = 1
    shared_experts: int | None = None
    shared_ffn: int | None = None
    dense_layers: int | None = None
    dense_ffn: int | None = None
    q_lora_rank: int | None = None
    kv_lora_rank: int | None = None
    qk_rope_head_dim: int | None = None
    qk_nope_head_dim: int | None = None
    v_head_dim: int | None = None
    sliding_window: int | None = None
    windowed_layers: int | None = None
    other_params: int | None = None
    other_expert_params: int | None = None
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a shape whose heads do not group, or whose fields contradict or lack one another."""
        self._check_sources()
        if self.heads % self.kv_heads:
            raise FactError(
                f"{self.id}: {self.heads} heads do not share {self.kv_heads} KV heads evenly."
            )
        if self.ffn_matrices not in (2, 3):
            raise FactError(f"{self.id}: ffn_matrices must be 2 or 3, not {self.ffn_matrices}.")
        for names in _TOGETHER:
            if len({getattr(self, each) is None for each in names}) > 1:
                raise FactError(f"{self.id}: {' and '.join(names)} must be given together.")
        for name, other in _NEEDS:
            if getattr(self, name) is not None and getattr(self, other) is None:
                raise FactError(f"{self.id}: {name} says nothing without {other}.")
        for part, whole in _PARTS:
            few, most = getattr(self, part), getattr(self, whole)
            if few is not None and few > most:
                raise FactError(f"{self.id}: {part} is {few}, more than {whole}, {most}.")

    @property
    def group_size(self) -> int:
        """Query heads that share one KV head."""
        return self.heads // self.kv_heads

    @property
    def params_count(self) -> int:
        """Parameters, from the shape; the output table counts unless it is the input table."""
        return self._count_params(self.experts)

    @property
    def active_params_count(self) -> int:
        """Parameters that one token uses, both tables included if there are two."""
        return self._count_params(self.experts_per_token)

    @property
    def table_params(self) -> int:
        """Parameters of the input table; the output table has as many."""
        return self.vocab * self.hidden

    @property
    def attention_params(self) -> int:
        """Parameters of the attention of one layer: its projections, and the norms between latent ones."""
        if self.kv_lora_rank is None:
            return self.hidden * self.head_dim * 2 * (self.heads + self.kv_heads)
        key = self.qk_nope_head_dim + self.qk_rope_head_dim
        query = self.hidden * self.heads * key
        if self.q_lora_rank is not None:
            query = self.q_lora_rank * (self.hidden + 1 + self.heads * key)
        down = self.hidden * self.latent_elements + self.kv_lora_rank
        up = self.kv_lora_rank * self.heads * (self.qk_nope_head_dim + self.v_head_dim)
        return query + down + up + self.heads * self.v_head_dim * self.hidden

    @property
    def expert_params(self) -> int:
        """Parameters of one expert in one layer, or of the MLP of a layer that has no experts."""
        return self._mlp_params(self.ffn) + (self.other_expert_params or 0)

    @property
    def shared_params(self) -> int:
        """Parameters of all shared experts in one layer."""
        return (self.shared_experts or 0) * self._mlp_params(self.shared_ffn or self.ffn)

    @property
    def router_params(self) -> int:
        """Parameters of the router in one layer with experts."""
        return self.hidden * self.experts if self.experts > 1 else 0

    @property
    def dense_mlp_params(self) -> int:
        """Parameters of the MLP of one of the `dense_layers`."""
        return self._mlp_params(self.dense_ffn or 0)

    @property
    def latent_elements(self) -> int | None:
        """Elements of the latent vector and the rotary part of the key; None without latent attention."""
        return None if self.kv_lora_rank is None else self.kv_lora_rank + self.qk_rope_head_dim

    @property
    def cached_elements(self) -> int:
        """Elements that one layer keeps of one token: the latent vector, or keys and values."""
        return self.latent_elements or 2 * self.kv_heads * self.head_dim

    def cache_bytes(self, context_tokens: Values, element_bytes: float) -> Values:
        """Return the bytes that a sequence of `context_tokens` keeps in all layers, those with a window no more than it."""
        windowed = self.windowed_layers or 0
        seen = np.minimum(context_tokens, self.sliding_window or self.max_context_tokens)
        tokens = (self.layers - windowed) * context_tokens + windowed * seen
        return tokens * self.cached_elements * element_bytes

    def _mlp_params(self, width: int) -> int:
        return self.ffn_matrices * self.hidden * width

    def _count_params(self, experts: int) -> int:
        mixed = experts * self.expert_params + self.shared_params + self.router_params
        dense = self.dense_layers or 0
        mlps = (self.layers - dense) * mixed + dense * self.dense_mlp_params
        tables = self.table_params * (1 if self.tied_embeddings else 2)
        norms = (2 * self.layers + 1) * self.hidden
        return self.layers * self.attention_params + mlps + tables + norms + (self.other_params or 0)
