"""A device card as text, to the record that it describes. A card that is wrong is refused in one sentence."""

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from typing import Any

from rooflab.cards.figures import FIGURES, RIDGES, figures_of
from rooflab.cards.sources import read_sources
from rooflab.cards.values import LONGEST_NAME, listed, number, shown, table, words
from rooflab.errors import BadCard, FactError
from rooflab.facts.devices import Chip, chip
from rooflab.specs import Device, MemoryLevel, Microcontroller, Precision

__all__ = ["KINDS", "LARGEST_CARD", "SCHEMA", "read_card"]

SCHEMA = 1
LARGEST_CARD = 64_000  # characters
_LONGEST_LINE = 4_000  # in TOML, whose reader takes a time that grows with the square of a dotted key
KINDS: dict[str, type[Device] | type[Microcontroller]] = {"device": Device, "microcontroller": Microcontroller}
_ABOUT = ("schema", "kind", "id", "name", "replaces", "sources")
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MOST_LEVELS = 32


def read_card(text: str) -> Chip:
    """Return the device or microcontroller that a card describes, in TOML or JSON.

    Raises:
        BadCard: it is neither, lacks a figure or a source, or has a figure in another unit than its key says.
    """
    values = _parsed(text)
    if values.get("schema") != SCHEMA or isinstance(values["schema"], bool):
        raise BadCard(f"A device card says schema = {SCHEMA}; this one says {shown(values.get('schema'))}.")
    kind = KINDS.get(kind_name) if isinstance(kind_name := values.get("kind", "device"), str) else None
    if kind is None:
        raise BadCard(f"kind must be {' or '.join(KINDS)}; it is {shown(kind_name)}.")
    known = figures_of(kind)
    for key in values:
        if key not in known and key not in _ABOUT:
            raise BadCard(f"A {kind_name} has no figure {shown(key)}; {_meant(key, known)}.")
    name = words("name", values.get("name"), LONGEST_NAME)
    own_id = _id(values, name)
    figures = {key: _figure(kind, key, values[key]) for key in known if key in values}
    if not figures or (kind is Device and "peak_flop_per_s" not in figures):
        raise BadCard(f"A {kind_name} needs at least one {'peak, as peak_flop_per_s.bf16 = 312e12' if kind is Device else 'figure'}.")
    _check_ridges(figures)
    sources = read_sources(values.get("sources"), _given(figures), own_id)
    return kind(id=own_id, name=name, sources=sources, **figures)


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LARGEST_CARD:
        raise BadCard(f"A device card has at most {LARGEST_CARD:,} characters; this one has {len(text):,}.")
    text = text.removeprefix("\N{BYTE ORDER MARK}")
    try:
        if text.lstrip().startswith("{"):
            return json.loads(text, object_pairs_hook=_once, parse_int=_whole, parse_constant=float)
        if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
            raise BadCard(f"A line of a device card in TOML has at most {_LONGEST_LINE:,} characters; one has more.")
        return tomllib.loads(text)
    except RecursionError:
        raise BadCard("The card is nested too deeply.") from None
    except BadCard:
        raise
    except ValueError as error:
        raise BadCard(f"A device card is TOML or JSON, and this is neither: {str(error)[:200]}.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadCard(f"{shown(key)} is given twice.")
        found[key] = value
    return found


def _whole(digits: str) -> int | float:
    """Read an integer; one of so many digits that Python would refuse it is infinite."""
    return int(digits) if len(digits) < 500 else float(digits)


def _figure(kind: type, key: str, value: Any) -> Any:
    if key == "memory_levels":
        return tuple(_levels(value))
    if key == "peak_flop_per_s" and kind is Device:
        return dict(_peaks(value))
    return number(key, value, FIGURES[key])


def _peaks(value: Any) -> Iterable[tuple[Precision, float]]:
    if not isinstance(value, dict) or not value:
        raise BadCard(f"peak_flop_per_s is a table by precision, as in peak_flop_per_s.bf16 = 312e12; it is {shown(value)}.")
    for name, peak in value.items():
        if name not in list(Precision):
            raise BadCard(f"peak_flop_per_s has no precision {shown(name)}; {_meant(name, list(Precision))}.")
        yield Precision(name), number(f"peak_flop_per_s.{name}", peak, FIGURES["peak_flop_per_s"])


def _levels(value: Any) -> Iterable[MemoryLevel]:
    wanted = ("capacity_bytes", "bytes_per_s")
    for at, each in enumerate(listed("memory_levels", value, _MOST_LEVELS), 1):
        level = table(f"memory_levels {at}", each)
        if set(level) != set(wanted):
            raise BadCard(f"memory_levels {at} has {' and '.join(wanted)}, and nothing else; it has {shown(list(level))}.")
        yield MemoryLevel(**{key: number(f"memory_levels {at}: {key}", level[key], FIGURES[key]) for key in wanted})


def _given(figures: dict[str, Any]) -> list[str]:
    """Return the name of every figure of a card, each peak by itself."""
    return [
        part for key, value in figures.items() for part in ([f"{key}.{each}" for each in value] if isinstance(value, dict) else [key])
    ]


def _check_ridges(figures: dict[str, Any]) -> None:
    """Refuse a peak and a bandwidth of which one must be in another unit."""
    peaks, bandwidth = figures.get("peak_flop_per_s"), figures.get("hbm_bytes_per_s")
    if not isinstance(peaks, dict) or bandwidth is None:
        return
    for name, peak in peaks.items():
        ridge = peak / bandwidth
        if not RIDGES.low <= ridge <= RIDGES.high:
            raise BadCard(
                f"peak_flop_per_s.{name} over hbm_bytes_per_s is {ridge:.3g} {RIDGES.unit}, and from {RIDGES.low:g} to {RIDGES.high:g} is "
                f"plausible ({RIDGES.example}): one of them is not in FLOP/s or bytes/s."
            )


def _id(values: dict[str, Any], name: str) -> str:
    """Return the card's id, which may be that of a known device only if the card says so."""
    own = values.get("id")
    if not isinstance(own, str) or not _ID.fullmatch(own):
        raise BadCard(f"id must be small letters, digits, dots and hyphens, at most 64, as in my-laptop; it is {shown(own)}.")
    replaced = values.get("replaces")
    if replaced is not None and replaced != own:
        raise BadCard(f"replaces names the known device that the card stands for, by the card's own id {own!r}; it is {shown(replaced)}.")
    for what, text in (("id", own), ("name", name)):
        found = _known(text)
        if found is not None and found.id != replaced:
            raise BadCard(
                f"The card's {what} {text!r} is that of a known device, {found.id}; give it another, or let id and replaces both be {found.id!r}."
            )
    if replaced is not None and _known(own) is None:
        raise BadCard(f"replaces is {own!r}, and no device of that id is known; leave it out.")
    return own


def _known(text: str) -> Chip | None:
    try:
        return chip(text)
    except FactError:
        return None


def _meant(key: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(key[:64], known, n=2, cutoff=0.5)
    return f"near to it {'are' if len(near) > 1 else 'is'} {' and '.join(near)}" if near else f"there are {', '.join(known)}"
