"""The same tile over panels: blocks of A and B are copied into the order in which the tile reads them, and stay in the cache."""

from __future__ import annotations

from kernels.tile import COLUMNS, ROWS, kept, multiplied, started, sums
from kernels.wat import LANE_BYTES, Madd, add, advance, constant, function, get, load, loop, product, store, store_one

__all__ = ["PANEL_A_BYTES", "PANEL_B_BYTES", "blocked"]

DEPTH, WIDTH, HEIGHT = 256, 256, 64
PANEL_A_BYTES, PANEL_B_BYTES = 4 * HEIGHT * DEPTH, 4 * DEPTH * WIDTH


def blocked(madd: Madd) -> list[str]:
    """Write the kernel and its three parts; it takes A, B, C, n, which is 64, 128 or a multiple of 256, and the address of both panels."""
    return [_pack_b(), _pack_a(), _tiles(madd), _blocks()]


def _pack_b() -> str:
    """Copy a block of B as strips of eight columns, each from top to bottom."""
    down = [*(store("to", load("q", at), at) for at in (0, LANE_BYTES)), advance("q", get("row")), advance("to", 4 * COLUMNS), _less("k", 1)]
    strip = [f"(local.set $q {get('b')})", f"(local.set $k {get('depth')})", loop("down", down, get("k")), advance("b", 4 * COLUMNS), _less("width", COLUMNS)]
    return function("pack_b", "b:i32 row:i32 depth:i32 width:i32 to:i32", [loop("strip", strip, get("width"))], variables="q:i32 k:i32", exported=False)


def _pack_a() -> str:
    """Copy a block of A as strips of four rows, each from left to right."""
    copied = []
    for number in range(ROWS):
        copied.append(store_one("to", f"(f32.load {get('q')})", 4 * number))
        copied.append(advance("q", get("row")))
    across = [f"(local.set $q {get('p')})", *copied, advance("p", 4), advance("to", 4 * ROWS), _less("k", 1)]
    strip = [
        f"(local.set $p {get('a')})",
        f"(local.set $k {get('depth')})",
        loop("across", across, get("k")),
        advance("a", product(get("row"), constant(ROWS))),
        _less("height", ROWS),
    ]
    return function("pack_a", "a:i32 row:i32 depth:i32 height:i32 to:i32", [loop("strip", strip, get("height"))], variables="p:i32 q:i32 k:i32", exported=False)


def _tiles(madd: Madd) -> str:
    """Multiply a strip of four rows with one of eight columns, and add the result to C."""
    places = [("p", 4 * number) for number in range(ROWS)]
    step = [*multiplied(madd, places, "q"), advance("p", 4 * ROWS), advance("q", 4 * COLUMNS), _less("depth", 1)]
    body = [f"(local.set $t {get('c')})", *started("t", get("row")), loop("k", step, get("depth")), f"(local.set $t {get('c')})", *kept("t", get("row"))]
    return function("panel_tile", "p:i32 q:i32 c:i32 row:i32 depth:i32", body, variables=f"t:i32 {sums()}", exported=False)


def _blocks() -> str:
    """Go over the blocks: each of B is copied once, each of A once for every block of columns."""
    element = "(call $panel_tile {p} {q} {c} {row} {depth})".format(
        p=add(get("panel_a"), product(get("i"), product(get("depth"), constant(4)))),
        q=add(get("panel_b"), product(get("j"), product(get("depth"), constant(4)))),
        c=add(get("corner"), add(product(get("i"), get("row")), product(get("j"), constant(4)))),
        row=get("row"),
        depth=get("depth"),
    )
    strips = loop("i", [element, advance("i", ROWS)], f"(i32.lt_u {get('i')} {constant(HEIGHT)})")
    tiles = loop("j", ["(local.set $i (i32.const 0))", strips, advance("j", COLUMNS)], f"(i32.lt_u {get('j')} {get('width')})")
    down = [
        f"(call $pack_a {_place('a', 'ic', 'kc')} {get('row')} {get('depth')} {constant(HEIGHT)} {get('panel_a')})",
        f"(local.set $corner {_place('c', 'ic', 'jc')})",
        "(local.set $j (i32.const 0))",
        tiles,
        advance("ic", HEIGHT),
    ]
    deep = [
        f"(call $pack_b {_place('b', 'kc', 'jc')} {get('row')} {get('depth')} {get('width')} {get('panel_b')})",
        "(local.set $ic (i32.const 0))",
        loop("ic", down, f"(i32.lt_u {get('ic')} {get('n')})"),
        advance("kc", get("depth")),
    ]
    across = ["(local.set $kc (i32.const 0))", loop("kc", deep, f"(i32.lt_u {get('kc')} {get('n')})"), advance("jc", get("width"))]
    body = [
        f"(local.set $row {product(get('n'), constant(4))})",
        f"(local.set $panel_b {add(get('panel_a'), constant(PANEL_A_BYTES))})",
        f"(local.set $depth {_least(DEPTH)})",
        f"(local.set $width {_least(WIDTH)})",
        f"(memory.fill {get('c')} {constant(0)} {product(get('n'), get('row'))})",
        loop("jc", across, f"(i32.lt_u {get('jc')} {get('n')})"),
    ]
    variables = "row:i32 panel_b:i32 depth:i32 width:i32 jc:i32 kc:i32 ic:i32 i:i32 j:i32 corner:i32"
    return function("gemm_blocked", "a:i32 b:i32 c:i32 n:i32 panel_a:i32", body, variables=variables)


def _place(matrix: str, row: str, column: str) -> str:
    return add(get(matrix), add(product(get(row), get("row")), product(get(column), constant(4))))


def _least(most: int) -> str:
    return f"(select {get('n')} {constant(most)} (i32.lt_u {get('n')} {constant(most)}))"


def _less(name: str, by: int) -> str:
    return f"(local.set ${name} {add(get(name), constant(-by))})"
