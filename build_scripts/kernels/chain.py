"""Chain: k multiply-adds on each element, in k passes from array to array or fused in one; what is read stays as it is.

Each pass writes to another array, as the operators of a framework do: written in place, an array would be fetched once, not twice.
"""

from __future__ import annotations

from kernels.wat import LANE_BYTES, Madd, add, advance, constant, function, get, load, loop, names, store

__all__ = ["chain"]

VECTORS = 8
STEP = VECTORS * LANE_BYTES
SPREAD = ["(local.set $vm (f32x4.splat (local.get $m)))", "(local.set $va (f32x4.splat (local.get $a)))"]
COUNTED_DOWN = f"(local.tee $left {add(get('left'), constant(-1))})"


def chain(madd: Madd) -> list[str]:
    """Write the kernel in passes and fused; both take an array to read, one to write, its bytes, k, m and a.

    The passes also take an array to write and read in between.
    """
    return [_passes(madd), _fused(madd)]


def _passes(madd: Madd) -> str:
    """Write to and fro between y and z, so that the last pass ends in y."""
    steps = [store("q", madd(load("p", at), get("vm"), get("va")), at) for at in range(0, STEP, LANE_BYTES)]
    element = [f"(local.set $p {get('from')})", f"(local.set $q {get('to')})", loop("next", [*steps, *_moved()], _more("from"))]
    turned = [
        f"(local.set $from {get('to')})",
        f"(local.set $to (i32.sub {add(get('y'), get('z'))} {get('to')}))",
    ]
    body = [
        *SPREAD,
        f"(local.set $from {get('x')})",
        f"(local.set $to (select {get('y')} {get('z')} (i32.and {get('k')} {constant(1)})))",
        f"(local.set $left {get('k')})",
        loop("pass", [*element, *turned], COUNTED_DOWN),
    ]
    variables = "from:i32 to:i32 p:i32 q:i32 left:i32 vm:v128 va:v128"
    return function("chain_passes", "x:i32 y:i32 z:i32 bytes:i32 k:i32 m:f32 a:f32", body, variables=variables)


def _fused(madd: Madd) -> str:
    held = names("x", VECTORS)
    places = list(zip(held, range(0, STEP, LANE_BYTES), strict=True))
    steps = [f"(local.set ${x} {madd(get(x), get('vm'), get('va'))})" for x in held]
    block = [
        *(f"(local.set ${x} {load('p', at)})" for x, at in places),
        f"(local.set $left {get('k')})",
        loop("step", steps, COUNTED_DOWN),
        *(store("q", get(x), at) for x, at in places),
        *_moved(),
    ]
    body = [*SPREAD, f"(local.set $p {get('x')})", f"(local.set $q {get('y')})", loop("next", block, _more("x"))]
    variables = f"p:i32 q:i32 left:i32 vm:v128 va:v128 {' '.join(f'{x}:v128' for x in held)}"
    return function("chain_fused", "x:i32 y:i32 bytes:i32 k:i32 m:f32 a:f32", body, variables=variables)


def _moved() -> list[str]:
    return [advance(pointer, STEP) for pointer in "pq"]


def _more(start: str) -> str:
    return f"(i32.lt_u {get('p')} {add(get(start), get('bytes'))})"
