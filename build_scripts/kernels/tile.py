"""A tile of 4 x 8 sums that stays in registers: eight vectors, for which a step of k reads twelve numbers."""

from __future__ import annotations

from collections.abc import Callable

from kernels.wat import LANE_BYTES, Madd, advance, get, load, splat, store

__all__ = ["COLUMNS", "ROWS", "cleared", "kept", "multiplied", "started", "sums"]

ROWS, COLUMNS = 4, 8
HALVES = 2
TILE = [(f"s{row}{half}", row, half) for row in range(ROWS) for half in range(HALVES)]


def sums() -> str:
    """Name the variables of the tile."""
    return " ".join(f"{each}:v128" for each in [*(name for name, _, _ in TILE), "va", "b0", "b1"])


def cleared() -> list[str]:
    """Begin with zeros."""
    return [f"(local.set ${name} (v128.const i32x4 0 0 0 0))" for name, _, _ in TILE]


def multiplied(madd: Madd, rows: list[tuple[str, int]], columns: str) -> list[str]:
    """Take one step of k: the number at each of four places, pointer and offset, times the eight at `columns`."""
    lines = [f"(local.set $b{half} {load(columns, half * LANE_BYTES)})" for half in range(HALVES)]
    for row, (pointer, offset) in enumerate(rows):
        lines.append(f"(local.set $va {splat(pointer, offset)})")
        lines += [f"(local.set $s{row}{half} {madd(get('va'), get(f'b{half}'), get(f's{row}{half}'))})" for half in range(HALVES)]
    return lines


def started(pointer: str, row: str) -> list[str]:
    """Begin with what C has; the pointer ends below the tile."""
    return _by_rows(pointer, row, lambda name, offset: f"(local.set ${name} {load(pointer, offset)})")


def kept(pointer: str, row: str) -> list[str]:
    """Write the tile into C, whose rows are `row` bytes apart; the pointer ends below the tile."""
    return _by_rows(pointer, row, lambda name, offset: store(pointer, get(name), offset))


def _by_rows(pointer: str, row: str, act: Callable[[str, int], str]) -> list[str]:
    lines = []
    for number in range(ROWS):
        lines += [act(name, half * LANE_BYTES) for name, at, half in TILE if at == number]
        lines.append(advance(pointer, row))
    return lines
