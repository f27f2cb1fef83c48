"""Designs of a loop as columns of numbers: a word becomes its index among the choices of its field."""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from rooflab.systems.vehicle.design import LOOP_CHOICES, VehicleDesign
from rooflab.values import Words

__all__ = ["Columns", "by_word", "columns_of"]

Columns = dict[str, np.ndarray]
"""Columns of equal length, by field."""

_FIELDS = tuple(each.name for each in fields(VehicleDesign))


def columns_of(design: VehicleDesign) -> tuple[tuple[int, ...], Columns]:
    """Return the shape of a design, one or a grid, and its fields as columns."""
    values = {name: getattr(design, name) for name in _FIELDS}
    coded = {
        name: _places(value, LOOP_CHOICES[name]) if name in LOOP_CHOICES else np.asarray(value)
        for name, value in values.items()
    }
    spread = np.broadcast_arrays(*coded.values())
    return spread[0].shape, {name: value.ravel() for name, value in zip(coded, spread, strict=True)}


def by_word(columns: Columns, name: str, table: Mapping[str, float]) -> np.ndarray:
    """Return the entry of `table` for the word that each design has in a field."""
    return np.array([table[each] for each in LOOP_CHOICES[name]])[columns[name]]


def _places(value: Words, words: tuple[str, ...]) -> np.ndarray:
    if isinstance(value, str):
        return np.asarray(words.index(value))
    order = np.argsort(words)
    return order[np.searchsorted(np.array(words)[order], value)]
