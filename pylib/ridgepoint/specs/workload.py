"""Language models: the shapes that their costs follow from."""

from collections.abc import Mapping
from dataclasses import dataclass

from ridgepoint.errors import FactError
from ridgepoint.specs.source import Source, Sourced

__all__ = ["Workload"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workload(Sourced):
    """A decoder-only language model: the shape that its costs follow from."""

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
        attention = self.hidden * self.head_dim * 2 * (self.heads + self.kv_heads)
        router = self.hidden * self.experts if self.experts > 1 else 0
        mlp = 3 * self.hidden * self.ffn * experts + router
        per_layer = attention + mlp + 2 * self.hidden
        return self.layers * per_layer + 2 * self.vocab * self.hidden + self.hidden

    def kv_bytes_per_token(self, element_bytes: float) -> float:
        """Return the bytes that one token keeps in the cache, over all layers."""
        return 2 * self.layers * self.kv_heads * self.head_dim * element_bytes
