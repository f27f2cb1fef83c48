"""Accelerators of data centres that no track offers. One record each; peaks are dense."""

from rooflab.facts.device_sources import (
    A100_PCIE_DATASHEET,
    B200_BRIEF,
    GB200_DATASHEET,
    GH200_DATASHEET,
    H100_PCIE_DATASHEET,
    H200_DATASHEET,
    H800_REPORT,
    L40S_DATASHEET,
    L4_DATASHEET,
    MI300X_DATASHEET,
    MI325X_DATASHEET,
    ROOFLINE_PAPER,
    TPU_TABLE,
    V100_WHITEPAPER,
)
from rooflab.facts.devices_tracks import A100_SXM_80GB
from rooflab.specs import Device, Precision
from rooflab.units import GIB, KIB

__all__ = [
    "A100_PCIE_80GB",
    "A100_SXM_40GB",
    "B200",
    "GB200",
    "GH200_96GB",
    "H100_PCIE",
    "H200_SXM",
    "H800_SXM",
    "L4",
    "L40S",
    "MI300X",
    "MI325X",
    "OPTERON_X2",
    "TPU_V4",
    "TPU_V5E",
    "TPU_V5P",
    "TPU_V6E",
    "V100_SXM",
]

A100_SXM_40GB = Device(
    id="a100-sxm-40gb",
    name="NVIDIA A100 SXM4 40 GB",
    peak_flop_per_s={
        Precision.FP32: 19.5e12,
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
A100_PCIE_80GB = Device(
    id="a100-pcie-80gb",
    name="NVIDIA A100 PCIe 80 GB",
    peak_flop_per_s={
        Precision.FP32: 19.5e12,
        Precision.FP16: 312e12,
        Precision.BF16: 312e12,
        Precision.INT8: 624e12,
    },
    vector_flop_per_s=19.5e12,
    hbm_bytes_per_s=1.935e12,
    hbm_bytes=80 * GIB,
    tdp_w=300.0,
    sm_count=108,
    sources={
        A100_PCIE_DATASHEET: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "tdp_w", "sm_count"),
    },
)
H100_PCIE = Device(
    id="h100-pcie",
    name="NVIDIA H100 PCIe 80 GB",
    peak_flop_per_s={
        Precision.FP32: 51e12,
        Precision.FP16: 756e12,  # half of the 1513 TFLOPS printed "with sparsity"
        Precision.BF16: 756e12,
        Precision.FP8: 1513e12,
        Precision.INT8: 1513e12,
    },
    vector_flop_per_s=51e12,
    hbm_bytes_per_s=2.0e12,
    hbm_bytes=80 * GIB,
    tdp_w=350.0,
    sm_count=114,
    sources={
        H100_PCIE_DATASHEET: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "tdp_w", "sm_count"),
    },
)
H800_SXM = Device(
    id="h800-sxm",
    name="NVIDIA H800 SXM",
    peak_flop_per_s={
        Precision.BF16: 989e12,
    },
    link_bytes_per_s=160e9,
    sources={
        H800_REPORT: ("peak_flop_per_s", "link_bytes_per_s"),
    },
)
GH200_96GB = Device(
    id="gh200-96gb",
    name="NVIDIA GH200 96 GB",
    peak_flop_per_s={
        Precision.FP32: 67e12,
        Precision.FP16: 989e12,  # half of the figure printed "with sparsity", as all below
        Precision.BF16: 989e12,
        Precision.FP8: 1979e12,
        Precision.INT8: 1979e12,
    },
    vector_flop_per_s=67e12,
    hbm_bytes_per_s=4.0e12,
    hbm_bytes=96e9,
    sm_count=132,
    sources={
        GH200_DATASHEET: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "sm_count"),
    },
)
GB200 = Device(
    id="gb200",
    name="NVIDIA GB200, one GPU",
    peak_flop_per_s={
        Precision.FP16: 2500e12,  # half of the figure "with sparsity", as all below
        Precision.BF16: 2500e12,
        Precision.FP8: 5000e12,
        Precision.FP4: 10000e12,
    },
    hbm_bytes_per_s=8.0e12,
    hbm_bytes=186e9,
    link_bytes_per_s=900e9,
    tdp_w=1200.0,
    sources={
        GB200_DATASHEET: ("peak_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "tdp_w"),
        B200_BRIEF: ("link_bytes_per_s",),
    },
)
V100_SXM = Device(
    id="v100",
    name="NVIDIA V100 SXM2 32 GB",
    peak_flop_per_s={
        Precision.FP64: 7.8e12,
        Precision.FP32: 15.7e12,
        Precision.FP16: 125e12,
    },
    vector_flop_per_s=15.7e12,
    hbm_bytes_per_s=900e9,
    hbm_bytes=32e9,
    link_bytes_per_s=150e9,
    tdp_w=300.0,
    sm_count=80,
    l2_bytes=6144 * KIB,
    clock_hz=1.53e9,
    sources={
        V100_WHITEPAPER: (
            "peak_flop_per_s",
            "vector_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "link_bytes_per_s",
            "tdp_w",
            "sm_count",
            "l2_bytes",
            "clock_hz",
        ),
    },
)
L4 = Device(
    id="l4",
    name="NVIDIA L4",
    peak_flop_per_s={
        Precision.FP32: 30.3e12,
        Precision.FP16: 121e12,  # half of the 242 TFLOPS printed "with sparsity", as all below
        Precision.BF16: 121e12,
        Precision.FP8: 242.5e12,
        Precision.INT8: 242.5e12,
    },
    vector_flop_per_s=30.3e12,
    hbm_bytes_per_s=300e9,
    hbm_bytes=24e9,
    link_bytes_per_s=32e9,
    tdp_w=72.0,
    sources={
        L4_DATASHEET: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "link_bytes_per_s", "tdp_w"),
    },
)
L40S = Device(
    id="l40s",
    name="NVIDIA L40S",
    peak_flop_per_s={
        Precision.FP32: 91.6e12,
        Precision.FP16: 362e12,  # printed beside 733 "with sparsity"
        Precision.BF16: 362e12,
        Precision.FP8: 733e12,
        Precision.INT8: 733e12,
    },
    vector_flop_per_s=91.6e12,
    hbm_bytes_per_s=864e9,
    hbm_bytes=48e9,
    link_bytes_per_s=32e9,
    tdp_w=350.0,
    sm_count=142,
    sources={
        L40S_DATASHEET: (
            "peak_flop_per_s",
            "vector_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "link_bytes_per_s",
            "tdp_w",
            "sm_count",
        ),
    },
)
MI300X = Device(
    id="mi300x",
    name="AMD Instinct MI300X",
    peak_flop_per_s={
        Precision.FP32: 163.4e12,
        Precision.FP16: 1307.4e12,
        Precision.BF16: 1307.4e12,
        Precision.FP8: 2614.9e12,
    },
    vector_flop_per_s=163.4e12,
    hbm_bytes_per_s=5.3e12,
    hbm_bytes=192e9,
    tdp_w=750.0,
    sm_count=304,
    shared_memory_bytes=64 * KIB,
    l2_bytes=32 * KIB * KIB,
    sources={
        MI300X_DATASHEET: (
            "peak_flop_per_s",
            "vector_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "tdp_w",
            "sm_count",
            "shared_memory_bytes",
            "l2_bytes",
        ),
    },
)
MI325X = Device(
    id="mi325x",
    name="AMD Instinct MI325X",
    peak_flop_per_s={
        Precision.FP32: 163.4e12,
        Precision.FP16: 1307.4e12,
        Precision.BF16: 1307.4e12,
        Precision.FP8: 2614.9e12,
    },
    vector_flop_per_s=163.4e12,
    hbm_bytes_per_s=6.0e12,
    hbm_bytes=256e9,
    tdp_w=1000.0,
    sm_count=304,
    shared_memory_bytes=64 * KIB,
    l2_bytes=32 * KIB * KIB,
    sources={
        MI325X_DATASHEET: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "tdp_w"),
        MI300X_DATASHEET: ("sm_count", "shared_memory_bytes", "l2_bytes"),
    },
)
TPU_V4 = Device(
    id="tpu-v4",
    name="Google TPU v4",
    peak_flop_per_s={
        Precision.BF16: 275e12,
        Precision.INT8: 275e12,
    },
    hbm_bytes_per_s=1.2e12,
    hbm_bytes=32e9,
    sources={
        TPU_TABLE: ("peak_flop_per_s", "hbm_bytes_per_s", "hbm_bytes"),
    },
)
TPU_V5E = Device(
    id="tpu-v5e",
    name="Google TPU v5e",
    peak_flop_per_s={
        Precision.BF16: 197e12,
        Precision.INT8: 394e12,
    },
    hbm_bytes_per_s=8.2e11,
    hbm_bytes=16e9,
    sources={
        TPU_TABLE: ("peak_flop_per_s", "hbm_bytes_per_s", "hbm_bytes"),
    },
)
TPU_V5P = Device(
    id="tpu-v5p",
    name="Google TPU v5p",
    peak_flop_per_s={
        Precision.BF16: 459e12,
        Precision.INT8: 918e12,
    },
    hbm_bytes_per_s=2.8e12,
    hbm_bytes=96e9,
    sources={
        TPU_TABLE: ("peak_flop_per_s", "hbm_bytes_per_s", "hbm_bytes"),
    },
)
TPU_V6E = Device(
    id="tpu-v6e",
    name="Google TPU v6e",
    peak_flop_per_s={
        Precision.BF16: 920e12,
        Precision.INT8: 1840e12,
    },
    hbm_bytes_per_s=1.6e12,
    hbm_bytes=32e9,
    sources={
        TPU_TABLE: ("peak_flop_per_s", "hbm_bytes_per_s", "hbm_bytes"),
    },
)
OPTERON_X2 = Device(
    id="opteron-x2",
    name="AMD Opteron X2, two sockets (2005)",
    peak_flop_per_s={
        Precision.FP64: 17.6e9,
    },
    hbm_bytes_per_s=15e9,
    sources={
        ROOFLINE_PAPER: ("peak_flop_per_s", "hbm_bytes_per_s"),
    },
)
