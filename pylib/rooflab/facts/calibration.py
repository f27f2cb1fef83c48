"""The constants that no datasheet gives: shares of a peak, and fixed times."""

from dataclasses import replace

from rooflab.facts.sources import (
    ATTENTION_ESTIMATE,
    CACHE_SHARE,
    CUDA_GRAPHS_BLOG,
    GRAPH_ESTIMATE,
    HOST_LAUNCH_ESTIMATE,
    NCCL_ESTIMATE,
    ONE_BY_ONE_FIT,
    SERVING_FIT,
)
from rooflab.specs import Band, Calibration

__all__ = [
    "EDGE_BANDS",
    "GPU_SERVING",
    "GPU_SERVING_FAST",
    "GPU_SERVING_SLOW",
    "MOBILE_BANDS",
    "ONE_BY_ONE_SERVING",
    "SERVING_BANDS",
    "TINY_BANDS",
]

_FITTED = (
    "hbm_fraction",
    "kv_fraction",
    "gemm_fraction",
    "narrow_gemm_fraction",
    "four_bit_gemm_fraction",
    "grouped_gemm_fraction",
    "kernel_ramp_s",
    "all_reduce_s",
    "ring_hop_s",
    "unpack_flop",
    "reserve_fraction",
)
_OTHERS = {
    ATTENTION_ESTIMATE: ("attention_fraction",),
    NCCL_ESTIMATE: ("link_fraction",),
    CUDA_GRAPHS_BLOG: ("stream_gap_s",),
    GRAPH_ESTIMATE: ("graph_gap_s", "graph_launch_s"),
    HOST_LAUNCH_ESTIMATE: ("host_launch_s",),
    CACHE_SHARE: ("free_fraction",),
}

GPU_SERVING = Calibration(
    id="gpu-serving",
    hbm_fraction=0.85,
    kv_fraction=0.90,
    gemm_fraction=0.66,
    narrow_gemm_fraction=0.65,
    four_bit_gemm_fraction=0.40,
    grouped_gemm_fraction=0.50,
    attention_fraction=0.65,
    link_fraction=0.77,
    kernel_ramp_s=5.6e-6,
    stream_gap_s=1e-6,
    graph_gap_s=0.5e-6,
    graph_launch_s=10e-6,
    host_launch_s=8e-6,
    all_reduce_s=3e-6,
    ring_hop_s=5e-6,
    unpack_flop=1.9,
    reserve_fraction=0.09,
    free_fraction=0.90,
    sources={SERVING_FIT: _FITTED, **_OTHERS},
)
# Stacks that start every kernel from the host and wait for it.
ONE_BY_ONE_SERVING = replace(
    GPU_SERVING,
    id="one-by-one-serving",
    kernel_ramp_s=19e-6,
    sources={
        SERVING_FIT: tuple(each for each in _FITTED if each != "kernel_ramp_s"),
        ONE_BY_ONE_FIT: ("kernel_ramp_s",),
        **_OTHERS,
    },
)
# The ends of the ranges of the constants that times depend on.
GPU_SERVING_FAST = replace(
    GPU_SERVING,
    id="gpu-serving-fast",
    hbm_fraction=0.88,
    kv_fraction=0.97,
    gemm_fraction=0.73,
    narrow_gemm_fraction=0.71,
    four_bit_gemm_fraction=0.48,
    grouped_gemm_fraction=0.60,
    attention_fraction=0.73,
    link_fraction=0.90,
    kernel_ramp_s=5e-6,
    host_launch_s=5e-6,
    all_reduce_s=2e-6,
    ring_hop_s=4e-6,
    unpack_flop=1.0,
)
GPU_SERVING_SLOW = replace(
    GPU_SERVING,
    id="gpu-serving-slow",
    hbm_fraction=0.82,
    kv_fraction=0.84,
    gemm_fraction=0.60,
    narrow_gemm_fraction=0.60,
    four_bit_gemm_fraction=0.34,
    grouped_gemm_fraction=0.40,
    attention_fraction=0.50,
    link_fraction=0.60,
    kernel_ramp_s=6.4e-6,
    host_launch_s=20e-6,
    all_reduce_s=30e-6,
    ring_hop_s=7e-6,
    unpack_flop=2.6,
)

# Grades of this pipeline on the published rows, by topic; a test grades it anew. Fused attention only: no published row
# has the eager kernel.
SERVING_BANDS: tuple[Band, ...] = (
    Band(topic="decode", rows=30, median_fraction=0.04, p90_fraction=0.13),
    Band(topic="prefill", rows=11, median_fraction=0.13, p90_fraction=0.26),
    Band(topic="serving", rows=23, median_fraction=0.06, p90_fraction=0.15),
    Band(topic="moe", rows=13, median_fraction=0.07, p90_fraction=0.20),
)

# Graded rows that the other tracks evaluate: too few to validate anything, so an instrument shows the range
# over the assumed constants instead. The microcontroller's rows fitted its cycles and are not graded.
EDGE_BANDS: tuple[Band, ...] = (Band(topic="edge", rows=1),)
TINY_BANDS: tuple[Band, ...] = (Band(topic="mcu", rows=0),)
MOBILE_BANDS: tuple[Band, ...] = (Band(topic="glasses", rows=0),)
