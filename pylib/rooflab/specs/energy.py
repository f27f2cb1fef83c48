"""What operations and bytes cost in energy."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from rooflab.errors import FactError
from rooflab.specs.source import Source, Sourced

__all__ = ["EnergyCosts"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EnergyCosts(Sourced):
    """Energies of one technology, by name of the format where there are several.

    A multiply-add is a product and a sum. `wide_multiply_j` is a product of 32-bit integers;
    `system_j_per_flop` a whole chip's energy for an operation, multiply and add apart.
    """

    id: str
    name: str
    add_j: Mapping[str, float] | None = None
    multiply_j: Mapping[str, float] | None = None
    wide_multiply_j: float | None = None
    sram_8k_j_per_byte: float | None = None
    sram_32k_j_per_byte: float | None = None
    sram_1m_j_per_byte: float | None = None
    hbm_j_per_byte: float | None = None
    dram_j_per_byte: float | None = None
    weight_j_per_byte: float | None = None
    system_j_per_flop: Mapping[str, float] | None = None
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse an energy that is not positive or that no source vouches for."""
        self._check_sources()
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name in ("id", "name", "sources") or value is None:
                continue
            for number in value.values() if isinstance(value, Mapping) else (value,):
                if not 0 < number < math.inf:
                    raise FactError(f"{self.id}: {each.name} must be positive, not {number}.")
