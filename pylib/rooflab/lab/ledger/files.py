"""Files that people hand in, sorted out: ledgers, what a system leaves beside them, and what cannot be read.

The page and the command line give names and bytes, and so count and say the same. Nothing here
touches a disk; `zipfile` is imported when the first zip comes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rooflab.errors import LedgerError, LedgerUnreadable
from rooflab.lab.ledger.ledger import SIZE_LIMIT_BYTES, read
from rooflab.lab.ledger.texts import decode, format_words

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

__all__ = [
    "FILES_LIMIT",
    "READ_LIMIT_BYTES",
    "ZIP_LIMIT_BYTES",
    "Intake",
    "Refused",
    "is_zip",
    "only_ledger",
    "passed_over_words",
    "read_limit_bytes",
    "shown_name",
]

FILES_LIMIT = 5_000
TOTAL_LIMIT_BYTES = 200_000_000
ZIP_LIMIT_BYTES = 50_000_000
READ_LIMIT_BYTES = 4 * SIZE_LIMIT_BYTES + 4
"""A ledger of the largest size in UTF-32, with its mark."""

TOO_MANY = f"At most {FILES_LIMIT:,} files of together {TOTAL_LIMIT_BYTES // 1_000_000} MB are counted at a time: choose fewer."
TOO_LARGE = f"This file is larger than {SIZE_LIMIT_BYTES // 1_000_000} MB, and a ledger is at most {SIZE_LIMIT_BYTES // 1_000_000} MB."
NOT_JSON = "This file is text, but not a ledger. Choose a file that the lab's Export made."
ZIP_TOO_LARGE = f"This zip is too large: at most {ZIP_LIMIT_BYTES // 1_000_000} MB are read. Unpack it, and choose the folder."
DAMAGED = "This zip is damaged or cut off. Download or pack it again."
ENCRYPTED = "This zip is locked with a password. Unpack it, and choose the folder."
UNKNOWN_PACKING = "This zip is packed in a way that cannot be read here. Unpack it, and choose the folder."
DOCUMENT = "This file is an Office document, not a ledger."
TOO_DEEP = "A zip within a zip within a zip is not opened. Unpack it, and choose the folder."

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENTRY_START = b"PK\x01\x02"
_LEFTOVERS = frozenset((".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", ".localized", ".directory"))
_LEFTOVER_FOLDERS = frozenset(
    ("__macosx", "@eadir", ".git", ".svn", ".trashes", ".spotlight-v100", ".fseventsd", "$recycle.bin", "system volume information")
)
_OFFICE_MEMBERS = frozenset(("[Content_Types].xml", "mimetype"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that was not counted, and why."""

    name: str
    reason: str


def shown_name(name: str) -> str:
    """Return a file's name with a replacement character for whatever cannot be printed."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)


def is_leftover(name: str) -> bool:
    """Say whether a system or a program put the file beside the learner's: nobody handed it in."""
    *folders, last = name.replace("\\", "/").split("/")
    return (
        last.lower() in _LEFTOVERS
        or last.startswith(("._", "~$", ".~lock."))
        or any(each.lower() in _LEFTOVER_FOLDERS for each in folders)
    )


def is_zip(head: bytes) -> bool:
    """Say whether a file that begins with these bytes is a zip."""
    return head.startswith(_ZIP_STARTS)


def read_limit_bytes(head: bytes) -> int:
    """Return how many bytes of a file to read, one more than which means that it is too large."""
    return ZIP_LIMIT_BYTES if is_zip(head) else READ_LIMIT_BYTES


@dataclass(slots=True)
class Intake:
    """What was handed in, sorted as it comes: the texts of possible ledgers by name, and the rest."""

    texts: dict[str, str] = field(default_factory=dict)
    passed_over: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    size_bytes: int = 0
    unpacked_bytes: int = 0

    def take(self, name: str, data: bytes) -> None:
        """Take one file, of which no more than `read_limit_bytes` and one byte need be given."""
        self._take(shown_name(name), data, depth=0)

    def refuse(self, name: str, reason: str) -> None:
        """Note a file that could not be had at all."""
        self.refused.append(Refused(name=shown_name(name), reason=reason))

    def ledgers(self) -> Iterator[tuple[str, str]]:
        """Yield names and texts, in the order of the names: how the files came must not change what is said."""
        yield from sorted(self.texts.items())

    @property
    def file_count(self) -> int:
        """Return how many files were handed in, a zip counting as what it holds."""
        return len(self.texts) + len(self.passed_over) + len(self.refused)

    def _take(self, name: str, data: bytes, depth: int) -> None:
        if is_leftover(name):
            self.passed_over.append(name)
        elif is_zip(data):
            self._open(name, data, depth)
        else:
            self._keep(name, data)

    def _keep(self, name: str, data: bytes) -> None:
        if self.is_full(len(data)):
            return self.refuse(name, TOO_MANY)
        if len(data) > READ_LIMIT_BYTES:
            return self.refuse(name, format_words(data) or TOO_LARGE)
        try:
            text = decode(data)
        except LedgerUnreadable as error:
            return self.refuse(name, str(error))
        if len(text) > SIZE_LIMIT_BYTES:
            return self.refuse(name, TOO_LARGE)
        if not text.lstrip().startswith(("{", "[")):
            return self.refuse(name, NOT_JSON)
        self.texts[self._unused(name)] = text
        self.size_bytes += len(data)
        return None

    def is_full(self, more_bytes: int = 1) -> bool:
        """Say whether no file of that size can be taken any more."""
        taken_bytes = max(self.size_bytes, self.unpacked_bytes)
        return len(self.texts) >= FILES_LIMIT or taken_bytes + more_bytes > TOTAL_LIMIT_BYTES

    def _unused(self, name: str) -> str:
        """Return the name, numbered where another file has it."""
        number, made = 2, name
        while made in self.texts:
            number, made = number + 1, f"{name} ({number})"
        return made

    def _open(self, name: str, data: bytes, depth: int) -> None:
        if len(data) > ZIP_LIMIT_BYTES:
            return self.refuse(name, ZIP_TOO_LARGE)
        if depth > 1:
            return self.refuse(name, TOO_DEEP)
        if data.count(_ENTRY_START) > 4 * FILES_LIMIT:
            return self.refuse(name, TOO_MANY)
        import zipfile  # not in the browser's memory until a zip comes

        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except _broken():
            return self.refuse(name, DAMAGED)
        return self._unpack(name, archive, depth)

    def _unpack(self, name: str, archive: ZipFile, depth: int) -> None:
        members = [each for each in archive.infolist() if not each.filename.endswith(("/", "\\"))]
        if not members:
            return self.refuse(name, "This zip is empty.")
        if any(each.filename in _OFFICE_MEMBERS for each in members):
            return self.refuse(name, DOCUMENT)
        if all(each.flag_bits & 1 for each in members):
            return self.refuse(name, ENCRYPTED)
        for number, each in enumerate(members):
            if self.is_full():
                return self.refuse(f"{name} ({len(members) - number} files in it)", TOO_MANY)
            inner = f"{name}/{shown_name(_member_name(each))}"
            if is_leftover(inner):
                self.passed_over.append(inner)
            else:
                self._take_member(inner, archive, each, depth + 1)
        return None

    def _take_member(self, name: str, archive: ZipFile, member: ZipInfo, depth: int) -> None:
        if member.flag_bits & 1:
            return self.refuse(name, ENCRYPTED)
        try:
            with archive.open(member) as file:
                data = file.read(4)
                data += file.read(read_limit_bytes(data) - 3)  # up to one byte more than the limit
        except NotImplementedError:
            return self.refuse(name, UNKNOWN_PACKING)
        except _broken():
            return self.refuse(name, DAMAGED)
        self.unpacked_bytes += len(data)
        return self._take(name, data, depth)


def only_ledger(name: str, data: bytes) -> str:
    """Return the text of the one ledger in a file, which may be a zip.

    Raises:
        LedgerUnreadable: it holds none, or more than one.
    """
    intake = Intake()
    intake.take(name, data)
    texts = [text for _, text in intake.ledgers()]
    if len(texts) > 1:
        texts = [text for text in texts if _is_ledger(text)]
    if len(texts) == 1:
        return texts[0]
    if texts:
        raise LedgerUnreadable(f"{shown_name(name)} holds {len(texts)} ledgers. Choose one of them, or open all as a class.")
    if len(intake.refused) == 1:
        raise LedgerUnreadable(intake.refused[0].reason)
    raise LedgerUnreadable(f"{shown_name(name)} holds no ledger.")


def _is_ledger(text: str) -> bool:
    try:
        read(text)
    except LedgerError:
        return False
    return True


def passed_over_words(names: list[str] | tuple[str, ...]) -> str:
    """Say which files were passed over, in one line."""
    if not names:
        return ""
    kinds = sorted({each.rsplit("/", 1)[-1] for each in names})
    some = ", ".join(kinds[:4]) + (" and so on" if len(kinds) > 4 else "")
    return f"{len(names)} file{'' if len(names) == 1 else 's'} of the system passed over ({some})."


def _member_name(member: ZipInfo) -> str:
    """Return a member's name: some packers write UTF-8 without saying so, some Windows' own separators."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return name.replace("\\", "/")


def _broken() -> tuple[type[Exception], ...]:
    """Return what `zipfile` lets through when bytes are damaged."""
    import struct
    import zipfile
    import zlib

    of_lzma = (zipfile.lzma.LZMAError,) if zipfile.lzma else ()
    return (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError, *of_lzma)
