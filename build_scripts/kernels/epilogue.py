"""Epilogue: scale, bias and ReLU over rows of 1024 numbers, in three passes from array to array or fused in one."""

from __future__ import annotations

from collections.abc import Callable

from kernels.wat import LANE_BYTES, Madd, add, advance, constant, function, get, load, loop, store

__all__ = ["COLUMNS", "epilogue"]

COLUMNS = 1024
VECTORS = 4
STEP = VECTORS * LANE_BYTES
PARAMETERS = "x:i32 y:i32 z:i32 bytes:i32 bias:i32 scale:f32"
VARIABLES = "p:i32 q:i32 b:i32 vs:v128 zero:v128"
SPREAD = "(local.set $vs (f32x4.splat (local.get $scale)))"


def epilogue(madd: Madd) -> list[str]:
    """Write the kernel in passes and fused; each reads x and writes y, the passes z in between."""
    passes = [
        SPREAD,
        _over_all("scale", "xy", lambda at: f"(f32x4.mul {load('p', at)} {get('vs')})"),
        _over_all("bias", "yz", lambda at: f"(f32x4.add {load('p', at)} {load('b', at)})"),
        _over_all("relu", "zy", lambda at: _relu(load("p", at))),
    ]
    once = [SPREAD, _over_all("next", "xy", lambda at: _relu(madd(load("p", at), get("vs"), load("b", at))))]
    return [
        function("epilogue_passes", PARAMETERS, passes, variables=VARIABLES),
        function("epilogue_fused", PARAMETERS, once, variables=VARIABLES),
    ]


def _relu(x: str) -> str:
    return f"(f32x4.pmax {x} {get('zero')})"


def _over_all(label: str, way: str, value: Callable[[int], str]) -> str:
    """Write a pass from one array to another, row by row; `b` follows in the bias."""
    source, target = way
    steps = [store("q", value(at), at) for at in range(0, STEP, LANE_BYTES)]
    row_ends = f"(i32.lt_u {get('b')} {add(get('bias'), constant(4 * COLUMNS))})"
    row = loop(f"{label}_row", [*steps, *(advance(pointer, STEP) for pointer in "pqb")], row_ends)
    all_ends = f"(i32.lt_u {get('p')} {add(get(source), get('bytes'))})"
    start = [f"(local.set $p {get(source)})", f"(local.set $q {get(target)})"]
    return "\n".join([*start, loop(label, [f"(local.set $b {get('bias')})", row], all_ends)])
