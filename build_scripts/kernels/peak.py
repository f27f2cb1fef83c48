"""Peak: twelve chains of multiply-adds, enough to hide the latency of each; nothing is read or written."""

from __future__ import annotations

from kernels.wat import Madd, add, constant, function, get, loop, names, sum_of

__all__ = ["CHAINS", "peak"]

CHAINS = 12
"""Two multiply-adds begin in a cycle and take four or five each, so ten are on their way at a time."""

UNROLLED = 4


def peak(madd: Madd) -> list[str]:
    """Write the kernel with four lanes and with one; each takes iterations, m and a, and returns the sum of its chains."""
    return [_four_lanes(madd), _one_lane()]


def _four_lanes(madd: Madd) -> str:
    chains = names("x", CHAINS)
    body = [f"(local.set $x{number} (f32x4.splat (f32.const {number})))" for number in range(CHAINS)]
    body += ["(local.set $vm (f32x4.splat (local.get $m)))", "(local.set $va (f32x4.splat (local.get $a)))"]
    steps = [f"(local.set ${x} {madd(get(x), get('vm'), get('va'))})" for x in chains]
    body += [loop("next", steps * UNROLLED, _counted_down())]
    body += [f"(f64.promote_f32 (call $lanes {sum_of([get(x) for x in chains], 'f32x4')}))"]
    return function("peak_simd", "n:i32 m:f32 a:f32", body, result="f64", variables=" ".join(f"{x}:v128" for x in [*chains, "vm", "va"]))


def _one_lane() -> str:
    chains = names("x", CHAINS)
    body = [f"(local.set $x{number} (f32.const {number}))" for number in range(CHAINS)]
    steps = [f"(local.set ${x} (f32.add (f32.mul {get(x)} {get('m')}) {get('a')}))" for x in chains]
    body += [loop("next", steps * UNROLLED, _counted_down())]
    body += [f"(f64.promote_f32 {sum_of([get(x) for x in chains], 'f32')})"]
    return function("peak_scalar", "n:i32 m:f32 a:f32", body, result="f64", variables=" ".join(f"{x}:f32" for x in chains))


def _counted_down() -> str:
    return f"(local.tee $n {add(get('n'), constant(-UNROLLED))})"
