"""How a variant comes to its story and its tasks: draws, one after the other, until one is sound."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from rooflab.analyses.search import Found, best_designs
from rooflab.errors import ModelError
from rooflab.specs import Control, Mission

__all__ = ["REPAIRED", "first_sound", "pick", "picker", "sole_best", "within"]

TRIES = 200

REPAIRED = {"reference_name": "The same system, repaired", "reference_answers": True}
"""Of a scenario whose reference is the crisis with its cause taken away."""

T = TypeVar("T")
C = TypeVar("C")


def _is_there(found: object) -> bool:
    return found is not None


def first_sound(
    draw: Callable[[int, int], T | None], variant: int, what: str, *, sound: Callable[[T], bool] = _is_there
) -> T:
    """Return the first sound one of what `draw` makes of a variant and the number of the try.

    Raises:
        ModelError: no try is sound; `what` names the thing looked for.
    """
    for attempt in range(TRIES):
        found = draw(variant, attempt)
        if found is not None and sound(found):
            return found
    raise ModelError(f"No draw of variant {variant} gives {what}; variant 0 does.")


def sole_best(
    mission: Mission, controls: Iterable[Control], *, least_count: int, most_fraction: float = 1.0
) -> Found | None:
    """Return the search of a whole space if one design is best, and enough but not too many are feasible; else None."""
    try:
        found = best_designs(mission, controls)
    except ModelError:
        return None
    fair = least_count <= found.feasible_count < most_fraction * found.designs_count
    return found if fair and len(found.best) == 1 else None


def pick(draw: float, choices: Sequence[C]) -> C:
    """Return the choice of a draw from [0, 1)."""
    return choices[int(draw * len(choices))]


def picker(variant: int, draws: Sequence[float]) -> Callable[[int, Sequence[C], C], C]:
    """Return how a variant picks: by its draw of that place among the choices; variant 0 takes the standard."""

    def picked(place: int, choices: Sequence[C], standard: C) -> C:
        return pick(draws[place], choices) if variant else standard

    return picked


def within(draw: float, bounds: tuple[float, float], digits: int = 3) -> float:
    """Return the place of a draw from [0, 1) between two bounds, with that many digits."""
    low, high = bounds
    return float(f"{low + draw * (high - low):.{digits}g}")
