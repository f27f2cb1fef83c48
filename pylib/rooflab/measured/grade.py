"""How far predictions are from measurements: coverage, median and 90th percentile by topic."""

import math
from dataclasses import dataclass
from typing import Any

from rooflab.measured.rows import RowError, is_quantity

__all__ = ["Grade", "errors_by_id", "grade"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """The absolute relative errors of one topic, or of all of them."""

    topic: str
    rows: int
    predicted: int
    median_fraction: float
    p90_fraction: float

    @property
    def coverage_fraction(self) -> float:
        """Share of the graded rows that have a prediction."""
        return self.predicted / self.rows if self.rows else 1.0


def errors_by_id(predictions: Any, rows: list[dict[str, Any]]) -> dict[str, float | None]:
    """Return |predicted / measured - 1| of every graded row; None where nothing was predicted.

    Raises:
        RowError: the predictions are no object, or a graded row has no measured value.
    """
    if not isinstance(predictions, dict):
        raise RowError('Predictions are an object {"id": value, ...}; got none.')
    errors: dict[str, float | None] = {}
    for row in rows:
        if not row.get("graded", True):
            continue
        measured = row.get("measured")
        if not is_quantity(measured):
            raise RowError(f"Row {row['id']!r} is graded and needs a measured value above 0.")
        value = predictions.get(row["id"])
        errors[row["id"]] = abs(value / measured - 1) if is_quantity(value) else None
    return errors


def grade(predictions: Any, rows: list[dict[str, Any]]) -> tuple[Grade, ...]:
    """Return a grade for each topic in the order of the rows, and one for all as the last."""
    errors = errors_by_id(predictions, rows)
    topics: dict[str, list[float | None]] = {}
    for row in rows:
        if row["id"] in errors:
            topics.setdefault(row["topic"], []).append(errors[row["id"]])
    groups = [*topics.items(), ("all", list(errors.values()))]
    return tuple(_grade(topic, values) for topic, values in groups)


def _grade(topic: str, values: list[float | None]) -> Grade:
    known = sorted(each for each in values if each is not None)
    return Grade(
        topic=topic,
        rows=len(values),
        predicted=len(known),
        median_fraction=_percentile(known, 0.5),
        p90_fraction=_percentile(known, 0.9),
    )


def _percentile(ordered: list[float], share: float) -> float:
    """Return a percentile with linear interpolation between the order statistics."""
    if not ordered:
        return math.nan
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
