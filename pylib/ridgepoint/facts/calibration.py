"""The constants that no datasheet gives: shares of a peak, and fixed times."""

from ridgepoint.facts.sources import (
    CUDA_GRAPHS_BLOG,
    GEMM_ESTIMATE,
    GPT_FAST_FIT,
    GRAPH_ESTIMATE,
    HOST_LAUNCH_ESTIMATE,
    RESERVE_ESTIMATE,
)
from ridgepoint.specs import Calibration

__all__ = ["GPU_SERVING"]

GPU_SERVING = Calibration(
    id="gpu-serving",
    hbm_fraction=0.85,
    gemm_fraction=0.70,
    attention_fraction=0.65,
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
        CUDA_GRAPHS_BLOG: ("stream_gap_s",),
        GRAPH_ESTIMATE: ("graph_gap_s", "graph_launch_s"),
        HOST_LAUNCH_ESTIMATE: ("host_launch_s",),
        RESERVE_ESTIMATE: ("reserve_fraction",),
    },
)
