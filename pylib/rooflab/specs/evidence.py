"""What a reading says of the claims that a learner may make."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Bearing", "Testimony"]


class Bearing(StrEnum):
    """Which way a reading points."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    SILENT = "does not bear"


@dataclass(frozen=True, slots=True)
class Testimony:
    """What one reading shows, in a sentence with its number, and the ids of the claims that it bears on."""

    words: str
    supports: frozenset[str] = frozenset()
    contradicts: frozenset[str] = frozenset()

    def on(self, claim_id: str) -> Bearing:
        """Return which way the reading points for a claim."""
        if claim_id in self.supports:
            return Bearing.SUPPORTS
        return Bearing.CONTRADICTS if claim_id in self.contradicts else Bearing.SILENT
