"""Checks of the fields of an entry, which come from an untrusted place: each refuses what does not fit, in plain words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rooflab.errors import LedgerError

__all__ = [
    "DIGEST",
    "FIGURE_LIMIT",
    "ID_LIMIT",
    "NAME_LIMIT",
    "SAFE_INTEGER",
    "UNWRITABLE",
    "Limits",
    "check_bool",
    "check_count",
    "check_id",
    "check_id_or_none",
    "check_one_of",
    "check_text",
    "check_time",
    "set_number",
    "set_numbers",
    "shown",
]

ID_LIMIT = 64
NAME_LIMIT = 120
FIGURE_LIMIT = 64

# 2**53 - 1: beyond it a neighbour that reads JSON in JavaScript gets another number.
SAFE_INTEGER = 9007199254740991

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# Controls other than tab and newline, and lone surrogates, which no file can hold.
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,6})?(?:Z|\+00:00)")


def check_time(name: str, value: object) -> None:
    """Refuse what is not a UTC time in ISO 8601.

    Only the form and the ranges are looked at: a clock that was wrong is still a record.
    """
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match:
        _, month, day, hour, minute, second = map(int, match.groups())
        if 1 <= month <= 12 and 1 <= day <= 31 and hour <= 23 and minute <= 59 and second <= 60:
            return
    raise LedgerError(f"{name} must be a UTC time such as 2026-11-02T09:30:00Z, not {shown(value)}.")


def check_id(name: str, value: object) -> None:
    """Refuse what is not a short name of lower-case letters, digits and '-_.'."""
    if not isinstance(value, str) or len(value) > ID_LIMIT or not _ID.fullmatch(value):
        raise LedgerError(
            f"{name} must be a short name of lower-case letters, digits and '-_.', not {shown(value)}."
        )


def check_id_or_none(name: str, value: object) -> None:
    """Refuse what is neither such a name nor empty."""
    if value != "":
        check_id(name, value)


def check_one_of(name: str, value: object, offered: tuple[str, ...]) -> None:
    """Refuse what is not offered."""
    if not isinstance(value, str) or value not in offered:
        raise LedgerError(f"{name} must be one of {', '.join(offered)}, not {shown(value)}.")


def check_count(name: str, value: object, *, least: int = 0, most: int = SAFE_INTEGER) -> None:
    """Refuse what is not a whole number between two ends."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise LedgerError(f"{name} must be a whole number from {least} to {most}, not {shown(value)}.")


def check_bool(name: str, value: object) -> None:
    """Refuse what is not true or false."""
    if not isinstance(value, bool):
        raise LedgerError(f"{name} must be true or false, not {shown(value)}.")


def check_text(name: str, value: object, *, limit: int, empty: bool = True) -> None:
    """Refuse what is not text, is too long, or cannot be written."""
    if not isinstance(value, str):
        raise LedgerError(f"{name} must be text, not {shown(value)}.")
    if len(value) > limit:
        raise LedgerError(f"{name} has {len(value)} characters; at most {limit} fit.")
    if UNWRITABLE.search(value):
        raise LedgerError(f"{name} holds a control character or half a character.")
    if not empty and not value:
        raise LedgerError(f"{name} must not be empty.")


def set_number(entry: object, name: str, *, least: float = -math.inf, most: float = math.inf) -> None:
    """Make a field of an entry a float between two ends, or refuse it."""
    value = float(_number(name, getattr(entry, name)))
    if not least <= value <= most:
        raise LedgerError(f"{name} must lie between {least} and {most}, not {shown(value)}.")
    object.__setattr__(entry, name, value)


def set_numbers(entry: object, name: str) -> None:
    """Make a field of an entry a mapping of floats that nobody can change, or refuse it."""
    given = getattr(entry, name)
    if not isinstance(given, Mapping) or len(given) > FIGURE_LIMIT:
        raise LedgerError(f"{name} must be an object of at most {FIGURE_LIMIT} numbers.")
    for each in given:
        check_id(f"a name in {name}", each)
    numbers = {each: float(_number(each, value)) for each, value in given.items()}
    object.__setattr__(entry, name, MappingProxyType(numbers))


def _number(name: str, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise LedgerError(f"{name} must be a number, not {shown(value)}.")
    if isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise LedgerError(f"{name} must be at most 2**53 - 1, so that every reader sees the same number.")
        return int(value)
    if not math.isfinite(value):
        raise LedgerError(f"{name} must be finite, not {shown(value)}.")
    return float(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a JSON value inside an entry may hold; `key` checks the names in its objects."""

    what: str
    depth: int
    nodes: int
    text: int
    key: Callable[[str, object], None]

    def freeze(self, value: object) -> object:
        """Return a JSON value that nobody can change, or refuse what JSON cannot carry."""
        return self._frozen(value, depth=0, budget=[self.nodes])

    def _frozen(self, value: object, *, depth: int, budget: list[int]) -> object:
        budget[0] -= 1
        if depth > self.depth or budget[0] < 0:
            raise LedgerError(f"{self.what} may hold {self.nodes} values, nested {self.depth} deep.")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            check_text(f"a value of {self.what}", value, limit=self.text)
            return str(value)
        if isinstance(value, (int, float)):
            return _number(f"a value of {self.what}", value)
        if isinstance(value, Mapping):
            for key in value:
                self.key(f"a key of {self.what}", key)
            return MappingProxyType(
                {key: self._frozen(item, depth=depth + 1, budget=budget) for key, item in value.items()}
            )
        if isinstance(value, (list, tuple)):
            if _are_finite(value) and depth < self.depth and len(value) <= budget[0]:
                budget[0] -= len(value)
                return tuple(value)
            return tuple(self._frozen(item, depth=depth + 1, budget=budget) for item in value)
        raise LedgerError(f"{self.what} holds plain JSON values, not {shown(value)}.")


def _are_finite(listed: list[object] | tuple[object, ...]) -> bool:
    """Say whether a list holds finite floats alone, as a series of samples does: there are thousands in a ledger."""
    return set(map(type, listed)) == {float} and all(map(math.isfinite, listed))


def shown(value: object) -> str:
    """Show a value in a message: a type for containers, else 40 harmless characters at most."""
    if isinstance(value, (Mapping, list, tuple, set)):
        return f"a {type(value).__name__}"
    text = re.sub("[<>&]", "?", ascii(value))
    return text if len(text) <= 40 else f"{text[:37]}..."
