"""Read and write the sections of a WebAssembly module, without a look into its instructions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Import", "Module", "leb128", "length_prefixed", "locals_of", "number", "read_module", "signed_leb128", "vector", "write_module"]

MAGIC = b"\0asm\1\0\0\0"
CUSTOM, TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, ELEMENT, CODE, DATA, DATA_COUNT, TAG = range(14)
FUNCTION_KIND, TABLE_KIND, MEMORY_KIND, GLOBAL_KIND, TAG_KIND = range(5)
FUNCTION_FORM = 0x60
# Initial values of globals are one instruction with one number, then an end.
INITIAL = {0x41: "leb128", 0x42: "leb128", 0x23: "leb128", 0x43: 4, 0x44: 8, 0xD0: "leb128", 0xD2: "leb128"}
END = 0x0B


@dataclass(frozen=True, slots=True)
class Import:
    """What a module imports: of which kind, and the bytes of the whole entry and of its description."""

    kind: int
    entry: bytes
    description: bytes


@dataclass(slots=True)
class Module:
    """The sections of a module, in their order, and those of them that are lists taken apart."""

    sections: list[tuple[int, bytes]]
    types: list[bytes]
    imports: list[Import]
    functions: list[int]  # the type of each that is defined
    tables: list[bytes]
    memories: list[bytes]
    tags: list[bytes]
    globals: list[bytes]
    exports: list[bytes]
    elements: list[bytes]
    bodies: list[bytes]

    def imported(self, kind: int) -> int:
        """Return how many of a kind are imported, which come before those that are defined."""
        return sum(each.kind == kind for each in self.imports)

    def parameters(self, defined: int) -> int:
        """Return how many parameters a defined function has."""
        return _read_leb128(self.types[self.functions[defined]], 1)[0]

    def section(self, kind: int) -> bytes:
        """Return the bytes of a section, which are none where there is no such section."""
        return next((content for each, content in self.sections if each == kind), b"")


def leb128(value: int) -> bytes:
    """Return a number as WebAssembly writes sizes and indices."""
    return _leb128(value, 127)


def signed_leb128(value: int) -> bytes:
    """Return a number that is not negative as WebAssembly writes constants: the last byte has a bit for the sign."""
    return _leb128(value, 63)


def _leb128(value: int, most: int) -> bytes:
    """Write seven bits a byte, the lowest first; the last byte holds at most `most`."""
    made = bytearray()
    while value > most:
        made.append(value & 127 | 128)
        value >>= 7
    return bytes([*made, value])


def length_prefixed(content: bytes) -> bytes:
    """Return bytes behind their number."""
    return leb128(len(content)) + content


def vector(entries: Iterable[bytes]) -> bytes:
    """Return entries behind their number."""
    entries = list(entries)
    return leb128(len(entries)) + b"".join(entries)


def read_module(content: bytes) -> Module:
    """Take a module apart."""
    if not content.startswith(MAGIC):
        raise ValueError("this is no WebAssembly module")
    sections, at = [], len(MAGIC)
    while at < len(content):
        size, start = _read_leb128(content, at + 1)
        sections.append((content[at], content[start : start + size]))
        at = start + size
    found = dict(sections)
    return Module(
        sections=sections,
        types=_entries(found.get(TYPE, b"\0"), _after_type),
        imports=[_import(entry) for entry in _entries(found.get(IMPORT, b"\0"), _after_import)],
        functions=_numbers(found.get(FUNCTION, b"\0")),
        tables=_entries(found.get(TABLE, b"\0"), lambda data, at: _after_limits(data, at + 1)),
        memories=_entries(found.get(MEMORY, b"\0"), _after_limits),
        tags=_entries(found.get(TAG, b"\0"), lambda data, at: _read_leb128(data, at + 1)[1]),
        globals=_entries(found.get(GLOBAL, b"\0"), _after_global),
        exports=_entries(found.get(EXPORT, b"\0"), lambda data, at: _read_leb128(data, _after_bytes(data, at) + 1)[1]),
        elements=_elements(found.get(ELEMENT, b"\0")),
        bodies=_entries(found.get(CODE, b"\0"), _after_bytes),
    )


def number(data: bytes) -> int:
    """Return the number that bytes begin with."""
    return _read_leb128(data, 0)[0]


def locals_of(body: bytes) -> tuple[int, int]:
    """Return where the list of locals of a function begins and ends, in its entry of the code section."""
    start = _read_leb128(body, 0)[1]
    count, at = _read_leb128(body, start)
    for _ in range(count):
        at = _read_leb128(body, at)[1] + 1
    return start, at


def write_module(sections: Iterable[tuple[int, bytes]]) -> bytes:
    """Put sections together."""
    return MAGIC + b"".join(bytes([kind]) + length_prefixed(content) for kind, content in sections)


def _read_leb128(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _entries(data: bytes, after) -> list[bytes]:  # noqa: ANN001
    count, at = _read_leb128(data, 0)
    found = []
    for _ in range(count):
        end = after(data, at)
        found.append(data[at:end])
        at = end
    if at != len(data):
        raise ValueError("a section of the module holds more than its entries")
    return found


def _numbers(data: bytes) -> list[int]:
    count, at = _read_leb128(data, 0)
    found = []
    for _ in range(count):
        value, at = _read_leb128(data, at)
        found.append(value)
    return found


def _elements(data: bytes) -> list[bytes]:
    """Return the segments of a module that has one at most, as all that are linked have."""
    count, at = _read_leb128(data, 0)
    if count > 1:
        raise ValueError("the module has several element segments")
    return [data[at:]] if count else []


def _after_bytes(data: bytes, at: int) -> int:
    size, at = _read_leb128(data, at)
    return at + size


def _after_type(data: bytes, at: int) -> int:
    if data[at] != FUNCTION_FORM:
        raise ValueError(f"a type has the form {data[at]:#x}")
    at = _after_bytes(data, at + 1)  # value types are one byte each
    return _after_bytes(data, at)


def _after_limits(data: bytes, at: int) -> int:
    has_maximum = data[at] & 1
    at = _read_leb128(data, at + 1)[1]
    return _read_leb128(data, at)[1] if has_maximum else at


def _after_import(data: bytes, at: int) -> int:
    at = _after_bytes(data, _after_bytes(data, at))
    kind, at = data[at], at + 1
    if kind == FUNCTION_KIND:
        return _read_leb128(data, at)[1]
    if kind == GLOBAL_KIND:
        return at + 2
    if kind == TAG_KIND:
        return _read_leb128(data, at + 1)[1]
    return _after_limits(data, at + (kind == TABLE_KIND))


def _import(entry: bytes) -> Import:
    at = _after_bytes(entry, _after_bytes(entry, 0))
    return Import(entry[at], entry, entry[at + 1 :])


def _after_global(data: bytes, at: int) -> int:
    code, at = data[at + 2], at + 3
    size = INITIAL[code]
    at = at + size if isinstance(size, int) else _read_leb128(data, at)[1]
    if data[at] != END:
        raise ValueError("a global begins with more than one instruction")
    return at + 1
