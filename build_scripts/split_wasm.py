"""Split a WebAssembly module in two: the functions that a start calls, and the rest, which comes later.

Both modules have all functions, under the indices that they had; one that is not in a module is a stub there, which passes
its parameters on through a table that both share. Whoever calls a function of the rest before it has come is kept waiting: the
stub first calls what is in the table's slot 0, which brings it. Tables, memories, globals, data, exports and the
function table that Python's memory points into are those of the first module alone, and the same as in the module as published.

site/js/worker/rest.js puts the two together. What it needs for that is exported under names that begin with `rest.`.
"""

from __future__ import annotations

from collections.abc import Iterable, Set

import wasm_binary
from wasm_binary import (
    CODE,
    DATA,
    DATA_COUNT,
    ELEMENT,
    EXPORT,
    FUNCTION,
    FUNCTION_FORM,
    FUNCTION_KIND,
    GLOBAL,
    GLOBAL_KIND,
    IMPORT,
    MEMORY,
    MEMORY_KIND,
    START,
    TABLE,
    TABLE_KIND,
    TAG,
    TAG_KIND,
    TYPE,
    Module,
    leb128,
    length_prefixed,
    read_module,
    signed_leb128,
    vector,
    write_module,
)

__all__ = ["PREFIX", "noting_calls", "split"]

PREFIX = "rest."
CALLED = "rest.called."
NOTHING_TO_NOTHING = bytes([FUNCTION_FORM, 0, 0])
FUNCREF, I32, MUTABLE = 0x70, 0x7F, 1
END, IF, CALL, CALL_INDIRECT = 0x0B, b"\x04\x40", b"\x10", b"\x11"
LOCAL_GET, GLOBAL_SET, TABLE_GET, CONST = b"\x20", b"\x24", b"\x25", b"\x41"
REF_IS_NULL = b"\xd1"
NO_LOCALS = b"\0"
LOADER_SLOT = 0


def noting_calls(content: bytes) -> bytes:
    """Return the module with an exported number for each of its functions, which is 1 once the function was called."""
    module = read_module(content)
    first = module.imported(GLOBAL_KIND) + len(module.globals)
    count = len(module.functions)
    noted = [bytes([I32, MUTABLE]) + CONST + b"\0" + bytes([END])] * count
    exports = [_export(f"{CALLED}{i}", GLOBAL_KIND, first + i) for i in range(count)]
    bodies = [_after_locals(body, CONST + b"\1" + GLOBAL_SET + leb128(first + i)) for i, body in enumerate(module.bodies)]
    return _with(module, {GLOBAL: vector(module.globals + noted), EXPORT: vector(module.exports + exports), CODE: vector(bodies)})


def split(content: bytes, called: Iterable[int]) -> tuple[bytes, bytes]:
    """Return the module with the bodies of the functions in `called`, by their place among those defined, and the rest."""
    module = read_module(content)
    first = sorted({*called, *_started(module)})
    wanted = set(first)
    rest = [i for i in range(len(module.functions)) if i not in wanted]
    slots = {function: slot for slot, function in enumerate([*first, *rest], LOADER_SLOT + 1)}
    return _first(module, first, rest, slots), _rest(module, wanted, rest, slots)


def _first(module: Module, first: list[int], rest: list[int], slots: dict[int, int]) -> bytes:
    table = module.imported(TABLE_KIND) + len(module.tables)
    types = module.types if NOTHING_TO_NOTHING in module.types else [*module.types, NOTHING_TO_NOTHING]
    loader_type = types.index(NOTHING_TO_NOTHING)
    ensure = len(module.functions)
    is_away = CONST + signed_leb128(len(first) + 1) + TABLE_GET + leb128(table) + REF_IS_NULL
    load = CONST + signed_leb128(LOADER_SLOT) + CALL_INDIRECT + leb128(loader_type) + leb128(table)
    guard = NO_LOCALS + is_away + IF + load + bytes([END, END])
    before = CALL + leb128(module.imported(FUNCTION_KIND) + ensure)
    bodies = list(module.bodies)
    for i in rest:
        bodies[i] = length_prefixed(_stub(module, i, slots[i], table, before))
    return _with(
        module,
        {
            TYPE: vector(types),
            FUNCTION: vector(map(leb128, [*module.functions, loader_type])),
            TABLE: vector([*module.tables, bytes([FUNCREF, 0]) + leb128(len(slots) + 1)]),
            EXPORT: vector([*module.exports, *_shared(module, table)]),
            ELEMENT: vector([*module.elements, _segment(module, table, 1, first)]),
            CODE: vector([*bodies, length_prefixed(guard)]),
        },
    )


def _rest(module: Module, wanted: Set[int], rest: list[int], slots: dict[int, int]) -> bytes:
    table = module.imported(TABLE_KIND) + len(module.tables)
    own = [
        *((TABLE_KIND, i, entry) for i, entry in enumerate(module.tables, module.imported(TABLE_KIND))),
        (TABLE_KIND, table, bytes([FUNCREF, 0]) + leb128(len(slots) + 1)),
        *((MEMORY_KIND, i, entry) for i, entry in enumerate(module.memories, module.imported(MEMORY_KIND))),
        *((GLOBAL_KIND, module.imported(GLOBAL_KIND) + i, module.globals[i][:2]) for i in range(_mutable_count(module))),
        *((TAG_KIND, i, entry) for i, entry in enumerate(module.tags, module.imported(TAG_KIND))),
    ]
    imports = [each.entry for each in module.imports]
    imports += [_name("rest") + _name(f"{PREFIX}{kind}.{i}") + bytes([kind]) + entry for kind, i, entry in own]
    bodies = [
        length_prefixed(_stub(module, i, slots[i], table, b"")) if i in wanted else body for i, body in enumerate(module.bodies)
    ]
    sections = [
        (TYPE, module.section(TYPE)),
        (IMPORT, vector(imports)),
        (FUNCTION, module.section(FUNCTION)),
        (GLOBAL, vector(module.globals[_mutable_count(module) :])),
        (ELEMENT, vector([_segment(module, table, len(wanted) + 1, rest)])),
        (CODE, vector(bodies)),
    ]
    return write_module(sections)


def _stub(module: Module, function: int, slot: int, table: int, before: bytes) -> bytes:
    """Return the body of a function that calls the one in a slot with its own parameters."""
    parameters = b"".join(LOCAL_GET + leb128(i) for i in range(module.parameters(function)))
    call = CONST + signed_leb128(slot) + CALL_INDIRECT + leb128(module.functions[function]) + leb128(table)
    return NO_LOCALS + before + parameters + call + bytes([END])


def _segment(module: Module, table: int, slot: int, functions: list[int]) -> bytes:
    """Return an element segment that puts functions into consecutive slots when its module is instantiated."""
    imported = module.imported(FUNCTION_KIND)
    place = CONST + signed_leb128(slot) + bytes([END])
    return b"\2" + leb128(table) + place + b"\0" + vector(leb128(imported + i) for i in functions)


def _shared(module: Module, table: int) -> list[bytes]:
    """Export all that is the first module's own and the rest uses."""
    tables = range(module.imported(TABLE_KIND), table + 1)
    memories = range(module.imported(MEMORY_KIND), module.imported(MEMORY_KIND) + len(module.memories))
    globals_from = module.imported(GLOBAL_KIND)
    mutable = range(globals_from, globals_from + _mutable_count(module))
    tags = range(module.imported(TAG_KIND), module.imported(TAG_KIND) + len(module.tags))
    kinds = ((TABLE_KIND, tables), (MEMORY_KIND, memories), (GLOBAL_KIND, mutable), (TAG_KIND, tags))
    made = [_export(f"{PREFIX}{kind}.{i}", kind, i) for kind, indices in kinds for i in indices]
    return [*made, _export(f"{PREFIX}table", TABLE_KIND, table)]


def _mutable_count(module: Module) -> int:
    """Return how many globals can change, which are all before those that cannot: the rest has the latter for itself."""
    mutable = [entry[1] == MUTABLE for entry in module.globals]
    count = sum(mutable)
    if any(mutable[count:]):
        raise ValueError("the globals that can change are not the first of the module")
    return count


def _started(module: Module) -> list[int]:
    """Return the function that runs when the module is instantiated, if there is one."""
    start = module.section(START)
    return [wasm_binary.number(start) - module.imported(FUNCTION_KIND)] if start else []


def _after_locals(body: bytes, added: bytes) -> bytes:
    start, end = wasm_binary.locals_of(body)
    return length_prefixed(body[start:end] + added + body[end:])


def _export(name: str, kind: int, index: int) -> bytes:
    return _name(name) + bytes([kind]) + leb128(index)


def _name(text: str) -> bytes:
    return length_prefixed(text.encode())


def _with(module: Module, changed: dict[int, bytes]) -> bytes:
    """Return the module with some sections changed, and those added that it did not have."""
    order = [TYPE, IMPORT, FUNCTION, TABLE, MEMORY, TAG, GLOBAL, EXPORT, START, ELEMENT, DATA_COUNT, CODE, DATA]
    sections = [section for section in module.sections if section[0] == 0]
    has = {kind: content for kind, content in module.sections if kind}
    return write_module([*sections, *((kind, (has | changed)[kind]) for kind in order if kind in has or kind in changed)])
