"""What several commands take: a track, a variant, a part, values of its design."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any

from rooflab.command.reading import read_cards
from rooflab.facts.devices import device
from rooflab.lab.ledger.ledger import VARIANT_LIMIT
from rooflab.lab.setting import setting
from rooflab.specs import Design, Device, Scenario
from rooflab.tracks import TRACKS

__all__ = ["add_cards", "add_device", "add_json", "add_place", "device_named", "known", "place", "read_value", "variant_number"]


def add_json(command: argparse.ArgumentParser) -> None:
    """Let a command print JSON."""
    command.add_argument("--json", action="store_true", help="print JSON")


def add_cards(command: argparse.ArgumentParser) -> None:
    """Let a command take device cards, for `device_named`."""
    command.add_argument(
        "--card", action="append", default=[], metavar="FILE", help="a device card, as `rooflab devices NAME` prints it; may be given again"
    )


def add_device(command: argparse.ArgumentParser, default: str) -> None:
    """Let a command take a device by name, of those that are known or described by a card."""
    command.add_argument("--device", default=default, help=f"id or name; {default} by default, `rooflab devices` lists them")
    add_cards(command)


def device_named(text: str, cards: Sequence[str]) -> Device:
    """Return the device of that id or name, of those in the files `cards` or of those that are known.

    Raises:
        LabError: a card cannot be read; `BadCard` if it is wrong, `FactError` if no device has that name.
    """
    return device(text, read_cards(cards))


def add_place(command: argparse.ArgumentParser) -> None:
    """Let a command take a track, a variant and a part, for `place`."""
    command.add_argument("--track", default="cloud-titan", help=known(TRACKS))
    command.add_argument("--variant", type=variant_number, default=0, help="which crisis; 0 by default")
    command.add_argument("--part", type=int, choices=(1, 2, 3), default=1, help="1, the crisis, by default")


def place(options: argparse.Namespace) -> tuple[Scenario, Design]:
    """Return the scenario of a part, and the design that it begins with."""
    found = setting(options.track, options.part, options.variant)
    return found.scenario, found.start


def variant_number(text: str) -> int:
    """Read the number of a variant, as ledgers have it."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > VARIANT_LIMIT:
        raise argparse.ArgumentTypeError(f"{text[:30]!r} is not a whole number from 0 to {VARIANT_LIMIT}")
    return int(text)


def known(records: Sequence[Any]) -> str:
    """Return the ids of records, for the help of an option that takes one."""
    return ", ".join(each.id for each in records)


def read_value(text: str, present: Any) -> Any:
    """Read a value for a field that holds `present`: digits are a number unless the field is text."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) and not isinstance(present, str) else text
