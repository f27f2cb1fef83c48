"""Modules for robots, and a phone's GPU, that no track offers. One record each; peaks are dense."""

from rooflab.facts.device_sources import ADRENO_TABLE, JETSON_THOR_FORUM, JETSON_THOR_PAGE, ORIN_NX_DATASHEET
from rooflab.specs import Device, Precision
from rooflab.units import KIB

__all__ = ["ADRENO_640", "JETSON_ORIN_NX", "JETSON_THOR"]

JETSON_ORIN_NX = Device(
    id="jetson-orin-nx-16gb",
    name="NVIDIA Jetson Orin NX 16 GB",
    peak_flop_per_s={
        Precision.FP16: 15e12,
        Precision.INT8: 30e12,  # half of the GPU's 60 TOPS "with sparsity"
    },
    hbm_bytes_per_s=102.4e9,
    hbm_bytes=16e9,
    tdp_w=25.0,
    dla_flop_per_s=20e12,
    sm_count=8,
    sources={
        ORIN_NX_DATASHEET: ("peak_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "tdp_w", "dla_flop_per_s", "sm_count"),
    },
)
JETSON_THOR = Device(
    id="jetson-thor-t5000",
    name="NVIDIA Jetson Thor T5000 128 GB",
    peak_flop_per_s={
        Precision.FP16: 258.5e12,
        Precision.BF16: 258.5e12,
        Precision.FP8: 517e12,
        Precision.FP4: 1035e12,  # half of the 2070 TFLOPS printed "with sparsity"
    },
    hbm_bytes_per_s=273e9,
    hbm_bytes=128e9,
    tdp_w=130.0,
    sm_count=20,
    shared_memory_bytes=228 * KIB,
    l2_bytes=32 * KIB * KIB,
    sources={
        JETSON_THOR_PAGE: ("peak_flop_per_s", "hbm_bytes_per_s", "hbm_bytes", "tdp_w"),
        JETSON_THOR_FORUM: ("sm_count", "shared_memory_bytes", "l2_bytes"),
    },
)
ADRENO_640 = Device(
    id="adreno-640",
    name="Qualcomm Adreno 640 in Snapdragon 855",
    peak_flop_per_s={
        Precision.FP32: 1.0368e12,
    },
    vector_flop_per_s=1.0368e12,
    hbm_bytes_per_s=34.1e9,
    sources={
        ADRENO_TABLE: ("peak_flop_per_s", "vector_flop_per_s", "hbm_bytes_per_s"),
    },
)
