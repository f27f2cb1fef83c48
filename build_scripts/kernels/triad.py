"""Triad: a = b + s c over whole arrays, the bandwidth of whichever memory holds all three."""

from __future__ import annotations

from kernels.wat import LANE_BYTES, Madd, add, advance, constant, function, get, load, loop, store

__all__ = ["triad"]

VECTORS = 4


def triad(madd: Madd) -> list[str]:
    """Write the kernel; it takes three addresses, the bytes of an array, s, and how often to go over all of it."""
    step = VECTORS * LANE_BYTES
    element = [store("p", madd(load("r", at), get("vs"), load("q", at)), at) for at in range(0, step, LANE_BYTES)]
    moved = [advance(pointer, step) for pointer in "pqr"]
    once = loop("next", [*element, *moved], f"(i32.lt_u {get('p')} {add(get('a'), get('bytes'))})")
    start = [f"(local.set ${pointer} {get(array)})" for pointer, array in zip("pqr", "abc", strict=True)]
    body = [
        "(local.set $vs (f32x4.splat (local.get $s)))",
        loop("again", [*start, once], f"(local.tee $repeats {add(get('repeats'), constant(-1))})"),
    ]
    return [function("triad", "a:i32 b:i32 c:i32 bytes:i32 s:f32 repeats:i32", body, variables="p:i32 q:i32 r:i32 vs:v128")]
