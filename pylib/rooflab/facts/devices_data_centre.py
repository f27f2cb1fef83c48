"""Accelerators of data centres that no track offers. One record each; peaks are dense."""

from rooflab.facts.device_sources import B200_BRIEF, H200_DATASHEET
from rooflab.facts.devices_tracks import A100_SXM_80GB
from rooflab.specs import Device, Precision
from rooflab.units import GIB, KIB

__all__ = ["A100_SXM_40GB", "B200", "H200_SXM"]

A100_SXM_40GB = Device(
    id="a100-sxm-40gb",
    name="NVIDIA A100 SXM4 40 GB",
    peak_flop_per_s={
        Precision.FP16: 312e12,
        Precision.BF16: 312e12,
        Precision.INT8: 624e12,
    },
    vector_flop_per_s=19.5e12,
    hbm_bytes_per_s=1.555e12,
    hbm_bytes=40 * GIB,
    link_bytes_per_s=300e9,
    tdp_w=400.0,
    idle_w=50.0,
    sm_count=108,
    shared_memory_bytes=164 * KIB,
    line_bytes=128,
    l2_bytes=40e6,
    clock_hz=1.41e9,
    sources=A100_SXM_80GB.sources,
)
H200_SXM = Device(
    id="h200-sxm",
    name="NVIDIA H200 SXM 141 GB",
    peak_flop_per_s={
        Precision.FP16: 989e12,
        Precision.BF16: 989e12,
        Precision.FP8: 1979e12,
    },
    hbm_bytes_per_s=4.8e12,
    hbm_bytes=141e9,
    link_bytes_per_s=450e9,
    tdp_w=700.0,
    sources={
        H200_DATASHEET: (
            "peak_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "link_bytes_per_s",
            "tdp_w",
        ),
    },
)
B200 = Device(
    id="b200",
    name="NVIDIA B200 180 GB",
    peak_flop_per_s={
        Precision.FP16: 2250e12,
        Precision.BF16: 2250e12,
        Precision.FP8: 4500e12,
        Precision.FP4: 9000e12,
    },
    hbm_bytes_per_s=8.0e12,
    hbm_bytes=180e9,
    link_bytes_per_s=900e9,
    tdp_w=1000.0,
    sources={
        B200_BRIEF: (
            "peak_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "link_bytes_per_s",
            "tdp_w",
        ),
    },
)
