"""Single kernels and chips: sparse products, ridge points, and starts of kernels."""

from typing import Any

from rooflab.facts.calibration import GPU_SERVING
from rooflab.measured.device import chip_peak_flop_per_s, element_bytes, sm_clock_flop
from rooflab.measured.gemm import gemm_s
from rooflab.measured.kernel_constants import KERNELS as C
from rooflab.measured.rows import RowError, inputs_of

__all__ = ["launch_time_per_kernel_s", "ridge_flop_per_byte", "sparsity_speedup"]

Inputs = dict[str, Any]

# To start a kernel and wait for it: NVIDIA, Getting Started with CUDA Graphs (V100).
_SYNC_S = 6.7e-6
_AMPERE_FLOP = 2048  # of an SM in a clock, in 16 bits


def sparsity_speedup(inputs: Inputs) -> float:
    """Return the time of a dense product by that of the same one with 2:4 sparse weights."""
    m, k, n, precision = inputs_of(inputs, "m", "k", "n", "precision")
    newer = sm_clock_flop(inputs["device_spec"]) > _AMPERE_FLOP
    speed = 2 * (C.hopper_sparse_fraction if newer else C.ampere_sparse_fraction)
    kept = 0.5 + 2 / 8 * 0.5 / element_bytes(precision)  # half of the values, and 2 bits for each kept one
    sizes = {"m": m, "k": k, "n": n, "precision": precision}
    return gemm_s(inputs, **sizes) / gemm_s(inputs, **sizes, speed=speed, kept=kept)


def ridge_flop_per_byte(inputs: Inputs) -> float:
    """Return the intensity at which the two roofs of a device meet."""
    (precision,) = inputs_of(inputs, "precision")
    (bandwidth,) = inputs_of(inputs["device_spec"], "hbm_bytes_per_s")
    return chip_peak_flop_per_s(inputs["device_spec"], precision) / bandwidth


def launch_time_per_kernel_s(inputs: Inputs) -> float:
    """Return the wall time of each kernel of a long series, its start included."""
    kernel_s, mode = inputs_of(inputs, "kernel_time_s", "launch_mode")
    spec = inputs["device_spec"]
    overhead = {
        "sync": spec.get("launch_sync_s") or _SYNC_S,
        "async": spec.get("launch_async_gap_s") or GPU_SERVING.stream_gap_s,
        "graph": GPU_SERVING.graph_gap_s,
    }
    if mode not in overhead:
        raise RowError(f"No launch mode {mode!r}; there are {', '.join(overhead)}.")
    # The gap in a graph is that of a published mean, which its own launch is part of.
    return kernel_s + overhead[mode]
