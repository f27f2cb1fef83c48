"""Writes WebAssembly text: functions, loops and the few expressions that the kernels share."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["LANE_BYTES", "Madd", "add", "advance", "constant", "fused", "function", "get", "load", "loop", "names", "product", "separate", "splat", "store", "store_one", "sum_of"]

LANE_BYTES = 16
"""Bytes of one vector: four float32."""

Madd = Callable[[str, str, str], str]
"""Writes x * m + a for four lanes."""


def separate(x: str, m: str, a: str) -> str:
    """Write a multiplication and an addition: plain SIMD has nothing else."""
    return f"(f32x4.add (f32x4.mul {x} {m}) {a})"


def fused(x: str, m: str, a: str) -> str:
    """Write one fused multiply-add of relaxed SIMD."""
    return f"(f32x4.relaxed_madd {x} {m} {a})"


def function(name: str, parameters: str, body: Iterable[str], *, result: str = "", variables: str = "", exported: bool = True) -> str:
    """Write a function; `parameters` and `variables` are words such as `a:i32 s:f32`, `result` is a type."""
    head = [f"(func ${name}"]
    if exported:
        head.append(f'(export "{name}")')
    head += [f"(param ${each} {kind})" for each, kind in _typed(parameters)]
    head += [f"(result {result})"] if result else []
    locals_ = " ".join(f"(local ${each} {kind})" for each, kind in _typed(variables))
    return "\n".join([" ".join(head), *_indented([locals_] if locals_ else []), *_indented(body)]) + ")"


def loop(label: str, body: Iterable[str], again: str) -> str:
    """Write a loop that runs at least once, and again while the expression `again` is not zero."""
    return "\n".join([f"(loop ${label}", *_indented(body), f"  (br_if ${label} {again}))"])


def get(name: str) -> str:
    """Read a variable."""
    return f"(local.get ${name})"


def constant(value: int) -> str:
    """Write a whole number."""
    return f"(i32.const {value})"


def add(left: str, right: str) -> str:
    """Add two whole numbers."""
    return f"(i32.add {left} {right})"


def product(left: str, right: str) -> str:
    """Multiply two whole numbers."""
    return f"(i32.mul {left} {right})"


def advance(name: str, by: int | str) -> str:
    """Move a pointer on by so many bytes, or by what an expression gives."""
    return f"(local.set ${name} {add(get(name), constant(by) if isinstance(by, int) else by)})"


def load(pointer: str, offset: int = 0) -> str:
    """Read four lanes."""
    return f"(v128.load{_at(offset)} {get(pointer)})"


def splat(pointer: str, offset: int = 0) -> str:
    """Read one number into all four lanes."""
    return f"(v128.load32_splat{_at(offset)} {get(pointer)})"


def store(pointer: str, value: str, offset: int = 0) -> str:
    """Write four lanes."""
    return f"(v128.store{_at(offset)} {get(pointer)} {value})"


def store_one(pointer: str, value: str, offset: int = 0) -> str:
    """Write one number."""
    return f"(f32.store{_at(offset)} {get(pointer)} {value})"


def names(letter: str, count: int) -> list[str]:
    """Name so many variables: x0, x1, ..."""
    return [f"{letter}{number}" for number in range(count)]


def sum_of(parts: list[str], kind: str) -> str:
    """Add expressions of one type, such as f32x4."""
    total, *rest = parts
    for each in rest:
        total = f"({kind}.add {total} {each})"
    return total


def _at(offset: int) -> str:
    return f" offset={offset}" if offset else ""


def _typed(words: str) -> list[list[str]]:
    return [word.split(":") for word in words.split()]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for each in lines for line in each.splitlines()]
