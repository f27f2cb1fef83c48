"""A grid of designs as its axes: the few values of each field, and where each design stands among them.

Most of what follows from a design follows from two or three of its fields. Evaluated over axes that broadcast, each such
figure is found once for each pair or triple of values and not once a design.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

__all__ = ["Axes", "axes_of"]

_SAMPLE = 2048
_STRIDE = 7919  # a prime: no axis of a grid repeats with it
_MOST_VALUES = 256


@dataclass(frozen=True)
class Axes:
    """The values of each field, and the place of each design in the grid that they span.

    Attributes:
        values: the values of each field, the field with the fewest first.
        places: the place of each design in the raveled grid.
    """

    values: dict[str, np.ndarray]
    places: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each field has."""
        return tuple(map(len, self.values.values()))

    def blocks(self, most: int) -> Iterator[tuple[tuple[slice, ...], dict[str, np.ndarray]]]:
        """Yield the grid in blocks of at most so many designs: where each stands, and values that broadcast to it.

        The fields with the fewest values are cut, so that the loops over the longest axes stay long.
        """
        shape = self.shape
        cut = next(at for at in range(len(shape) + 1) if math.prod(shape[at:]) <= most)
        for index in np.ndindex(shape[:cut]):
            place = tuple(slice(each, each + 1) for each in index)
            parts = zip(self.values.items(), (*place, *(slice(None) for _ in shape[cut:])), strict=True)
            yield place, {name: _along(at, values[part], len(shape)) for at, ((name, values), part) in enumerate(parts)}


def axes_of(columns: Mapping[str, np.ndarray]) -> Axes | None:
    """Return the axes of columns of one length; None where they span more designs than there are, or nothing varies."""
    count = next((each.size for each in columns.values()), 0)
    if not count:
        return None
    found: dict[str, np.ndarray] = {}
    for name, column in columns.items():
        found[name] = _values(column)
        if len(found[name]) > _MOST_VALUES or math.prod(map(len, found.values())) > count:
            return None
    values = dict(sorted(found.items(), key=lambda each: len(each[1])))
    places = np.zeros(count, np.intp)
    for name, each in values.items():
        places *= len(each)
        places += _among(each, columns[name])
    return Axes(values=values, places=places)


def _along(axis: int, values: np.ndarray, axes_count: int) -> np.ndarray:
    return values.reshape(*(-1 if each == axis else 1 for each in range(axes_count)))


def _values(column: np.ndarray) -> np.ndarray:
    """Return the different values of a column, sorted: those of a sample, and of what is not among them."""
    values = np.unique(column[np.arange(_SAMPLE) * _STRIDE % column.size])
    if len(values) > _MOST_VALUES:
        return values
    others = column[values[_among(values, column)] != column]
    return np.union1d(values, others) if others.size else values


def _among(values: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Return the place of each entry of a column among sorted values: any where it is none of them."""
    if column.dtype.kind in "iufb":
        return np.minimum(np.searchsorted(values, column), len(values) - 1)
    places = np.zeros(column.size, np.intp)
    for place, value in enumerate(values[1:], 1):
        places[column == value] = place
    return places
