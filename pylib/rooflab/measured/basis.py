"""What a constant of the model rests on."""

from dataclasses import dataclass

__all__ = ["Basis"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a constant means, where it comes from, what it may be, and how many rows it moves.

    `rows` counts the graded rows whose prediction changes by more than 2% when the constant goes
    from one of its `ends` to the other.
    """

    name: str
    kind: str  # fitted, counted, cited or assumed
    ends: tuple[float, float]
    rows: int
    words: str
