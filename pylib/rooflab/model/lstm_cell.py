"""An LSTM cell as a chain of six operators: arithmetic, weight reads, activations and launches of each.

Symbols: I inputs, H hidden states, G = 4H gate rows. Every weight is used once a hop, so that no
grouping of the chain changes what the weights of one hop weigh; it changes what is handed from
kernel to kernel, and how many kernels start.
"""

from dataclasses import dataclass

import numpy as np

from rooflab.model.mcu_kernel import vectors_count
from rooflab.values import Values

__all__ = ["ACCUMULATOR_BYTES", "CELL_IDS", "CELL_NAMES", "CellWork", "RowLayout", "cell_work", "row_layout"]

CELL_IDS = ("input", "recurrent", "sum", "gates", "cell", "output")
CELL_NAMES = (
    "Input product",
    "Recurrent product",
    "Sum and bias",
    "Gate activations",
    "Cell update",
    "Output",
)
INPUT, RECURRENT, SUM, GATES, CELL, OUTPUT = range(len(CELL_IDS))

ACCUMULATOR_BYTES = 4.0
"""Sums and the cell state are kept in 32 bits, whatever the weights are."""

# Kernels of each operator while gates are apart: four products twice, four sums, four activations,
# and two kernels each for cell and output: 20. Once anything is fused the gates lie in one matrix.
_APART = (4.0, 4.0, 4.0, 4.0, 2.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellWork:
    """The work of `hops` hops, operator by operator: arrays have the operator first, then the design.

    `looked_up_count` are values that pass through a sigmoid or tanh, `pointwise_count` additions and
    products of vectors; `rows_count` outputs of matrix rows. `weight_passes_count` says how often
    the weights of a product are read.
    """

    macs_count: np.ndarray
    looked_up_count: np.ndarray
    pointwise_count: np.ndarray
    rows_count: np.ndarray
    activation_bytes: np.ndarray
    kernels_count: np.ndarray
    weight_passes_count: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLayout:
    """How the rows of both products lie in memory and in vectors; first axis: input, recurrent.

    `stored_bytes` and `multiplied_count` are of all G rows, with what fills up lines and vectors.
    """

    useful_bytes: np.ndarray
    stored_bytes: np.ndarray
    useful_count: np.ndarray
    multiplied_count: np.ndarray


def cell_work(*, inputs: int, hidden: np.ndarray, fused: np.ndarray, value_bytes: np.ndarray, hops: np.ndarray) -> CellWork:
    """Count `hops` hops of the cell; `fused` has five rows, 1 where a boundary is inside a kernel.

    The input product of several hops needs no state, so it reads its weights once for all of them
    if it is a kernel of its own; the recurrent product needs the state of the hop before.
    """
    h = np.asarray(hidden, float)
    g = 4 * h
    joint, to_sum, to_gates, to_cell, to_output = fused
    zero = np.zeros_like(g)
    wide, narrow = ACCUMULATOR_BYTES, value_bytes

    # Every product hands its sums over, unless what adds them up is in its kernel; [x; h] has one sum.
    apart_in = (1 - joint) * g * wide
    apart_out = (1 - to_sum) * g * wide
    gates_out = (1 - to_gates) * g * wide
    # Three gates go to the cell, one to the output; a kernel that has all three keeps them.
    o_stays = to_cell * to_output
    values_out = ((1 - to_cell) * 3 * h + (1 - o_stays) * h) * narrow
    state_again = (1 - to_output) * h * wide
    moved = np.stack(
        [
            inputs * narrow + apart_in,
            h * narrow + apart_out,
            apart_in + apart_out + gates_out,
            gates_out + values_out,
            (1 - to_cell) * 3 * h * narrow + 2 * h * wide,  # its state is read and written
            (1 - o_stays) * h * narrow + state_again + h * narrow,
        ]
    )
    packed = fused.max(axis=0)
    first = np.stack([np.ones_like(g), *(1 - each for each in fused)])
    apart = np.array(_APART)[:, None]
    kernels = first * (packed + (1 - packed) * apart)
    kernels[INPUT] = np.where(joint > 0, kernels[INPUT], kernels[INPUT] / hops)
    return CellWork(
        macs_count=np.stack([g * inputs, g * h, zero, zero, zero, zero]) * hops,
        looked_up_count=np.stack([zero, zero, zero, g, zero, h]) * hops,
        # 4H sums, 3H in the cell, 2H in the output: the product with the gate, and rounding.
        pointwise_count=np.stack([zero, zero, g, zero, 3 * h, 2 * h]) * hops,
        rows_count=np.stack([(1 - joint) * g, g, zero, zero, zero, zero]) * hops,
        activation_bytes=moved * hops,
        kernels_count=kernels * hops,
        weight_passes_count=np.stack([np.where(joint > 0, hops, 1.0), hops + zero]),
    )


def row_layout(
    *, inputs: int, hidden: np.ndarray, joint: np.ndarray, element_bytes: np.ndarray, kept: np.ndarray,
    line_bytes: np.ndarray, lanes: np.ndarray,
) -> RowLayout:  # fmt: skip
    """Return how G rows fill lines and vectors, one by one: each begins on a line and in a vector.

    A joint row holds inputs and states. `kept` is the share of vectors that are multiplied at all.
    Lines of 1 byte stand for memory without a cache, where rows still fill whole vectors.
    """
    h = np.asarray(hidden, float)
    lengths = np.stack([np.full_like(h, inputs), h])
    whole = lengths.sum(axis=0)
    rows = 4 * h
    vectors = vectors_count(lengths, lanes)
    multiplied = np.where(joint > 0, _shared(lengths, vectors_count(whole, lanes)), vectors)
    # A row is stored in whole vectors, and behind a cache in whole lines as well.
    step = np.maximum(line_bytes, 1.0)
    apart = np.ceil(vectors * element_bytes / step) * step
    together = np.ceil(vectors_count(whole, lanes) * element_bytes / step) * step
    return RowLayout(
        useful_bytes=rows * lengths * element_bytes,
        stored_bytes=rows * np.where(joint > 0, _shared(lengths * element_bytes, together), apart),
        useful_count=rows * lengths * kept,
        multiplied_count=rows * multiplied * kept,
    )


def _shared(lengths: np.ndarray, whole: Values) -> np.ndarray:
    """Divide a joint row between inputs and states: what fills it up goes to the states."""
    return np.stack([lengths[0], whole - lengths[0]])
