"""GPUs of workstations and laptops. One record each; peaks are dense, and shared memory is all of the machine's."""

from rooflab.facts.device_sources import (
    ADA_WHITEPAPER,
    APPLE_BANDWIDTH,
    APPLE_NEWSROOM,
    GA102_WHITEPAPER,
    RTX_3060_PAGE,
    RTX_BLACKWELL_WHITEPAPER,
    RTX_PRO_6000_PAGE,
    STRIX_HALO_NOTES,
)
from rooflab.specs import Device, Precision
from rooflab.units import KIB

__all__ = [
    "APPLE_M1",
    "APPLE_M1_MAX",
    "APPLE_M1_PRO",
    "APPLE_M2",
    "RADEON_8060S",
    "RTX_3060",
    "RTX_3090",
    "RTX_4090",
    "RTX_5090",
    "RTX_PRO_6000_BLACKWELL",
]

RTX_3060 = Device(
    id="rtx-3060-12gb",
    name="NVIDIA GeForce RTX 3060 12 GB",
    peak_flop_per_s={
        Precision.FP32: 12.7e12,
        Precision.FP16: 25.5e12,  # with FP32 accumulation
        Precision.INT8: 102e12,
    },
    vector_flop_per_s=12.7e12,
    hbm_bytes_per_s=360e9,
    hbm_bytes=12e9,
    sm_count=28,
    sources={
        RTX_3060_PAGE: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "sm_count"),
    },
)
RTX_3090 = Device(
    id="rtx-3090",
    name="NVIDIA GeForce RTX 3090",
    peak_flop_per_s={
        Precision.FP32: 35.6e12,
        Precision.FP16: 71e12,  # with FP32 accumulation; half of the 142 printed "with sparsity"
        Precision.BF16: 71e12,
    },
    vector_flop_per_s=35.6e12,
    hbm_bytes_per_s=936e9,
    hbm_bytes=24e9,
    tdp_w=350.0,
    sm_count=82,
    l2_bytes=6144 * KIB,
    clock_hz=1.695e9,
    sources={
        GA102_WHITEPAPER: (
            "peak_flop_per_s",
            "vector_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "tdp_w",
            "sm_count",
            "l2_bytes",
            "clock_hz",
        ),
    },
)
RTX_4090 = Device(
    id="rtx-4090",
    name="NVIDIA GeForce RTX 4090",
    peak_flop_per_s={
        Precision.FP32: 82.6e12,
        Precision.FP16: 165.2e12,  # with FP32 accumulation, as all below but INT8; printed beside 330.4 "with sparsity"
        Precision.BF16: 165.2e12,
        Precision.FP8: 330.3e12,
        Precision.INT8: 660.6e12,
    },
    vector_flop_per_s=82.6e12,
    hbm_bytes_per_s=1.008e12,
    hbm_bytes=24e9,
    tdp_w=450.0,
    sm_count=128,
    shared_memory_bytes=100 * KIB,
    l2_bytes=73728 * KIB,
    clock_hz=2.52e9,
    sources={
        ADA_WHITEPAPER: (
            "peak_flop_per_s",
            "vector_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "tdp_w",
            "sm_count",
            "shared_memory_bytes",
            "l2_bytes",
            "clock_hz",
        ),
    },
)
RTX_5090 = Device(
    id="rtx-5090",
    name="NVIDIA GeForce RTX 5090",
    peak_flop_per_s={
        Precision.FP16: 209.5e12,  # with FP32 accumulation, as all below; dense
        Precision.BF16: 209.5e12,
        Precision.FP8: 419e12,
        Precision.FP4: 1676e12,  # printed beside 3352 "with sparsity"
    },
    hbm_bytes_per_s=1.792e12,
    hbm_bytes=32e9,
    tdp_w=575.0,
    sm_count=170,
    clock_hz=2.407e9,
    sources={
        RTX_BLACKWELL_WHITEPAPER: ("peak_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "tdp_w", "sm_count", "clock_hz"),
    },
)
RTX_PRO_6000_BLACKWELL = Device(
    id="rtx-pro-6000-blackwell",
    name="NVIDIA RTX PRO 6000 Blackwell Server Edition",
    peak_flop_per_s={
        Precision.FP32: 120e12,
        Precision.FP16: 500e12,  # an eighth of the 4 PFLOPS of FP4 printed "with sparsity"
        Precision.BF16: 500e12,
        Precision.FP8: 1000e12,
        Precision.FP4: 2000e12,
    },
    vector_flop_per_s=120e12,
    hbm_bytes_per_s=1.597e12,
    hbm_bytes=96e9,
    tdp_w=600.0,
    sm_count=188,
    sources={
        RTX_PRO_6000_PAGE: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "tdp_w", "sm_count"),
    },
)
APPLE_M1 = Device(
    id="apple-m1",
    name="Apple M1 16 GB, its GPU",
    peak_flop_per_s={
        Precision.FP32: 2.6e12,
        Precision.FP16: 2.6e12,
    },
    vector_flop_per_s=2.6e12,
    hbm_bytes_per_s=68.2e9,
    hbm_bytes=16e9,
    sources={
        APPLE_NEWSROOM: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes"),
        APPLE_BANDWIDTH: ("hbm_bytes_per_s",),
    },
)
APPLE_M1_PRO = Device(
    id="apple-m1-pro",
    name="Apple M1 Pro 32 GB, its GPU",
    peak_flop_per_s={
        Precision.FP32: 5.2e12,
        Precision.FP16: 5.2e12,
    },
    vector_flop_per_s=5.2e12,
    hbm_bytes_per_s=204.8e9,
    hbm_bytes=32e9,
    sources={
        APPLE_NEWSROOM: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes"),
        APPLE_BANDWIDTH: ("hbm_bytes_per_s",),
    },
)
APPLE_M1_MAX = Device(
    id="apple-m1-max",
    name="Apple M1 Max 64 GB, its GPU",
    peak_flop_per_s={
        Precision.FP32: 10.4e12,
        Precision.FP16: 10.4e12,
    },
    vector_flop_per_s=10.4e12,
    hbm_bytes_per_s=409.6e9,
    hbm_bytes=64e9,
    sources={
        APPLE_NEWSROOM: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes"),
        APPLE_BANDWIDTH: ("hbm_bytes_per_s",),
    },
)
APPLE_M2 = Device(
    id="apple-m2",
    name="Apple M2 24 GB, its GPU",
    peak_flop_per_s={
        Precision.FP32: 3.6e12,
        Precision.FP16: 3.6e12,
    },
    vector_flop_per_s=3.6e12,
    hbm_bytes_per_s=102.4e9,
    hbm_bytes=24e9,
    sources={
        APPLE_NEWSROOM: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes"),
        APPLE_BANDWIDTH: ("hbm_bytes_per_s",),
    },
)
RADEON_8060S = Device(
    id="radeon-8060s",
    name="AMD Radeon 8060S in Ryzen AI Max+ 395, 128 GB",
    peak_flop_per_s={
        Precision.FP16: 59.4e12,
        Precision.BF16: 59.4e12,
        Precision.INT8: 59.4e12,
    },
    hbm_bytes_per_s=256e9,
    hbm_bytes=128e9,
    tdp_w=120.0,
    sources={
        STRIX_HALO_NOTES: ("peak_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "tdp_w"),
    },
)
