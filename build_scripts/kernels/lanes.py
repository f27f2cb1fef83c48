"""Adds up the four lanes of a vector; what a kernel returns or keeps of a sum goes through it."""

from __future__ import annotations

from kernels.wat import function, get, sum_of

__all__ = ["lanes"]


def lanes() -> str:
    """Write the function that adds four lanes."""
    parts = [f"(f32x4.extract_lane {lane} {get('v')})" for lane in range(4)]
    return function("lanes", "v:v128", [sum_of(parts, "f32")], result="f32", exported=False)
