"""How well rows are met by constants that were fitted without any row of their publication."""

from dataclasses import dataclass

__all__ = ["HELD_OUT", "HeldOut"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """The errors of a group of graded rows: with all rows fitted, and each with its publication left out.

    A test fits the constants anew, one publication after the other, and compares.
    """

    name: str
    fitted_constants: int
    rows: int
    median_fraction: float
    p90_fraction: float
    unseen_median_fraction: float
    unseen_p90_fraction: float


HELD_OUT: tuple[HeldOut, ...] = (
    HeldOut(
        name="inference of language models",
        fitted_constants=11,
        rows=81,
        median_fraction=0.067,
        p90_fraction=0.170,
        unseen_median_fraction=0.075,
        unseen_p90_fraction=0.190,
    ),
    HeldOut(
        name="kernels, training and networks",
        fitted_constants=4,
        rows=44,
        median_fraction=0.041,
        p90_fraction=0.133,
        unseen_median_fraction=0.054,
        unseen_p90_fraction=0.151,
    ),
)
