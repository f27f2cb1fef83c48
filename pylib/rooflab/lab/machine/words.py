"""What was measured and argued at "Your machine", in the words of screen and report."""

from __future__ import annotations

from collections.abc import Mapping

from rooflab.lab.ledger.machine_entries import MachinePin
from rooflab.machine.jitter import Jitter
from rooflab.machine.study import FIGURES
from rooflab.machine.thermal import Heat
from rooflab.units import format_fraction, format_ratio, format_reading

__all__ = ["CAUSES", "figure_words", "heat_words", "jitter_words", "kernel_words", "pin_words"]

CAUSES: Mapping[str, str] = {
    "waiting": "Waiting for loads, which is neither arithmetic nor bandwidth",
    "traffic": "Bytes that the count leaves out",
    "overlap": "Arithmetic and traffic that do not overlap",
    "disturbed": "Something else ran on the machine",
}
"""What may be behind a miss of the model, by the id that the ledger keeps."""

_KERNELS = {"peak": "peak", "triad": "triad", "chain": "chain", "epilogue": "scale, bias, ReLU", "gemm": "product", "batch": "batch"}
_VARIANTS = {
    "simd": "by rows",
    "naive": "plain loops",
    "tile": "tile in registers",
    "blocked": "tile, blocked",
    "passes": "in passes",
    "fused": "fused",
}
_SIZES = {"chain": ("{} step", "{} steps"), "gemm": ("{0} x {0}",) * 2, "batch": ("{} column", "{} columns")}


def kernel_words(kernel: str, variant: str, size: int) -> str:
    """Name a row as a learner reads it.

    >>> kernel_words("gemm", "tile", 512), kernel_words("triad", "", 2**26)
    ('product, tile in registers, 512 x 512', 'triad, 64 MiB')
    """
    if kernel == "peak":
        return "peak, vectors" if variant == "simd" else "peak, scalar"
    if kernel in _SIZES:
        words = _SIZES[kernel][size > 1].format(size)
    else:
        words = f"{size // 2**20} MiB" if size >= 2**20 else f"{size // 2**10} KiB"
    return ", ".join(filter(None, (_KERNELS.get(kernel, kernel), _VARIANTS.get(variant, variant), words)))


def figure_words(value: float, unit: str) -> str:
    """Write a figure: a factor and a number of steps as they are.

    >>> figure_words(3.5, "×"), figure_words(6.48, "steps")
    ('3.50×', '6.48 steps')
    """
    if unit == "×":
        return format_ratio(value)
    return f"{value:.3g} steps" if unit == "steps" else format_reading(value, unit)


def pin_words(pin: MachinePin) -> str:
    """Write a pinned figure."""
    name = FIGURES[pin.name][0] if pin.name in FIGURES else pin.name
    return f"{name}: {figure_words(pin.value, pin.unit)}"


def jitter_words(found: Jitter) -> str:
    """Say how rare the slow runs are, and how slow."""
    tail, of = (found.p999_s, "thousand") if found.p999_s else (found.p99_s, "hundred")
    return f"One run in a {of} takes {format_ratio(tail / found.p50_s)} the usual time or more."


def heat_words(found: Heat, last_s: float) -> str:
    """Say whether the rate fell under load, and by how much."""
    if not found.falls:
        return f"The machine keeps its rate for {last_s:.0f} s."
    return f"Under load the rate falls by {format_fraction(found.seen_fraction)} in {last_s:.0f} s."
