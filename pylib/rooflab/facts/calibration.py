"""The constants that no datasheet gives: shares of a peak, and fixed times."""

from dataclasses import replace

from rooflab.facts.sources import (
    CUDA_GRAPHS_BLOG,
    GEMM_ESTIMATE,
    GPT_FAST_FIT,
    GRAPH_ESTIMATE,
    HOST_LAUNCH_ESTIMATE,
    NCCL_ESTIMATE,
    RESERVE_ESTIMATE,
)
from rooflab.specs import Band, Calibration

__all__ = [
    "EDGE_BANDS",
    "GPU_SERVING",
    "GPU_SERVING_FAST",
    "GPU_SERVING_SLOW",
    "MOBILE_BANDS",
    "SERVING_BANDS",
    "TINY_BANDS",
]

GPU_SERVING = Calibration(
    id="gpu-serving",
    hbm_fraction=0.85,
    gemm_fraction=0.70,
    attention_fraction=0.65,
    link_fraction=0.77,
    kernel_ramp_s=5.5e-6,
    stream_gap_s=1e-6,
    graph_gap_s=0.5e-6,
    graph_launch_s=10e-6,
    host_launch_s=8e-6,
    all_reduce_s=5e-6,
    unpack_flop=2.26,
    reserve_fraction=0.05,
    sources={
        GPT_FAST_FIT: ("hbm_fraction", "kernel_ramp_s", "all_reduce_s", "unpack_flop"),
        GEMM_ESTIMATE: ("gemm_fraction", "attention_fraction"),
        NCCL_ESTIMATE: ("link_fraction",),
        CUDA_GRAPHS_BLOG: ("stream_gap_s",),
        GRAPH_ESTIMATE: ("graph_gap_s", "graph_launch_s"),
        HOST_LAUNCH_ESTIMATE: ("host_launch_s",),
        RESERVE_ESTIMATE: ("reserve_fraction",),
    },
)
# The ends of the ranges that the sources of GPU_SERVING name.
GPU_SERVING_FAST = replace(
    GPU_SERVING,
    id="gpu-serving-fast",
    hbm_fraction=0.90,
    gemm_fraction=0.80,
    attention_fraction=0.73,
    link_fraction=0.90,
    kernel_ramp_s=4.5e-6,
    host_launch_s=5e-6,
    all_reduce_s=2e-6,
    unpack_flop=1.2,
)
GPU_SERVING_SLOW = replace(
    GPU_SERVING,
    id="gpu-serving-slow",
    hbm_fraction=0.77,
    gemm_fraction=0.60,
    attention_fraction=0.50,
    link_fraction=0.60,
    kernel_ramp_s=7.0e-6,
    host_launch_s=20e-6,
    all_reduce_s=30e-6,
    unpack_flop=2.9,
)

# Grades of this pipeline on the published rows of dense models; a test grades it anew. Fused
# attention only: no published row has the eager kernel. Short prompts come out too fast, since
# arithmetic and traffic overlap less in small products than a roofline says.
SERVING_BANDS: tuple[Band, ...] = (
    Band(topic="decode", rows=11, median_fraction=0.06, p90_fraction=0.12),
    Band(topic="prefill", rows=8, median_fraction=0.30, p90_fraction=0.48),
)

# Graded rows behind the other kinds: too few to validate anything, so an instrument shows the range
# over the assumed constants instead. The microcontroller's rows fitted its cycles and are not graded.
EDGE_BANDS: tuple[Band, ...] = (Band(topic="edge", rows=4),)
TINY_BANDS: tuple[Band, ...] = (Band(topic="mcu", rows=0),)
MOBILE_BANDS: tuple[Band, ...] = (Band(topic="glasses", rows=0),)
