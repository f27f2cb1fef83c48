"""What is asked of a node that serves a language model."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from rooflab.errors import FactError
from rooflab.specs.source import Source, Sourced

__all__ = ["Service"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Service(Sourced):
    """What is asked of a node, and how its serving engine keeps the cache.

    Each finished request is replaced by a new one of `prompt_tokens`, which writes `output_tokens`;
    a contiguous cache keeps room for `longest_tokens` of every sequence, a paged one for whole
    pages of `page_tokens`, and its kernel takes `paged_read_factor` times as long to read them. A
    drafted token is accepted with the chance `acceptance_fraction`. Where experts stand whole on
    GPUs, the busiest has `imbalance_factor` times the mean load. Matrix units that skip two of
    four reach `sparse_rate_fraction` of twice their dense rate.
    """

    id: str
    name: str
    prompt_tokens: int
    output_tokens: int
    longest_tokens: int
    page_tokens: int
    paged_read_factor: float
    acceptance_fraction: float
    imbalance_factor: float
    sparse_rate_fraction: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a share outside (0, 1], a factor below 1, and a request longer than the longest."""
        self._check_sources()
        self._check_shares()
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.endswith("_factor") and not value >= 1:
                raise FactError(f"{self.id}: {each.name} must be at least 1, not {value}.")
        if self.prompt_tokens + self.output_tokens > self.longest_tokens:
            raise FactError(f"{self.id}: a request of {self.prompt_tokens} + {self.output_tokens} tokens is too long.")

    @property
    def mean_tokens(self) -> int:
        """What a sequence has in the cache on average: the prompt and half of the output."""
        return self.prompt_tokens + self.output_tokens // 2
