"""What if: a device with other roofs, or a guess that is right more often, on the bench and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from rooflab.errors import BadDesign
from rooflab.units import format_count, format_fraction

__all__ = ["ASSUMED", "WhatIf"]

ASSUMED = "assumed"
"""The choice of a control with which nothing is supposed."""

MOST_FACTOR = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What is supposed of a scenario beside a design; as it is made it supposes nothing.

    `acceptance_fraction` stands in the place of the share that the scenario assumes to be guessed right.
    """

    peak_factor: float = 1.0
    bandwidth_factor: float = 1.0
    acceptance_fraction: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no control supposes."""
        for each in (self.peak_factor, self.bandwidth_factor):
            if not 1 <= each <= MOST_FACTOR:
                raise BadDesign(f"What if: a factor must lie between 1 and {MOST_FACTOR:g}, not {each}.")
        if self.acceptance_fraction is not None and not 0 < self.acceptance_fraction < 1:
            raise BadDesign(f"What if: a share must lie between 0 and 1, not {self.acceptance_fraction}.")

    @property
    def words(self) -> str:
        """Say what is supposed; empty for nothing.

        >>> WhatIf(peak_factor=2.0).words
        'Rₚₑₐₖ × 2'
        >>> WhatIf(bandwidth_factor=3.0, acceptance_fraction=0.7).words
        'BWₘₑₘ × 3, 70% accepted'
        """
        supposed = []
        if self.peak_factor != 1:
            supposed.append(f"Rₚₑₐₖ × {format_count(self.peak_factor)}")
        if self.bandwidth_factor != 1:
            supposed.append(f"BWₘₑₘ × {format_count(self.bandwidth_factor)}")
        if self.acceptance_fraction is not None:
            supposed.append(f"{format_fraction(self.acceptance_fraction)} accepted")
        return ", ".join(supposed)

    def to_json(self) -> dict[str, float]:
        """Return what is supposed, by the ledger's names."""
        return {name.replace("_", "-"): getattr(self, name) for name, usual in _USUAL.items() if getattr(self, name) != usual}

    @classmethod
    def from_json(cls, data: Mapping[str, float]) -> Self:
        """Return what a ledger says was supposed.

        Raises:
            BadDesign: nothing of that name can be supposed, or not so much of it.
        """
        known = {name.replace("_", "-"): name for name in _USUAL}
        if unknown := [name for name in data if name not in known]:
            raise BadDesign(f"What if: nothing is called {unknown[0]!r}; there are {', '.join(known)}.")
        return cls(**{known[name]: float(value) for name, value in data.items()})


_USUAL = {"peak_factor": 1.0, "bandwidth_factor": 1.0, "acceptance_fraction": None}
