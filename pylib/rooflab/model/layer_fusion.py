"""Fusing the chain of a decoder layer: traffic, launches and recomputation of its kernels.

The chain runs from the all-reduce before the MLP to the down projection. Its first four places
stand before attention as well, where the QKV projection takes the place of gate and up: a
boundary that is fused is fused in both.
"""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from rooflab.values import Values, Words

__all__ = [
    "CHAIN",
    "FUSION_TEXTS",
    "HELD_ROWS",
    "TILE_COLUMNS",
    "ChainCounts",
    "chain_counts",
    "chain_kernels",
    "chain_operator",
]

CHAIN = ("all-reduce", "residual", "norm", "gate and up", "SiLU", "product", "down")
FUSION_TEXTS = tuple("".join(each) for each in product("01", repeat=len(CHAIN) - 1))
ALL_REDUCE, RESIDUAL, NORM, GATE_UP, SILU, PRODUCT, DOWN = range(len(CHAIN))

TILE_COLUMNS = 256
"""Columns of a tile of a large matrix product: what stands before it is computed again in each."""

HELD_ROWS = 64
"""Rows of a block that a kernel keeps on the chip where it cannot compute them again."""

# What each step reads and writes. Wide tensors have a row of the MLP's width on this device, the
# others one of the residual stream.
_READS = (
    ("partial",),
    ("reduced", "stream"),
    ("sum",),
    ("normed",),
    ("gate",),
    ("activated", "up"),
    ("gated",),
)
_WRITES = (("reduced",), ("sum",), ("normed",), ("gate", "up"), ("activated",), ("gated",), ("out",))
_WIDE = frozenset(("gate", "up", "activated", "gated"))
_KEPT = frozenset(("sum", "out"))
_FLOP = {RESIDUAL: 1.0, NORM: 3.0, SILU: 4.0, PRODUCT: 1.0}  # for each element of its output


class ChainCounts(NamedTuple):
    """Rows moved, launches, and flop for each element, by the operator that a kernel counts under.

    `streams` are rows of the residual stream, `wide` rows of the MLP's width; flop of a prologue
    are done in every column of tiles of the product behind it. `into_kept` of the `into_streams` are
    written, once, whatever number of experts read the others. `held_streams` and `held_wide` say
    whether a kernel must keep rows of that width on the chip.
    """

    reduce_streams: Values
    reduce_launches: Values
    reduce_flop: Values
    norm_streams: Values
    norm_launches: Values
    norm_flop: Values
    into_streams: Values
    into_kept: Values
    into_flop: Values
    gate_up_wide: Values
    gate_up_flop: Values
    silu_wide: Values
    silu_launches: Values
    silu_flop: Values
    down_wide: Values
    down_flop: Values
    held_streams: Values
    held_wide: Values


def chain_kernels(text: str) -> tuple[tuple[int, ...], ...]:
    """Return the places of CHAIN that share each kernel.

    >>> chain_kernels("010010")
    ((0,), (1, 2), (3,), (4, 5), (6,))
    """
    kernels = [[0]]
    for place, digit in enumerate(text, 1):
        if digit == "1":
            kernels[-1].append(place)
        else:
            kernels.append([place])
    return tuple(tuple(each) for each in kernels)


def chain_operator(kernel: tuple[int, ...]) -> int:
    """Return the place of the chain under which a kernel counts: a product, else what it begins with.

    The residual sum counts with the norm, the product of the gate with SiLU.
    """
    for place in (GATE_UP, DOWN, ALL_REDUCE):
        if place in kernel:
            return place
    return NORM if kernel[0] in (RESIDUAL, NORM) else SILU


def chain_counts(texts: Words) -> ChainCounts:
    """Return the counts of one grouping, or arrays of them for an array of groupings.

    >>> counts = chain_counts("110110")  # three kernels: reduce to norm, gate to product, down
    >>> counts.reduce_streams, counts.norm_launches, counts.gate_up_wide, counts.silu_launches
    (4.0, 0.0, 1.0, 0.0)
    """
    if isinstance(texts, str):
        return _counts(texts)
    known, places = np.unique(texts, return_inverse=True)
    table = np.array([_counts(str(each)) for each in known])
    return ChainCounts(*(column[places].reshape(texts.shape) for column in table.T))


@lru_cache(maxsize=len(FUSION_TEXTS))
def _counts(text: str) -> ChainCounts:
    streams, wide, launches, once, again = ([0.0] * len(CHAIN) for _ in range(5))
    held_streams = held_wide = kept = 0.0
    for kernel in chain_kernels(text):
        at = chain_operator(kernel)
        launches[at] += 1
        for name in _moved(kernel):
            (wide if name in _WIDE else streams)[at] += 1
        for place in kernel:
            flop = _FLOP.get(place, 0.0)
            (again if at in (GATE_UP, DOWN) and place < at else once)[at] += flop
        if ALL_REDUCE in kernel and GATE_UP in kernel:
            held_streams = 1.0
        if GATE_UP in kernel and RESIDUAL in kernel:
            kept = 1.0
        if GATE_UP in kernel and DOWN in kernel:
            held_wide = 1.0
    return ChainCounts(
        reduce_streams=streams[ALL_REDUCE],
        reduce_launches=launches[ALL_REDUCE],
        reduce_flop=once[ALL_REDUCE],
        norm_streams=streams[NORM],
        norm_launches=launches[NORM],
        norm_flop=once[NORM],
        into_streams=streams[GATE_UP] - held_wide,  # without the output of down, if it is inside
        into_kept=kept,
        into_flop=again[GATE_UP],
        gate_up_wide=wide[GATE_UP],
        gate_up_flop=once[GATE_UP],
        silu_wide=wide[SILU],
        silu_launches=launches[SILU],
        silu_flop=once[SILU],
        down_wide=wide[DOWN],
        down_flop=again[DOWN],
        held_streams=held_streams,
        held_wide=held_wide,
    )


def _moved(kernel: tuple[int, ...]) -> list[str]:
    """Return the tensors that a kernel reads from outside, once each, and those that it must write."""
    made = {name for place in kernel for name in _WRITES[place]}
    reads = {name for place in kernel for name in _READS[place]} - made
    elsewhere = {name for place in range(len(CHAIN)) if place not in kernel for name in _READS[place]}
    return [*reads, *(made & (elsewhere | _KEPT))]
