"""The text of a file, whatever program wrote it: UTF-8, UTF-16 or UTF-32, with or without a mark."""

from __future__ import annotations

from rooflab.errors import LedgerUnreadable

__all__ = ["ENCODINGS", "decode", "format_words"]

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),  # before UTF-16, whose mark it begins with
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
ENCODINGS = tuple(encoding for _, encoding in _MARKS)
_FORMATS = (
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (4, b"ftyp", "a film, or a photograph of a phone"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a zip archive"),
    (0, b"PK\x05\x06", "an empty zip archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ", "an xz archive"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\xd0\xcf\x11\xe0", "an Office document"),
    (0, b"{\\rtf", "a word processor's document (RTF)"),
    (0, b"bplist", "a property list"),
    (0, b"SQLite format", "a database"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ\x90", "a program"),
)
_PAGES = ("<!doctype", "<html")


def decode(data: bytes) -> str:
    """Return the text that the bytes of a file hold.

    Without a mark, JSON tells its encoding by where the zero bytes among the first four are: its first two
    characters are ASCII. What is neither is UTF-8.

    Raises:
        LedgerUnreadable: it is not text, in words that name what it is.
    """
    encoding, skipped = _encoding(data)
    if not data[skipped:].strip(b"\x00"):
        raise LedgerUnreadable("This file holds only zero bytes, so it was not copied whole." if data else "This file is empty.")
    if words := format_words(data):
        raise LedgerUnreadable(words)
    try:
        text = data[skipped:].decode(encoding)
    except UnicodeDecodeError as error:
        raise LedgerUnreadable(_undecodable(data[skipped : skipped + error.start], encoding)) from None
    if text.lstrip()[:9].lower().startswith(_PAGES):
        raise LedgerUnreadable("This file is a web page. Download the file itself, not the page that shows it.")
    return text


def _encoding(data: bytes) -> tuple[str, int]:
    """Return the encoding and how many bytes its mark takes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    zeros = [byte == 0 for byte in data[:4]]
    unmarked = {
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
    }
    return unmarked.get(tuple(zeros), "utf-8"), 0


def format_words(data: bytes) -> str:
    """Say what a file is whose first bytes are those of a known format; nothing where they are of none."""
    return next((f"This file is {what}, not text." for at, begin, what in _FORMATS if data.startswith(begin, at)), "")


def _undecodable(before: bytes, encoding: str) -> str:
    if encoding != "utf-8":
        return f"This file is {encoding[:6].upper()} text that is damaged or cut off."
    if b"\x00" in before:
        return "This file is not text."
    line = before.count(b"\n") + 1
    return f"This file is not UTF-8 or UTF-16 text, from line {line} on. If it is text, save it as UTF-8."
