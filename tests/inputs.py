"""The small inputs of `tests/inputs`, one for each kind of fault; the tests of the page and of the command line use both.

`HANDED_IN` lists what a class may hand in: the file, its fault, and what is right. `made` adds those whose names
neither git nor every system can hold. The other files there are ledgers of older or other versions.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["HANDED_IN", "INPUTS", "HandedIn", "class_of", "made", "not_utf_8"]

INPUTS = Path(__file__).parent / "inputs"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file, its fault, how many ledgers are read from it, and else the words of the refusal or none if passed over."""

    name: str
    fault: str
    ledgers: int
    words: str = ""


HANDED_IN = (
    HandedIn("utf-8-mark.json", "begins with a UTF-8 mark, as Notepad writes it", 1),
    HandedIn("utf-16-le-mark.json", "is UTF-16, as PowerShell 5.1 writes it", 1),
    HandedIn("utf-16-be-mark.json", "is UTF-16, big end first", 1),
    HandedIn("utf-16-le.json", "is UTF-16 without a mark", 1),
    HandedIn("utf-16-be.json", "is UTF-16 without a mark, big end first", 1),
    HandedIn("LEDGER.JSON", "is named in capitals", 1),
    HandedIn("extension-hidden.json.txt", "has an extension that Windows hid", 1),
    HandedIn("downloaded-twice.json (1)", "was numbered by a browser", 1),
    HandedIn("no-extension", "has no extension", 1),
    HandedIn("one-ledger.zip", "is a zip", 1),
    HandedIn("macos.zip", "is a zip with what macOS leaves in it", 1),
    HandedIn("nested.zip", "is a zip in a zip", 1),
    HandedIn("backslashes.zip", "is a zip whose names have backslashes", 1),
    HandedIn("nested-twice.zip", "is a zip in a zip in a zip", 0, "Unpack it"),
    HandedIn("password.zip", "is locked", 0, "locked with a password"),
    HandedIn("damaged.zip", "is a zip that was cut off", 0, "damaged or cut off"),
    HandedIn("damaged-member.zip", "is a zip with a changed byte", 0, "damaged or cut off"),
    HandedIn("empty.zip", "is a zip of nothing", 0, "zip is empty"),
    HandedIn("office.docx", "is a document", 0, "Office document"),
    HandedIn("cut-off.json", "is a ledger cut off", 0, "may be cut off"),
    HandedIn("cut-off-utf-16.json", "is UTF-16 cut off within a character", 0, "damaged or cut off"),
    HandedIn("empty.json", "is empty", 0, "This file is empty"),
    HandedIn("zero-bytes.json", "was never copied", 0, "not copied whole"),
    HandedIn("picture.json", "is a picture", 0, "a PNG picture, not text"),
    HandedIn("web-page.json", "is the page of a sign-in", 0, "is a web page"),
    HandedIn("rich-text.json", "was saved by a word processor", 0, "word processor"),
    HandedIn("windows-1252.json", "is in the encoding of old Windows", 0, "save it as UTF-8"),
    HandedIn("notes.txt", "is no JSON", 0, "text, but not a ledger"),
    HandedIn("other.json", "is another program's JSON", 0, "not a Rooflab ledger"),
)
LEFTOVERS = (".DS_Store", "Thumbs.db", "desktop.ini", "~$ledger.json", "._ledger.json", "__MACOSX/._ledger.json")


def made(folder: Path) -> int:
    """Make the files that a repository cannot hold; return how many of them hold a ledger."""
    for name in LEFTOVERS:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"\x00\x00\x00\x01Bud1")
    if sys.platform == "win32":
        return 0
    (folder / "two\nlines.json").write_text(another("two-lines"), encoding="utf-8")
    return 1


def not_utf_8(folder: Path) -> Path:
    """Make a ledger whose name is not UTF-8, which no browser is known to hand over."""
    path = Path(os.fsdecode(bytes(folder) + b"/m\xfcller.json"))
    path.write_text(another("not-utf-8"), encoding="utf-8")
    return path


def another(session: str) -> str:
    """Return the text of a small ledger of another session, which counts as changed outside the lab."""
    document = json.loads((INPUTS / "schema-1.json").read_text(encoding="utf-8"))
    return json.dumps(document | {"session": session})


def class_of(count: int, folder: Path) -> tuple[int, int, int]:
    """Make a class of ledgers in nested folders with every odd file; return how many count, are refused, passed over."""
    for number in range(count):
        place = folder / f"group {number % 7}" / f"week {number % 3}" / f"learner {number}"
        place.mkdir(parents=True)
        (place / "ledger.json").write_text(another(f"learner-{number}"), encoding="utf-8")
    odd = folder / "odd"
    odd.mkdir()
    for each in HANDED_IN:
        (odd / each.name).write_bytes((INPUTS / each.name).read_bytes())
    more = made(odd)
    refused = sum(each.ledgers == 0 for each in HANDED_IN)
    in_zip = 2  # what macOS left in its zip
    return count + sum(each.ledgers for each in HANDED_IN) + more, refused, len(LEFTOVERS) + in_zip
