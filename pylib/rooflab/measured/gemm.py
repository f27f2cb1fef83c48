"""Matrix products as single kernels of a library: tiles, waves, traffic beside them, and a start."""

import math
from typing import Any

from rooflab.facts.calibration import GPU_SERVING
from rooflab.measured.device import chip_peak_flop_per_s, element_bytes
from rooflab.measured.kernel_constants import KERNELS as C
from rooflab.measured.rows import inputs_of
from rooflab.model.tiling import tile_fraction, tiles_count, wave_fraction

__all__ = ["clock_fraction", "gemm_flop_per_s", "gemm_fraction", "gemm_s"]

Inputs = dict[str, Any]

# Blocks of outputs that libraries have kernels for, and what each reaches of the largest one's rate: a smaller block reads more
# operands for each product. Assumed.
_TILES = ((128, 256, 1.0), (128, 128, 0.95), (64, 64, 0.75))
_VECTOR = ("fp32", "fp64")
# Cards for servers of at most so many watts, and what they promise for each joule in 16 bits; boards promise less.
_CARD_W, _CARD_FLOP_PER_J = 80.0, 0.9e12


def gemm_fraction(inputs: Inputs, precision: str) -> float:
    """Return the share of the datasheet's peak that large products reach, by format and by the maker of the chip."""
    if precision in _VECTOR:
        return C.vector_fraction
    share = C.narrow_gemm_fraction if element_bytes(precision) < 2 else C.gemm_fraction
    return share * clock_fraction(inputs)


def clock_fraction(inputs: Inputs) -> float:
    """Return the clock that a chip holds under matrix products, relative to that of its peak.

    A card of 70 W holds less, and so does AMD's Instinct series.
    """
    if _is_cdna(inputs):
        return C.cdna_fraction
    spec = inputs["device_spec"]
    power_w, peaks = spec.get("tdp_w") or math.inf, spec.get("peak_flop_per_s") or {}
    promised = (peaks.get("fp16") or peaks.get("bf16") or 0.0) / power_w
    return C.card_fraction if power_w <= _CARD_W and promised > _CARD_FLOP_PER_J else 1.0


def gemm_s(inputs: Inputs, *, m: float, k: float, n: float, precision: str, speed: float = 1.0, kept: float = 1.0) -> float:
    """Return the time of one [m x k] by [k x n] product, in the block that serves it best.

    A sparse kernel works at `speed` times the rate, and reads `kept` of the weights. Where the multiprocessors are not stated
    all are taken to be busy, and so where the source has searched for the best shape.
    """
    spec, size = inputs["device_spec"], element_bytes(precision)
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    rate = speed * gemm_fraction(inputs, precision) * chip_peak_flop_per_s(spec, precision)
    memory_s = size * (m * k + kept * k * n + m * n) / (GPU_SERVING.hbm_fraction * bandwidth)
    compute_s = 2 * m * k * n / (rate * _busy_fraction(inputs, m=m, n=n, precision=precision))
    return max(compute_s, memory_s) + C.gemm_start_s


def _busy_fraction(inputs: Inputs, *, m: float, n: float, precision: str) -> float:
    """Return the useful share of tiles and multiprocessors, in the best block."""
    sm_count = inputs["device_spec"].get("sm_count")
    if inputs.get("best_over_shapes") or precision in _VECTOR:
        return 1.0
    if not sm_count:
        return C.ordinary_fraction
    shares = []
    for rows, columns, reached in _TILES:
        sizes = {"rows": m, "columns": n, "tile_rows": rows, "tile_columns": columns}
        waves = wave_fraction(tiles=tiles_count(**sizes), slots=sm_count)
        shares.append(reached * float(tile_fraction(**sizes) * waves))
    return C.ordinary_fraction * max(shares)


def _is_cdna(inputs: Inputs) -> bool:
    """Return whether the chip is one of AMD's Instinct series."""
    name = str(inputs.get("device") or "").lower()
    return name.startswith("mi") and name[2:3].isdigit()


def gemm_flop_per_s(inputs: Inputs, precision: str) -> float:
    """Return the rate of one product; of the best shape where none is stated."""
    if inputs.get("m") is None and (inputs.get("best_over_shapes") or inputs.get("k") is None):
        return gemm_fraction(inputs, precision) * chip_peak_flop_per_s(inputs["device_spec"], precision)
    m, k, n = inputs_of(inputs, "m", "k", "n")
    return 2 * m * k * n / gemm_s(inputs, m=m, k=k, n=n, precision=precision)
