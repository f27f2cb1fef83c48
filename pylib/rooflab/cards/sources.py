"""The sources of a card: each figure is listed under one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rooflab.cards.values import LONGEST_NAME, LONGEST_NOTE, listed, shown, table, words
from rooflab.errors import BadCard, FactError
from rooflab.specs import Confidence, Source, SourceKind

__all__ = ["read_sources"]

_MOST_SOURCES = 64
_MOST_FIGURES = 64
_KEYS = ("name", "kind", "figures", "id", "confidence", "date", "url", "note")


def read_sources(entries: Any, given: Sequence[str], card_id: str) -> dict[Source, tuple[str, ...]]:
    """Return the sources of a card with the fields that each vouches for; `given` are the figures that need one.

    Raises:
        BadCard: a source is malformed, names a figure that is not given, or a figure has none.
    """
    found: dict[Source, tuple[str, ...]] = {}
    vouched: list[str] = []
    for at, entry in enumerate(listed("sources", entries, _MOST_SOURCES) if entries is not None else (), 1):
        source, figures = _read(f"sources {at}", table(f"sources {at}", entry), given, f"{card_id}-{at}")
        if source.id in {each.id for each in found}:
            raise BadCard(f"sources {at} has the id {source.id!r} of another source.")
        vouched += figures
        found[source] = tuple(dict.fromkeys(each.partition(".")[0] for each in figures))
    for each in given:
        if each not in vouched:
            raise BadCard(f"{each} names no source: list it in the figures of a source, as of kind \"{SourceKind.OWN}\".")
    return found


def _read(path: str, entry: dict[str, Any], given: Sequence[str], own_id: str) -> tuple[Source, list[str]]:
    for key in entry:
        if key not in _KEYS:
            raise BadCard(f"{path} has no {shown(key)}; there are {', '.join(_KEYS)}.")
    kind = _choice(f"{path}: kind", entry.get("kind"), SourceKind)
    default = Confidence.ASSUMED if kind is SourceKind.ASSUMPTION else Confidence.PRIMARY
    confidence = _choice(f"{path}: confidence", entry.get("confidence", default), Confidence)
    figures = _figures(path, entry.get("figures"), given)
    when = entry.get("date", "")
    try:
        source = Source(
            id=words(f"{path}: id", entry.get("id", own_id), LONGEST_NAME),
            name=words(f"{path}: name", entry.get("name"), LONGEST_NAME),
            kind=kind,
            confidence=confidence,
            date=when.isoformat() if isinstance(when, date) else _optional(f"{path}: date", when),
            url=_optional(f"{path}: url", entry.get("url", "")),
            note=_optional(f"{path}: note", entry.get("note", "")),
        )
    except FactError as error:
        raise BadCard(str(error)) from error
    return source, figures


def _optional(path: str, value: Any) -> str:
    return "" if value == "" else words(path, value, LONGEST_NOTE)


def _choice(path: str, value: Any, kinds: Any) -> Any:
    if not isinstance(value, str) or value not in list(kinds):
        raise BadCard(f"{path} must be one of {', '.join(kinds)}; it is {shown(value)}.")
    return kinds(value)


def _figures(path: str, names: Any, given: Sequence[str]) -> list[str]:
    """Return the figures that a source vouches for; the name of a table stands for all in it."""
    found: list[str] = []
    for name in listed(f"{path}: figures", names, _MOST_FIGURES):
        named = [each for each in given if isinstance(name, str) and (each == name or each.startswith(f"{name}."))]
        if not named:
            raise BadCard(f"{path} vouches for {shown(name)}, which the card does not give.")
        found += named
    return found
