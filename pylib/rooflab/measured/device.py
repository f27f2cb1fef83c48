"""What the inputs of a row say of a device, and what its kernels reach of it."""

from typing import Any

from rooflab.measured.rows import RowError
from rooflab.specs import Precision

__all__ = [
    "chip_peak_flop_per_s",
    "element_bytes",
    "engines_peak_flop_per_s",
    "exponentials_per_s",
    "sm_clock_flop",
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


def engines_peak_flop_per_s(inputs: dict[str, Any], precision: str) -> float:
    """Return the peak of the engines that a row uses: the GPU, the DLAs beside it, or both."""
    spec, engines = inputs["device_spec"], inputs.get("engines") or ""
    beside = (spec.get("dla_peak_flop_per_s") or {}).get(precision, 0.0) if "dla" in engines else 0.0
    return beside if engines == "dla" and beside else chip_peak_flop_per_s(spec, precision) + beside


def vector_peak_flop_per_s(spec: dict[str, Any]) -> float:
    """Return the peak of the vector units; a sixteenth of the matrix peak in 16 bits where none is stated."""
    return (spec.get("peak_flop_per_s") or {}).get("fp32") or _wide_peak_flop_per_s(spec) / 16


def _wide_peak_flop_per_s(spec: dict[str, Any]) -> float:
    """Return the matrix peak in 16 bits; half of that in 8 bits where it is not stated."""
    peaks = spec.get("peak_flop_per_s") or {}
    narrow = peaks.get("fp8") or peaks.get("int8")
    if narrow and not (peaks.get("fp16") or peaks.get("bf16")):
        return narrow / 2
    return chip_peak_flop_per_s(spec, "fp16")


# CUDA C++ Programming Guide, arithmetic instructions: results of a clock and multiprocessor.
_EXPONENTIALS = 16
# Dense operations of an SM in a clock, in 16 bits, by the narrowest format that the chip has: Blackwell, Hopper, Ampere.
_SM_FLOP = {"fp4": 8192, "fp8": 4096}
_SM_FLOP_OLDER = 2048
_LANES_64_FLOP_PER_S = 0.24e12  # of an SM: 64 lanes at 1.9 GHz reach that, 128 lanes at 0.95 GHz


def sm_clock_flop(spec: dict[str, Any]) -> float:
    """Return the dense operations in 16 bits that one multiprocessor does in a clock.

    They follow from its vector lanes, 64 or 128 with two operations each, where the vector peak is stated.
    """
    peaks = spec.get("peak_flop_per_s") or {}
    vector = peaks.get("fp32")
    if not vector:
        return next((flop for name, flop in _SM_FLOP.items() if peaks.get(name)), _SM_FLOP_OLDER)
    ratio, sm_count = _wide_peak_flop_per_s(spec) / vector, spec.get("sm_count")
    few = vector / sm_count < _LANES_64_FLOP_PER_S if sm_count else ratio >= 8 and not peaks.get("fp8")
    return ratio * 2 * (64 if few else 128)


def exponentials_per_s(spec: dict[str, Any]) -> float:
    """Return how many exponentials the special-function units of a chip give, 16 a clock and multiprocessor.

    3.9e12 on an H100, as its attention kernels' authors count (Shah et al. 2024, arXiv:2407.08608).
    """
    return _EXPONENTIALS * _wide_peak_flop_per_s(spec) / sm_clock_flop(spec)
