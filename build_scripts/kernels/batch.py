"""Batch: a matrix of weights times B columns, which lie one after the other; every weight is read once for all of them."""

from __future__ import annotations

from kernels.wat import LANE_BYTES, Madd, add, advance, constant, function, get, load, loop, names, product, store_one

__all__ = ["SIDE", "batch"]

SIDE = 4096
ROW_BYTES = 4 * SIDE
BLOCKS = ((4, 1), (4, 2))
"""Rows and columns of the results that are held in registers at a time, by how many columns there are at least."""


def batch(madd: Madd) -> list[str]:
    """Write the kernel; it takes the addresses of weights, columns and results, and how many columns there are."""
    choices = [
        f"(if (i32.lt_u {get('columns')} {constant(2 * columns)}) (then (call ${_name(rows, columns)} {_arguments()}) (return)))"
        for rows, columns in BLOCKS[:-1]
    ]
    last = f"(call ${_name(*BLOCKS[-1])} {_arguments()})"
    blocks = [_block(madd, rows, columns) for rows, columns in BLOCKS]
    return [*blocks, function("batch", "w:i32 x:i32 y:i32 columns:i32", [*choices, last])]


def _name(rows: int, columns: int) -> str:
    return f"batch_{rows}x{columns}"


def _arguments() -> str:
    return " ".join(get(each) for each in ("w", "x", "y", "columns"))


def _block(madd: Madd, rows: int, columns: int) -> str:
    """Write the product in blocks of so many rows and columns: for each rows x columns sums are held while k runs."""
    sums = [(f"s{row}{column}", row, column) for row in range(rows) for column in range(columns)]
    step = [f"(local.set $u{row} {load('p', row * ROW_BYTES)})" for row in range(rows)]
    step += [f"(local.set $v{column} {load('q', column * ROW_BYTES)})" for column in range(columns)]
    step += [f"(local.set ${name} {madd(get(f'u{row}'), get(f'v{column}'), get(name))})" for name, row, column in sums]
    inner = loop("k", [*step, advance("p", LANE_BYTES), advance("q", LANE_BYTES)], f"(i32.lt_u {get('p')} {add(get('w'), constant(ROW_BYTES))})")
    across = [
        *(f"(local.set ${name} (v128.const i32x4 0 0 0 0))" for name, _, _ in sums),
        f"(local.set $p {get('w')})",
        inner,
        *(store_one("t", f"(call $lanes {get(name)})", column * ROW_BYTES + 4 * row) for name, row, column in sums),
        *([advance("q", (columns - 1) * ROW_BYTES)] if columns > 1 else []),
        advance("t", columns * ROW_BYTES),
    ]
    ends = f"(i32.lt_u {get('q')} {add(get('x'), product(get('columns'), constant(ROW_BYTES)))})"
    down = [
        f"(local.set $q {get('x')})",
        f"(local.set $t {get('y')})",
        loop("column", across, ends),
        advance("w", rows * ROW_BYTES),
        advance("y", 4 * rows),
        f"(local.set $left {add(get('left'), constant(-rows))})",
    ]
    body = [f"(local.set $left {constant(SIDE)})", loop("row", down, get("left"))]
    held = [*(name for name, _, _ in sums), *names("u", rows), *names("v", columns)]
    variables = f"left:i32 p:i32 q:i32 t:i32 {' '.join(f'{each}:v128' for each in held)}"
    return function(_name(rows, columns), "w:i32 x:i32 y:i32 columns:i32", body, variables=variables, exported=False)
