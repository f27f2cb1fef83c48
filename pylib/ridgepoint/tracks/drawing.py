"""How a variant comes to its story and its tasks: draws, one after the other, until one is sound."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from ridgepoint.errors import ModelError
from ridgepoint.evaluate import best_designs
from ridgepoint.evaluate.search import Found
from ridgepoint.specs import Control, Mission

__all__ = ["first_sound", "sole_best"]

TRIES = 200

T = TypeVar("T")


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
