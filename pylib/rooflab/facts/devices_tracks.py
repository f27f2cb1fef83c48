"""The devices that the tracks offer. One record each; peaks are dense."""

from rooflab.facts.sources import (
    A100_DATASHEET,
    AMPERE_HOPPER_WHITEPAPERS,
    AR_GLASSES_ASSUMPTION,
    H100_DATASHEET,
    IDLE_EXPERIENCE,
    JETSON_NANO_MEMORY,
    JETSON_NANO_NOTES,
    JETSON_ORIN_DATASHEET,
    JETSON_ORIN_MEMORY,
)
from rooflab.specs import Device, Precision
from rooflab.units import GIB, KIB

__all__ = ["A100_SXM_80GB", "AR_GLASSES", "H100_SXM", "JETSON_AGX_ORIN", "JETSON_ORIN_NANO"]

A100_SXM_80GB = Device(
    id="a100-sxm-80gb",
    name="NVIDIA A100 SXM4 80 GB",
    peak_flop_per_s={
        Precision.FP32: 19.5e12,
        Precision.FP16: 312e12,
        Precision.BF16: 312e12,
        Precision.INT8: 624e12,
    },
    vector_flop_per_s=19.5e12,
    hbm_bytes_per_s=2.039e12,
    hbm_bytes=80 * GIB,
    link_bytes_per_s=300e9,
    tdp_w=400.0,
    idle_w=50.0,
    sm_count=108,
    shared_memory_bytes=164 * KIB,
    line_bytes=128,
    l2_bytes=40e6,
    clock_hz=1.41e9,
    sources={
        A100_DATASHEET: (
            "peak_flop_per_s",
            "vector_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "link_bytes_per_s",
            "tdp_w",
        ),
        AMPERE_HOPPER_WHITEPAPERS: (
            "sm_count",
            "shared_memory_bytes",
            "line_bytes",
            "l2_bytes",
            "clock_hz",
        ),
        IDLE_EXPERIENCE: ("idle_w",),
    },
)
H100_SXM = Device(
    id="h100-sxm",
    name="NVIDIA H100 SXM5 80 GB",
    peak_flop_per_s={
        Precision.FP32: 67e12,
        Precision.FP16: 989e12,  # dense: half of the 1979 TFLOPS printed "with sparsity"
        Precision.BF16: 989e12,
        Precision.FP8: 1979e12,
        Precision.INT8: 1979e12,
    },
    vector_flop_per_s=67e12,
    hbm_bytes_per_s=3.35e12,
    hbm_bytes=80 * GIB,
    link_bytes_per_s=450e9,
    tdp_w=700.0,
    idle_w=70.0,
    sm_count=132,
    shared_memory_bytes=228 * KIB,
    line_bytes=128,
    l2_bytes=50e6,
    sources={
        H100_DATASHEET: (
            "peak_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "link_bytes_per_s",
            "tdp_w",
        ),
        AMPERE_HOPPER_WHITEPAPERS: (
            "vector_flop_per_s",
            "sm_count",
            "shared_memory_bytes",
            "line_bytes",
            "l2_bytes",
        ),
        IDLE_EXPERIENCE: ("idle_w",),
    },
)
JETSON_AGX_ORIN = Device(
    id="jetson-agx-orin-64gb",
    name="NVIDIA Jetson AGX Orin 64 GB",
    peak_flop_per_s={
        Precision.FP32: 5.3e12,
        Precision.FP16: 42.5e12,
        Precision.INT8: 85e12,
    },
    vector_flop_per_s=5.3e12,
    hbm_bytes_per_s=204.8e9,
    hbm_bytes=64e9,
    tdp_w=60.0,
    dla_flop_per_s=52.5e12,
    sm_count=16,
    line_bytes=128,
    l2_bytes=4e6,
    clock_hz=1.3e9,
    sources={
        JETSON_ORIN_DATASHEET: (
            "peak_flop_per_s",
            "vector_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "tdp_w",
            "dla_flop_per_s",
            "sm_count",
            "clock_hz",
        ),
        JETSON_ORIN_MEMORY: ("line_bytes", "l2_bytes"),
    },
)
JETSON_ORIN_NANO = Device(
    id="jetson-orin-nano-8gb-super",
    name="NVIDIA Jetson Orin Nano 8 GB, Super mode",
    peak_flop_per_s={
        Precision.FP32: 2.09e12,  # 1024 cores at 1.02 GHz
        Precision.FP16: 16.7e12,
        Precision.INT8: 33.5e12,
    },
    hbm_bytes_per_s=102e9,
    hbm_bytes=8e9,
    tdp_w=25.0,
    sources={
        JETSON_NANO_NOTES: ("peak_flop_per_s", "hbm_bytes"),
        JETSON_NANO_MEMORY: ("hbm_bytes_per_s", "tdp_w"),
    },
)
AR_GLASSES = Device(
    id="ar-glasses",
    name="AR-glasses-class system on chip (assumed)",
    peak_flop_per_s={
        Precision.FP16: 2e12,
        Precision.INT8: 4e12,
    },
    vector_flop_per_s=0.25e12,
    hbm_bytes_per_s=17.1e9,
    sources={
        AR_GLASSES_ASSUMPTION: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes_per_s"),
    },
)
