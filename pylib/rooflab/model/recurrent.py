"""A recurrent layer on a microcontroller: weights read once a step, placement, vectors, lines.

Symbols: I inputs, Hs hidden states; an LSTM has four gates of Hs rows, each of I + Hs weights.
"""

from dataclasses import dataclass

import numpy as np

from rooflab.model.cost import Cost
from rooflab.values import Values

__all__ = [
    "KernelCycles",
    "energy_j",
    "frame_power_w",
    "line_fraction",
    "lines_per_row_count",
    "lstm_cost",
    "lstm_macs",
    "step_time_s",
    "vector_fraction",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelCycles:
    """Cycles of a matrix-vector kernel: for a call, an output, and a multiply-accumulate.

    `lanes` values are multiplied at once; 1 is a scalar kernel. The dot product of each output
    is padded to whole vectors.
    """

    call_cycles: float
    output_cycles: float
    mac_cycles: float
    lanes: int


def lstm_macs(*, inputs: Values, hidden: Values) -> Values:
    """Return the multiply-accumulates of one step.

    >>> lstm_macs(inputs=64, hidden=100), lstm_macs(inputs=64, hidden=112)
    (65600, 78848)
    """
    return 4 * hidden * (inputs + hidden)


def lstm_cost(*, inputs: Values, hidden: Values, weight_element_bytes: Values, fusion: str) -> Cost:
    """Count one step of an LSTM cell.

    Each weight is used once a step, so fusing cannot remove that traffic; it removes what the
    pointwise operators write and read in between: 8 products and some 12 pointwise steps when
    nothing is fused, 2 products and 1 pointwise step when partly, 1 kernel when all is.
    Biases and intermediates are 4 bytes wide.
    """
    gates = 4 * hidden
    macs = lstm_macs(inputs=inputs, hidden=hidden)
    # Nothing: 8 partial sums written; bias adds, sums and activations read and write the gates
    # (3 passes); the cell update and the output are 4 pointwise steps of 3 vectors each.
    none = 4 * (2 * gates + 6 * gates + 12 * hidden)
    partial = 4 * (2 * gates + 2 * gates)  # two products written, one pointwise step reads them
    between = {"none": none, "partial": partial, "full": 0.0}[fusion]
    state = inputs + 2 * hidden + 4 * 2 * hidden  # x, h read and written in 1 byte, c in 4
    return Cost(
        flop=2 * macs + 14 * hidden,
        weight_bytes=weight_element_bytes * macs + 4 * gates,
        activation_bytes=state + between,
        launches={"none": 20, "partial": 3, "full": 1}[fusion],
    )


def step_time_s(
    *,
    kernel: KernelCycles,
    inputs: Values,
    hidden: Values,
    weight_element_bytes: Values,
    clock_hz: Values,
    memory_bytes_per_s: Values,
) -> Values:
    """Return the time of one step: arithmetic or the stream of weights, then rows and the call.

    Weights in single-cycle SRAM have an infinite `memory_bytes_per_s`. What a kernel does for each
    row and each call overlaps with neither.
    """
    outputs = 4 * hidden
    width = np.ceil((inputs + hidden) / kernel.lanes) * kernel.lanes
    overhead = kernel.call_cycles + outputs * kernel.output_cycles
    macs_s = outputs * width * kernel.mac_cycles / clock_hz
    weights = weight_element_bytes * lstm_macs(inputs=inputs, hidden=hidden)
    return np.maximum(macs_s, weights / memory_bytes_per_s) + overhead / clock_hz


def vector_fraction(*, length: Values, lanes: Values) -> Values:
    """Return the useful share of the vectors that hold `length` values.

    >>> float(vector_fraction(length=164, lanes=16))
    0.9318181818181818
    """
    return length / (np.ceil(length / lanes) * lanes)


def lines_per_row_count(*, row_bytes: Values, line_bytes: Values, aligned: bool) -> Values:
    """Return the cache lines that one row touches, on average.

    >>> float(lines_per_row_count(row_bytes=164, line_bytes=32, aligned=True))
    6.0
    """
    if aligned:
        return np.ceil(row_bytes / line_bytes)
    return 1 + (row_bytes - 1) / line_bytes


def line_fraction(*, row_bytes: Values, line_bytes: Values, aligned: bool) -> Values:
    """Return the useful share of the lines that row-wise access fetches.

    A matrix streamed in order wastes at most one line, however its rows lie; the share matters
    where rows are fetched one by one, and only behind a cache.
    """
    lines = lines_per_row_count(row_bytes=row_bytes, line_bytes=line_bytes, aligned=aligned)
    return row_bytes / (lines * line_bytes)


def energy_j(
    *, macs: Values, weight_bytes: Values, energy_per_mac_j: float, energy_per_byte_j: float
) -> Values:
    """Return the energy of an accelerator's inference: arithmetic and weight reads.

    >>> round(float(energy_j(macs=2.66e6, weight_bytes=52500, energy_per_mac_j=14.5e-12,
    ...                      energy_per_byte_j=36.4e-12)) * 1e6, 1)
    40.5
    """
    return macs * energy_per_mac_j + weight_bytes * energy_per_byte_j


def frame_power_w(*, busy_s: Values, frame_s: Values, active_w: Values, sleep_w: Values) -> Values:
    """Return the mean power when a chip works `busy_s` of every `frame_s` and sleeps else.

    >>> round(float(frame_power_w(busy_s=1e-3, frame_s=1e-2, active_w=0.1, sleep_w=1e-3)), 4)
    0.0109
    """
    duty = np.minimum(busy_s / frame_s, 1.0)
    return duty * active_w + (1 - duty) * sleep_w
