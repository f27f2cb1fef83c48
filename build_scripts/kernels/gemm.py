"""Matrix product C = A B of n by n, row after row: naive, four lanes, and a tile of sums in registers."""

from __future__ import annotations

from kernels.tile import COLUMNS, ROWS, cleared, kept, multiplied, sums
from kernels.wat import LANE_BYTES, Madd, add, advance, constant, function, get, load, loop, names, product, store

__all__ = ["gemm"]

PARAMETERS = "a:i32 b:i32 c:i32 n:i32"
ROW = f"(local.set $row {product(get('n'), constant(4))})"
VECTORS = 4


def gemm(madd: Madd) -> list[str]:
    """Write the three kernels; each takes the addresses of A, B and C, and n, a multiple of 16."""
    return [_naive(), _four_lanes(madd), _tile(madd)]


def _naive() -> str:
    """Write i, j, k with one lane: B is read down its columns."""
    product = "(f32.mul (f32.load (local.get $p)) (f32.load (local.get $q)))"
    step = [f"(local.set $sum (f32.add {get('sum')} {product}))", advance("p", 4), advance("q", get("row"))]
    across = [
        f"(local.set $p {get('a')})",
        f"(local.set $q {add(get('b'), get('j'))})",
        "(local.set $sum (f32.const 0))",
        loop("k", step, f"(i32.lt_u {get('p')} {add(get('a'), get('row'))})"),
        f"(f32.store {add(get('c'), get('j'))} {get('sum')})",
        advance("j", 4),
    ]
    return _by_rows("gemm_naive", loop("column", across, f"(i32.lt_u {get('j')} {get('row')})"), 1, "p:i32 q:i32 sum:f32")


def _four_lanes(madd: Madd) -> str:
    """Write i, k, j with four lanes: a row of C gathers the rows of B."""
    step, end = VECTORS * LANE_BYTES, f"(i32.lt_u {get('t')} {add(get('c'), get('row'))})"
    zeros = [*(store("t", "(v128.const i32x4 0 0 0 0)", at) for at in range(0, step, LANE_BYTES)), advance("t", step)]
    gathered = [store("t", madd(load("q", at), get("va"), load("t", at)), at) for at in range(0, step, LANE_BYTES)]
    down = [
        "(local.set $va (v128.load32_splat (local.get $p)))",
        f"(local.set $t {get('c')})",
        loop("column", [*gathered, advance("t", step), advance("q", step)], end),
        advance("p", 4),
    ]
    body = [
        f"(local.set $t {get('c')})",
        loop("zero", zeros, end),
        f"(local.set $p {get('a')})",
        f"(local.set $q {get('b')})",
        loop("k", down, f"(i32.lt_u {get('p')} {add(get('a'), get('row'))})"),
    ]
    return _by_rows("gemm_simd", "\n".join(body), 1, "p:i32 q:i32 t:i32 va:v128")


def _tile(madd: Madd) -> str:
    """Write the tile over A and B as they are: each step of k reads eight numbers of B, a whole row further on."""
    rows = names("p", ROWS)
    starts = [f"(local.set ${each} {add(get('a'), product(get('row'), constant(number)))})" for number, each in enumerate(rows)]
    step = [*multiplied(madd, [(each, 0) for each in rows], "q"), *(advance(each, 4) for each in rows), advance("q", get("row"))]
    across = [
        *starts,
        f"(local.set $q {add(get('b'), get('j'))})",
        *cleared(),
        loop("k", step, f"(i32.lt_u {get('p0')} {add(get('a'), get('row'))})"),
        f"(local.set $t {add(get('c'), get('j'))})",
        *kept("t", get("row")),
        advance("j", 4 * COLUMNS),
    ]
    variables = f"{' '.join(f'{each}:i32' for each in rows)} q:i32 t:i32 {sums()}"
    return _by_rows("gemm_tile", loop("column", across, f"(i32.lt_u {get('j')} {get('row')})"), ROWS, variables)


def _by_rows(name: str, body: str, rows: int, variables: str) -> str:
    """Write a function that does `body` for each `rows` rows of A and C, with the column `j`, in bytes, at 0."""
    moved = [advance(each, get("row") if rows == 1 else product(get("row"), constant(rows))) for each in "ac"]
    counted = [f"(local.set $left {add(get('left'), constant(-rows))})"]
    each_row = loop("rows", ["(local.set $j (i32.const 0))", body, *moved, *counted], get("left"))
    start = [ROW, f"(local.set $left {get('n')})"]
    return function(name, PARAMETERS, [*start, each_row], variables=f"row:i32 left:i32 j:i32 {variables}")
