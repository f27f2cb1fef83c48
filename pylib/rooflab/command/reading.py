"""What the command line reads: JSON, rows, a ledger, or a class of files and folders."""

from __future__ import annotations

import glob
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from rooflab.cards.reading import LARGEST_CARD, read_card
from rooflab.errors import BadCard, LabError, LedgerError
from rooflab.facts.devices import Chip
from rooflab.lab.ledger.files import Intake, only_ledger, read_limit_bytes, shown_name
from rooflab.lab.ledger.texts import decode
from rooflab.measured.rows import check_rows, published_rows

__all__ = ["read_cards", "read_class", "read_json", "read_ledger", "read_rows", "read_text"]

LARGEST_JSON_BYTES = 64_000_000
_LARGEST_CARD_BYTES = 4 * LARGEST_CARD  # a character takes at most four
_HEAD_BYTES = 4


def read_json(path: str) -> Any:
    """Return the JSON at `path`, or of standard input for `-`.

    Raises:
        LabError: it cannot be read, is larger than 64 MB, or is no JSON.
    """
    text = read_text(path, LARGEST_JSON_BYTES)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LabError(f"{shown_name(path)} is not JSON: {error}.") from error


def read_cards(paths: Iterable[str]) -> tuple[Chip, ...]:
    """Return the devices that the cards at these paths describe.

    Raises:
        LabError: one cannot be read, is larger than a card may be, or has the id of another.
        BadCard: one is no card; the message begins with its path.
    """
    found: dict[str, Chip] = {}
    for path in paths:
        text = read_text(path, _LARGEST_CARD_BYTES)
        try:
            card = read_card(text)
        except BadCard as error:
            raise BadCard(f"{shown_name(path)}: {error}") from error
        if card.id in found:
            raise BadCard(f"{shown_name(path)}: another card has the id {card.id!r} too.")
        found[card.id] = card
    return tuple(found.values())


def read_rows(path: str | None) -> list[dict[str, Any]]:
    """Return the rows of measurements at `path`, or without one those that ship with the package.

    Raises:
        LabError: as `read_json`; `RowError` if they are no such rows.
    """
    return published_rows() if path is None else check_rows(read_json(path))


def read_ledger(path: str) -> str:
    """Return the text of the one ledger at `path`, a zip and a pattern that one file matches included."""
    data = _read(path, read_limit_bytes)
    try:
        return only_ledger(Path(path).name, data)
    except LedgerError as error:
        raise LedgerError(f"{shown_name(path)} cannot be read. {error}") from error


def read_class(paths: Iterable[str]) -> Intake:
    """Read ledgers, zips, folders with all that they hold, and patterns that a shell did not expand."""
    intake, asked = Intake(), tuple(paths)
    for given in asked:
        for path in _matches(given):
            if path == "-":
                intake.take("standard input", _read("-", read_limit_bytes))
            elif Path(path).is_dir():
                for each in _walk(path, intake):
                    _take(each, intake, in_folder=True)
            else:
                _take(path, intake, in_folder=False)
    if intake.file_count == 0:
        raise LedgerError(f"No file was found in {', '.join(map(shown_name, asked))}.")
    return intake


def read_text(path: str, limit_bytes: int) -> str:
    """Return the text at `path`, or of standard input for `-`, in any encoding that `decode` knows.

    Raises:
        LabError: it cannot be read, is not text, or is larger than the limit; pipes and devices count as they come.
    """
    data = _read(path, lambda _head: limit_bytes)
    if len(data) > limit_bytes:
        raise LabError(f"{shown_name(path)} is larger than {limit_bytes / 1e6:g} MB, more than is read.")
    try:
        return decode(data)
    except LedgerError as error:
        raise LabError(f"{shown_name(path)} cannot be read. {error}") from error


def _take(path: str, intake: Intake, *, in_folder: bool) -> None:
    try:
        if in_folder and not stat.S_ISREG(Path(path).stat().st_mode):
            return intake.refuse(path, "This is a pipe or a device, not a file.")
        with Path(path).open("rb") as file:
            return intake.take(path, _read_from(file, read_limit_bytes))
    except OSError as error:
        return intake.refuse(path, f"The file cannot be read: {_reason(error)}.")


def _walk(folder: str, intake: Intake) -> Iterator[str]:
    """Yield every file below a folder in order, linked folders once: a link may lead back up."""

    def refuse(error: OSError) -> None:
        intake.refuse(str(error.filename), f"The folder cannot be read: {_reason(error)}.")

    seen = set()
    for root, folders, names in os.walk(folder, followlinks=True, onerror=refuse):
        here = Path(root).stat()
        if (here.st_dev, here.st_ino) in seen:
            folders.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        folders.sort()
        yield from (str(Path(root) / name) for name in sorted(names))


def _matches(given: str) -> list[str]:
    """Return the paths that are meant: Windows' shells hand patterns on, and quotes do so in every shell."""
    if given == "-" or os.path.lexists(given):
        return [given]
    if not glob.has_magic(given):
        raise LedgerError(f"There is no {shown_name(given)}.")
    found = sorted(glob.glob(given, recursive=True, include_hidden=True))
    if not found:
        raise LedgerError(f"No file matches {shown_name(given)}.")
    return found


def _read(path: str, limit_of) -> bytes:
    """Read one file or standard input, at most one byte more than the limit, which may depend on its first bytes."""
    try:
        if path == "-":
            return _read_from(_standard_input(), limit_of)
        if glob.has_magic(path):
            path, *others = _matches(path)
            if others:
                raise LedgerError(f"{len(others) + 1} files match, and one is read: give its name.")
        with Path(path).open("rb") as file:
            return _read_from(file, limit_of)
    except OSError as error:
        raise LabError(f"{shown_name(path)} cannot be read: {_reason(error)}.") from error
    except ValueError as error:  # a zero byte in a path
        if isinstance(error, LabError):
            raise
        raise LabError(f"{shown_name(path)} is not the name of a file.") from error


def _read_from(file: BinaryIO, limit_of) -> bytes:
    data = file.read(_HEAD_BYTES)
    return data + file.read(limit_of(data) + 1 - len(data))


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise LabError("There is no standard input to read.")
    return sys.stdin.buffer


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
