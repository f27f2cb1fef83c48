"""A value of a ledger beside the one that this version derives again."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TOLERANCE_FRACTION", "Recomputed"]

TOLERANCE_FRACTION = 1e-9
"""Two values that differ by no more than this share are one value."""

Value = float | str | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed:
    """One value of an entry: as recorded, and as the model gives it now."""

    seq: int
    name: str
    recorded: Value
    recomputed: Value

    @property
    def difference_fraction(self) -> float:
        """By which share the two differ; 0 or 1 where they are no numbers."""
        if isinstance(self.recorded, float) and isinstance(self.recomputed, float):
            if self.recorded == self.recomputed:
                return 0.0
            return abs(self.recorded - self.recomputed) / max(abs(self.recorded), abs(self.recomputed))
        return float(self.recorded != self.recomputed)

    @property
    def agrees(self) -> bool:
        """Whether both are one value; of a difference that is not a number, they are not."""
        return self.difference_fraction <= TOLERANCE_FRACTION
