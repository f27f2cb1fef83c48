"""AR glasses: the processor's constants, energies, body and scene. Nearly all of it is assumed."""

from dataclasses import replace

from rooflab.facts.sources import (
    GLASSES_BODY_ASSUMPTION,
    GLASSES_ENERGY_ASSUMPTION,
    GLASSES_IDLE_ASSUMPTION,
    GLASSES_SCENE_ASSUMPTION,
    NPU_ASSUMPTION,
    SKIN_LIMIT,
)
from rooflab.specs import EnergyModel, Npu, Precision, Scene, ThermalBody
from rooflab.units import KIB

__all__ = [
    "GLASSES_BODY",
    "GLASSES_ENERGY",
    "GLASSES_NPU",
    "GLASSES_NPU_FAST",
    "GLASSES_NPU_SLOW",
    "STREET_SCENE",
]

GLASSES_NPU = Npu(
    id="glasses-npu",
    hbm_fraction=0.70,
    matrix_fraction=0.50,
    depthwise_fraction=0.06,
    kernel_start_s=10e-6,
    cores=4,
    core_bytes=64 * KIB,
    sources={
        NPU_ASSUMPTION: (
            "hbm_fraction",
            "matrix_fraction",
            "depthwise_fraction",
            "kernel_start_s",
            "cores",
            "core_bytes",
        ),
    },
)
# The ends of the ranges that the source of GLASSES_NPU names.
GLASSES_NPU_FAST = replace(
    GLASSES_NPU,
    id="glasses-npu-fast",
    hbm_fraction=0.80,
    matrix_fraction=0.70,
    depthwise_fraction=0.12,
    kernel_start_s=5e-6,
)
GLASSES_NPU_SLOW = replace(
    GLASSES_NPU,
    id="glasses-npu-slow",
    hbm_fraction=0.60,
    matrix_fraction=0.30,
    depthwise_fraction=0.03,
    kernel_start_s=30e-6,
)

GLASSES_ENERGY = EnergyModel(
    id="glasses-energy",
    matrix_j_per_flop={Precision.FP16: 2.0e-12, Precision.INT8: 0.8e-12},
    vector_j_per_flop=2.0e-12,
    dram_j_per_byte=100e-12,
    static_w=0.30,
    idle_w=0.85,
    capture_j=2.5e-3,
    sources={
        GLASSES_ENERGY_ASSUMPTION: (
            "matrix_j_per_flop",
            "vector_j_per_flop",
            "dram_j_per_byte",
            "static_w",
        ),
        GLASSES_IDLE_ASSUMPTION: ("idle_w", "capture_j"),
    },
)

GLASSES_BODY = ThermalBody(
    id="glasses-body",
    resistance_k_per_w=10.0,
    capacity_j_per_k=30.0,
    limit_c=43.0,
    resume_c=41.0,
    throttle_clock_fraction=0.5,
    throttle_voltage_fraction=0.8,
    sources={
        SKIN_LIMIT: ("limit_c",),
        GLASSES_BODY_ASSUMPTION: (
            "resistance_k_per_w",
            "capacity_j_per_k",
            "resume_c",
            "throttle_clock_fraction",
            "throttle_voltage_fraction",
        ),
    },
)

STREET_SCENE = Scene(
    id="street-scene",
    patches=10,
    phrase_tokens=16,
    frame_acceptance_fraction=0.85,
    check_fraction=0.05,
    token_acceptance_fraction=0.7,
    draft_fraction=0.1,
    expert_size_fraction={1: 1.0, 4: 0.5, 8: 0.35},
    sources={
        GLASSES_SCENE_ASSUMPTION: (
            "patches",
            "phrase_tokens",
            "frame_acceptance_fraction",
            "check_fraction",
            "token_acceptance_fraction",
            "draft_fraction",
            "expert_size_fraction",
        ),
    },
)
