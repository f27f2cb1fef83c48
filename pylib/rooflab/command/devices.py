"""`rooflab devices`: every known device, or the card of one."""

from __future__ import annotations

import argparse
from typing import Any

from rooflab.cards.writing import card_values, write_card
from rooflab.command.options import add_cards, add_json
from rooflab.command.reading import read_cards, read_ledger
from rooflab.errors import LabError
from rooflab.facts.devices import DEVICES, MICROCONTROLLERS, Chip, chip
from rooflab.lab.ledger.files import shown_name
from rooflab.lab.ledger.ledger import parse
from rooflab.lab.machine.derive import measured_devices
from rooflab.specs import Device
from rooflab.units import format_bytes, format_number, format_quantity

__all__ = ["add"]

_HEADER = f"{'id':28}{'memory':>9}{'bandwidth':>12}  name, dense peaks, sources; of a microcontroller the SRAM and the external bus"
_HINT = "# A device card: change what you know better, name its source, and hand it to --card. Peaks are dense, units are in the keys.\n"


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser("devices", help="list the known devices, or print one as a device card")
    command.add_argument("name", nargs="?", help="print the card of this device, by id or name; all are listed by default")
    command.add_argument("--ledger", metavar="FILE", help="list the machine that a ledger measured beside them")
    add_cards(command)
    add_json(command)
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> tuple[Any, str]:
    cards = (*read_cards(options.card), *(_measured(options.ledger) if options.ledger else ()))
    if options.name is not None:
        found = chip(options.name, cards)
        return card_values(found), _HINT + write_card(found).rstrip()
    own = {each.id for each in cards}
    records = [*cards, *(each for each in (*DEVICES, *MICROCONTROLLERS) if each.id not in own)]
    return [_figures(each) for each in records], "\n".join((_HEADER, *map(_text, records)))


def _measured(path: str) -> tuple[Device, ...]:
    """Return the machine of a ledger, one core of it and all.

    Raises:
        LabError: the ledger cannot be read, or measured none.
    """
    found = measured_devices(parse(read_ledger(path)))
    if not found:
        raise LabError(f"{shown_name(path)} has no measured machine: measure it at \"Your machine\" and export the ledger again.")
    return found


def _figures(record: Chip) -> dict[str, Any]:
    is_device = isinstance(record, Device)
    ridges = (
        {str(each): record.ridge_flop_per_byte(each) for each in record.peak_flop_per_s} if is_device and record.hbm_bytes_per_s else {}
    )
    return {
        "id": record.id,
        "name": record.name,
        "kind": "device" if is_device else "microcontroller",
        "memory_bytes": record.hbm_bytes if is_device else record.sram_bytes,
        "bytes_per_s": record.hbm_bytes_per_s if is_device else record.external_bytes_per_s,
        "peak_flop_per_s": {str(name): peak for name, peak in record.peak_flop_per_s.items()} if is_device else record.peak_flop_per_s,
        "ridge_flop_per_byte": ridges,
        "sources": [{"name": each.name, "confidence": str(each.confidence), "url": each.url} for each in record.sources],
    }


def _text(record: Chip) -> str:
    """Return three lines: what it is with its memory, its peaks with their ridge points, and its sources."""
    figures, is_device = _figures(record), isinstance(record, Device)
    size, rate = ("hbm_bytes", "hbm_bytes_per_s") if is_device else ("sram_bytes", "external_bytes_per_s")
    memory = _beside(record, size, format_bytes(figures["memory_bytes"])) if figures["memory_bytes"] else "-"
    bandwidth = _beside(record, rate, format_quantity(figures["bytes_per_s"], "B/s")) if figures["bytes_per_s"] else "-"
    peaks = figures["peak_flop_per_s"]
    if is_device:
        ridges = figures["ridge_flop_per_byte"]
        words = ", ".join(
            f"{name} {format_quantity(peak, 'FLOP/s')}" + (f" (ridge {format_number(ridges[name])})" if name in ridges else "")
            for name, peak in peaks.items()
        )
    else:
        words = f"int8 {format_quantity(peaks, 'FLOP/s')}" if peaks else "no published peak"
    if peaks:
        words = _beside(record, "peak_flop_per_s", words)
    sources = "; ".join(each.beside(each.name) for each in record.sources)
    return f"{record.id:28}{memory:>9} {bandwidth:>11}  {record.name}\n    {words}\n    {sources}"


def _beside(record: Chip, name: str, figure: str) -> str:
    return record.source_of(name).beside(figure)
