"""Language models: the shapes that their costs follow from."""

from collections.abc import Mapping
from dataclasses import dataclass

from rooflab.errors import FactError
from rooflab.specs.source import Source, Sourced

__all__ = ["Workload"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workload(Sourced):
    """A decoder-only language model: the shape that its costs follow from.

    `latent_elements` is what a layer caches of a token where keys and values are projected from
    one latent vector; `latent_params` are the parameters of such an attention. Every token
    passes through the `shared_experts` too; the first `dense_layers` have one MLP of width
    `dense_ffn` instead of experts.
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
    experts: int = 1
    experts_per_token: int = 1
    latent_elements: int | None = None
    latent_params: int | None = None
    shared_experts: int | None = None
    dense_layers: int | None = None
    dense_ffn: int | None = None
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a shape whose heads do not group."""
        self._check_sources()
        if self.heads % self.kv_heads:
            raise FactError(
                f"{self.id}: {self.heads} heads do not share {self.kv_heads} KV heads evenly."
            )

    @property
    def group_size(self) -> int:
        """Query heads that share one KV head."""
        return self.heads // self.kv_heads

    @property
    def params_count(self) -> int:
        """Parameters, from the shape; the input and output tables are both counted."""
        return self._count_params(self.experts)

    @property
    def active_params_count(self) -> int:
        """Parameters that one token uses."""
        return self._count_params(self.experts_per_token)

    def _count_params(self, experts: int) -> int:
        attention = self.latent_params
        if attention is None:
            attention = self.hidden * self.head_dim * 2 * (self.heads + self.kv_heads)
        router = self.hidden * self.experts if self.experts > 1 else 0
        met = experts + (self.shared_experts or 0)
        mixed = 3 * self.hidden * self.ffn * met + router
        dense = self.dense_layers or 0
        mlps = (self.layers - dense) * mixed + dense * 3 * self.hidden * (self.dense_ffn or 0)
        tables = 2 * self.vocab * self.hidden + self.hidden
        return self.layers * (attention + 2 * self.hidden) + mlps + tables

    def kv_bytes_per_token(self, element_bytes: float) -> float:
        """Return the bytes that one token keeps in the cache, over all layers."""
        each = self.latent_elements
        if each is None:
            each = 2 * self.kv_heads * self.head_dim
        return self.layers * each * element_bytes
