"""A lock submitted before Python was there, as the page wrote it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rooflab.errors import LedgerError, LedgerUnreadable
from rooflab.lab.ledger.entries import PART_COUNT
from rooflab.lab.ledger.fields import ID_LIMIT, NAME_LIMIT, check_time

__all__ = ["EarlySubmission", "parse_early"]

ANSWER_LIMIT = 16

WidgetValue = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlySubmission:
    """What was submitted, with the widgets' raw values; their meaning is the lock view's.

    A value is None where the learner had not answered.
    """

    track: str
    part: int
    at: str
    answers: Mapping[str, tuple[WidgetValue, WidgetValue]]


def parse_early(value: object) -> EarlySubmission | None:
    """Read what the page wrote down; None where it wrote nothing.

    Raises:
        LedgerUnreadable: it is there and damaged, so the learner must be asked again.
    """
    if value is None:
        return None
    try:
        _require(isinstance(value, Mapping) and set(value) == {"track", "part", "at", "answers"})
        check_time("at", value["at"])
        _require(_is_short_text(value["track"]))
        _require(type(value["part"]) is int and 1 <= value["part"] <= PART_COUNT)
        _require(isinstance(value["answers"], Mapping) and 0 < len(value["answers"]) <= ANSWER_LIMIT)
        answers = {key: _answer(key, answer) for key, answer in value["answers"].items()}
    except LedgerError:
        raise LedgerUnreadable(
            "The prediction that was submitted while the lab was starting could not be read back. "
            "Please submit it once more."
        ) from None
    return EarlySubmission(
        track=value["track"], part=value["part"], at=value["at"], answers=MappingProxyType(answers)
    )


def _answer(key: object, answer: object) -> tuple[WidgetValue, WidgetValue]:
    _require(_is_short_text(key))
    _require(isinstance(answer, Mapping) and set(answer) == {"choice", "confidence"})
    _require(_is_widget_value(answer["choice"]) and _is_widget_value(answer["confidence"]))
    return answer["choice"], answer["confidence"]


def _is_widget_value(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, str):
        return len(value) <= 4 * NAME_LIMIT
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e6


def _is_short_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= ID_LIMIT


def _require(condition: bool) -> None:
    if not condition:
        raise LedgerError("not an early submission.")
