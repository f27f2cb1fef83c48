"""Rows of published measurements: read, checked, and grouped."""

import json
import math
from pathlib import Path
from typing import Any

from rooflab.errors import ModelError

__all__ = ["RowError", "check_rows", "inputs_of", "is_number", "is_quantity", "published_rows"]

# Inputs that are words or objects; all others are numbers.
_WORDS = {
    "denominator",
    "implementation",
    "kernel",
    "launch_mode",
    "numerator",
    "of",
    "precision",
    "weight_precision",
}
_FILES = ("measured_tune.json", "measured_tune_2.json")
_NEEDED = ("id", "topic", "quantity", "inputs")


class RowError(ModelError):
    """A row of measurements lacks what a prediction or a grade needs."""


def published_rows() -> list[dict[str, Any]]:
    """Return the rows that ship with the package."""
    here = Path(__file__)
    files = [json.loads(here.with_name(name).read_text(encoding="utf-8")) for name in _FILES]
    return check_rows({"schema": 1, "rows": [row for each in files for row in each["rows"]]})


def check_rows(data: Any) -> list[dict[str, Any]]:
    """Return the rows of `data`, `{"schema": 1, "rows": [...]}`.

    Raises:
        RowError: `data` is something else, or a row has no id, topic, quantity or inputs.
    """
    if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
        raise RowError('Rows are read from an object {"schema": 1, "rows": [...]}; got none.')
    if data.get("schema") != 1:
        raise RowError(f"Rows of schema 1 are read; got schema {data.get('schema')!r}.")
    seen = set()
    for place, row in enumerate(data["rows"]):
        if not isinstance(row, dict):
            raise RowError(f"Row {place} is no object but {type(row).__name__}.")
        if missing := [name for name in _NEEDED if name not in row]:
            raise RowError(f"Row {row.get('id', place)!r} lacks {', '.join(missing)}.")
        if not isinstance(row["id"], str) or row["id"] in seen:
            raise RowError(f"Row {place} needs an id of its own; got {row['id']!r}.")
        for name in ("topic", "quantity"):
            if not isinstance(row[name], str):
                raise RowError(f"Row {row['id']!r}: {name} must be a text; got {row[name]!r}.")
        if not isinstance(row["inputs"], dict):
            raise RowError(f"Row {row['id']!r}: inputs must be an object.")
        seen.add(row["id"])
    return data["rows"]


def inputs_of(inputs: dict[str, Any], *names: str) -> tuple[Any, ...]:
    """Return the inputs of those names, all of which must be known.

    Raises:
        RowError: one is absent, null or no number; the message names it and what there is.
    """
    for name in names:
        if inputs.get(name) is None:
            known = sorted(each for each in inputs if inputs[each] is not None)
            raise RowError(f"The inputs lack {name}; they have {', '.join(known) or 'none'}.")
        if name not in _WORDS and not is_number(inputs[name]):
            raise RowError(f"The input {name} must be a number; got {inputs[name]!r}.")
    return tuple(inputs[name] for name in names)


def is_quantity(value: Any) -> bool:
    """Return whether a value is a number above zero that a float can hold."""
    return is_number(value) and value > 0


def is_number(value: Any) -> bool:
    """Return whether a value is a number that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number of hundreds of digits
        return False
