"""Kernels on a core that works in order: a call, its outputs, the taps of filters, and multiply-adds in whole vectors."""

import numpy as np

from rooflab.values import Values

__all__ = ["start_s", "vectors_count"]


def vectors_count(length: Values, lanes: Values) -> Values:
    """Return the places of the whole vectors that hold `length` values.

    >>> float(vectors_count(265, 16))
    272.0
    """
    return np.ceil(length / lanes) * lanes


def start_s(
    *, calls: Values, call_cycles: Values, outputs: Values, output_cycles: Values, clock_hz: Values
) -> Values:
    """Return what calls and outputs take beside the multiply-adds: set-up, bias, rescaling to 8 bits, a write.

    Three outputs of a call on an ESP32-S3, at 3840 and 27.9 cycles: 16.3 us at 240 MHz.

    >>> 1e6 * round(start_s(calls=1, call_cycles=3840, outputs=3, output_cycles=27.9, clock_hz=240e6), 7)
    16.3
    """
    return (calls * call_cycles + outputs * output_cycles) / clock_hz
