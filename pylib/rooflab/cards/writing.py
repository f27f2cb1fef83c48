"""A device or microcontroller as a card that can be saved, edited and read again."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rooflab.cards.figures import figures_of
from rooflab.cards.reading import KINDS, SCHEMA
from rooflab.facts.devices import DEVICES, MICROCONTROLLERS, Chip
from rooflab.specs import Device, MemoryLevel, Source

__all__ = ["card_values", "write_card"]

_KNOWN = {each.id for each in (*DEVICES, *MICROCONTROLLERS)}
_POWERS = (15, 12, 9, 6, 3, 0, -3, -6, -9, -12, -15, -18)


def card_values(record: Chip) -> dict[str, Any]:
    """Return the card of a record as values of JSON; of a known device it says that it replaces that."""
    about: dict[str, Any] = {"schema": SCHEMA}
    if not isinstance(record, Device):
        about["kind"] = next(name for name, kind in KINDS.items() if isinstance(record, kind))
    about |= {"id": record.id, "name": record.name}
    if record.id in _KNOWN:
        about["replaces"] = record.id
    figures = {name: _plain(getattr(record, name)) for name in figures_of(type(record))}
    sources = [_source(source, names) for source, names in record.sources.items()]
    return about | {name: value for name, value in figures.items() if value is not None} | {"sources": sources}


def write_card(record: Chip) -> str:
    """Return the card of a record in TOML: what it is, its figures, and where each comes from."""
    values = card_values(record)
    tables = {name: value for name, value in values.items() if isinstance(value, dict)}
    lists = {name: value for name, value in values.items() if isinstance(value, list)}
    blocks = ["\n".join(_lines({name: value for name, value in values.items() if name not in tables | lists}))]
    blocks += ["\n".join((f"[{name}]", *_lines(value))) for name, value in tables.items()]
    blocks += ["\n".join((f"[[{name}]]", *_lines(each))) for name, value in lists.items() for each in value]
    return "\n\n".join(blocks) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): each for name, each in value.items()}
    if isinstance(value, tuple):
        return [{"capacity_bytes": each.capacity_bytes, "bytes_per_s": each.bytes_per_s} for each in value if isinstance(each, MemoryLevel)]
    return value


def _source(source: Source, names: tuple[str, ...]) -> dict[str, Any]:
    about = {"id": source.id, "name": source.name, "kind": str(source.kind), "confidence": str(source.confidence)}
    about |= {name: text for name in ("date", "url", "note") if (text := getattr(source, name))}
    return about | {"figures": list(names)}


def _lines(values: Mapping[str, Any]) -> Iterable[str]:
    for name, value in values.items():
        text = _number(value) if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)
        yield f"{name} = {text}"


def _number(value: float) -> str:
    """Return a number in TOML, as people write it where that is exact: 312e12, not 312000000000000.0.

    >>> _number(2.039e12), _number(14.5e-12), _number(80 * 2**30), _number(15.5), _number(1 / 3e9)
    ('2.039e12', '14.5e-12', '85899345920', '15.5', '3.3333333333333335e-10')
    """
    if isinstance(value, int) or 1e-3 <= abs(value) < 1e6:
        return repr(value)
    power = next((each for each in _POWERS if abs(value) >= 10.0**each), 0)
    short = f"{value / 10.0**power:.6g}e{power}"
    return short if float(short) == value else repr(value)
