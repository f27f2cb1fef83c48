"""What the inputs of a row say of a device, and what its kernels reach of it."""

from typing import Any

from rooflab.measured.constants import CONSTANTS as K
from rooflab.measured.rows import RowError
from rooflab.specs import Precision

__all__ = [
    "chip_peak_flop_per_s",
    "element_bytes",
    "matrix_fraction",
    "vector_peak_flop_per_s",
]

# Formats that run on the same units at the same rate.
_TWINS = {"fp16": "bf16", "bf16": "fp16", "fp8": "int8", "int8": "fp8"}


def element_bytes(name: str) -> float:
    """Return the bytes of an element of the precision of that name."""
    try:
        return Precision(name).element_bytes
    except ValueError:
        known = ", ".join(Precision)
        raise RowError(f"No precision {name!r} is known; known are {known}.") from None


def chip_peak_flop_per_s(spec: dict[str, Any], precision: str) -> float:
    """Return the datasheet's peak of one chip; a format of the same width stands for one without."""
    element_bytes(precision)
    peaks = spec.get("peak_flop_per_s") or {}
    peak = peaks.get(precision) or peaks.get(_TWINS.get(precision, ""))
    if peak is None:
        known = ", ".join(peaks) or "none"
        raise RowError(f"The device has no peak for {precision}; it has {known}.")
    return peak


def vector_peak_flop_per_s(spec: dict[str, Any]) -> float:
    """Return the peak of the vector units; a sixteenth of the matrix peak where none is stated."""
    return (spec.get("peak_flop_per_s") or {}).get("fp32") or chip_peak_flop_per_s(
        spec, "fp16"
    ) / 16


def matrix_fraction(precision: str) -> float:
    """Return the share of the peak that products of this precision reach."""
    if precision in ("fp32", "fp64"):
        return K.vector_fraction
    return K.narrow_matrix_fraction if element_bytes(precision) < 2 else K.matrix_fraction
