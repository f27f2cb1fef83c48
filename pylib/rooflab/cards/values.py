"""Single values of a card: numbers in their unit, words, lists and tables, and how a wrong one is shown."""

from typing import Any

from rooflab.cards.figures import Figure
from rooflab.errors import BadCard

__all__ = ["LONGEST_NAME", "LONGEST_NOTE", "listed", "number", "shown", "table", "words"]

LONGEST_NAME = 200
LONGEST_NOTE = 2000
_SHOWN = 40


def number(path: str, value: Any, figure: Figure) -> float:
    """Return a number that is plausible in the unit of its figure."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadCard(f"{path} must be a number of {figure.unit}, as {figure.example}; it is {shown(value)}.")
    if not figure.low <= value <= figure.high:
        raise BadCard(
            f"{path} is {shown(value)}, and {figure.unit} from {figure.low:g} to {figure.high:g} are expected: {figure.example}."
        )
    if figure.whole and value != int(value):
        raise BadCard(f"{path} must be a whole number of {figure.unit}; it is {shown(value)}.")
    return int(value) if figure.whole else float(value)


def words(path: str, value: Any, longest: int) -> str:
    """Return a text that can be shown: not blank, not long, and without control characters."""
    if not isinstance(value, str) or not value.strip():
        raise BadCard(f"{path} must be a text; it is {shown(value)}.")
    if len(value) > longest:
        raise BadCard(f"{path} has at most {longest} characters; this one has {len(value):,}.")
    if not value.isprintable():
        raise BadCard(f"{path} may hold no control or invisible characters; it is {shown(value)}.")
    return value


def listed(path: str, value: Any, most: int) -> list[Any]:
    """Return a list of one to `most` values."""
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise BadCard(f"{path} must be a list of 1 to {most} entries; it is {shown(value)}.")
    return value


def table(path: str, value: Any) -> dict[str, Any]:
    """Return a table of keys and values."""
    if not isinstance(value, dict):
        raise BadCard(f"{path} must be a table of keys and values; it is {shown(value)}.")
    return value


def shown(value: Any) -> str:
    """Return a value as a message shows it: short, whatever it is, and on one line."""
    if value is None:
        return "missing"
    if isinstance(value, dict | list):
        size = f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
        return f"a {'table' if isinstance(value, dict) else 'list'} of {size}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**_SHOWN:
        return f"a number of more than {_SHOWN} digits"
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= _SHOWN + 2 else f"{text[:_SHOWN]}..."
