"""The vehicle's loop: the computer's constants, cameras and road, and what sporadically delays a frame."""

from dataclasses import replace

from rooflab.facts.sources import (
    CUDA_GUIDE,
    LOOP_MACHINE_ASSUMPTION,
    LOOP_NOISE_ASSUMPTION,
    LOOP_SPIKE_ASSUMPTION,
    OBSERVER_ASSUMPTION,
    ORIN_CLOCK_RANGE,
    RIG_ASSUMPTION,
)
from rooflab.specs import VehicleComputer, Rig, Spike
from rooflab.units import KIB

__all__ = [
    "CLOCK_DROP",
    "CORE_TAKEN",
    "CROWDED_BOXES",
    "GPU_TAKEN",
    "ORIN_LOOP",
    "ORIN_LOOP_FAST",
    "ORIN_LOOP_SLOW",
    "PAGE_FAULT",
    "STREET_RIG",
]

ORIN_LOOP = VehicleComputer(
    id="orin-loop",
    hbm_fraction=0.75,
    matrix_fraction=0.70,
    vector_fraction=0.50,
    sparse_factor=1.6,
    pair_fraction=0.60,
    tile_places=16,
    tile_rows=64,
    tile_columns=64,
    on_chip_bytes=164 * KIB,
    kernel_start_s=5e-6,
    stream_gap_s=1e-6,
    graph_gap_s=0.5e-6,
    graph_launch_s=20e-6,
    host_launch_s=25e-6,
    pageable_bytes_per_s=4e9,
    pinned_bytes_per_s=16e9,
    mapped_fraction=0.40,
    locked_clock_fraction=0.90,
    reserved_cpu_factor=1.15,
    box_pair_s=3e-9,
    suppressed_boxes=1024,
    suppression_kernels=24,
    plan_s=2.0e-3,
    observer_fraction=0.15,
    gpu_noise_factor=0.04,
    locked_noise_factor=0.01,
    cpu_noise_factor=0.08,
    reserved_noise_factor=0.03,
    copy_noise_factor=0.12,
    boxes_noise_factor=0.20,
    workspace_bytes=16e6,
    sources={
        CUDA_GUIDE: ("on_chip_bytes",),
        OBSERVER_ASSUMPTION: ("observer_fraction",),
        LOOP_NOISE_ASSUMPTION: (
            "gpu_noise_factor",
            "locked_noise_factor",
            "cpu_noise_factor",
            "reserved_noise_factor",
            "copy_noise_factor",
            "boxes_noise_factor",
        ),
        LOOP_MACHINE_ASSUMPTION: (
            "hbm_fraction",
            "matrix_fraction",
            "vector_fraction",
            "sparse_factor",
            "pair_fraction",
            "tile_places",
            "tile_rows",
            "tile_columns",
            "kernel_start_s",
            "stream_gap_s",
            "graph_gap_s",
            "graph_launch_s",
            "host_launch_s",
            "pageable_bytes_per_s",
            "pinned_bytes_per_s",
            "mapped_fraction",
            "locked_clock_fraction",
            "reserved_cpu_factor",
            "box_pair_s",
            "suppressed_boxes",
            "suppression_kernels",
            "plan_s",
            "workspace_bytes",
        ),
    },
)
# The ends of the ranges that the source of ORIN_LOOP names.
ORIN_LOOP_FAST = replace(
    ORIN_LOOP,
    id="orin-loop-fast",
    hbm_fraction=0.85,
    matrix_fraction=0.80,
    kernel_start_s=3e-6,
    host_launch_s=12e-6,
    pageable_bytes_per_s=6e9,
    plan_s=1.5e-3,
)
ORIN_LOOP_SLOW = replace(
    ORIN_LOOP,
    id="orin-loop-slow",
    hbm_fraction=0.65,
    matrix_fraction=0.50,
    kernel_start_s=8e-6,
    host_launch_s=40e-6,
    pageable_bytes_per_s=2.5e9,
    plan_s=3.0e-3,
)

_SPIKE_FIELDS = (
    "stage",
    "waits",
    "spreads",
    "periodic",
    "chance_fraction",
    "extra_s",
    "slowdown_factor",
    "noise_factor",
    "cured_by",
)


def _spike(
    id_: str, name: str, stage: str, *, waits: bool, periodic: bool, cured_by: tuple[str, ...],
    spreads: bool = False, extra_s: float = 0.0, slowdown_factor: float = 0.0,
) -> Spike:  # fmt: skip
    """Return a spike of one image in 500, whose size has a spread of a tenth."""
    return Spike(
        id=id_,
        name=name,
        stage=stage,
        waits=waits,
        spreads=spreads,
        periodic=periodic,
        chance_fraction=0.002,
        extra_s=extra_s,
        slowdown_factor=slowdown_factor,
        noise_factor=0.10,
        cured_by=cured_by,
        sources={
            ORIN_CLOCK_RANGE if spreads else LOOP_SPIKE_ASSUMPTION: ("slowdown_factor",),
            LOOP_SPIKE_ASSUMPTION: tuple(each for each in _SPIKE_FIELDS if each != "slowdown_factor"),
        }
        if spreads
        else {LOOP_SPIKE_ASSUMPTION: _SPIKE_FIELDS},
    )


PAGE_FAULT = _spike(
    "page-fault",
    "pages of the image are not in memory",
    "copy",
    waits=True,
    periodic=False,
    cured_by=("input_path", "pinned", "mapped"),
    extra_s=50e-3,
)
CLOCK_DROP = _spike(
    "clock-drop",
    "the governor lets the clock of the GPU fall",
    "backbone",
    waits=False,
    spreads=True,
    periodic=True,
    cured_by=("mode", "locked", "both"),
    slowdown_factor=10.3,
)
GPU_TAKEN = _spike(
    "gpu-taken",
    "another process holds the GPU",
    "backbone",
    waits=True,
    periodic=True,
    cured_by=("mode", "reserved", "both"),
    extra_s=50e-3,
)
CROWDED_BOXES = _spike(
    "crowded-boxes",
    "a crowd gives many boxes to compare",
    "nms",
    waits=False,
    periodic=False,
    cured_by=("nms", "gpu"),
    slowdown_factor=200.0,
)
CORE_TAKEN = _spike(
    "core-taken",
    "another process holds the core",
    "plan",
    waits=True,
    periodic=True,
    cured_by=("mode", "reserved", "both"),
    extra_s=50e-3,
)
STREET_RIG = Rig(
    id="street-rig",
    cameras=8,
    image_bytes=1920 * 1280 * 1.5,
    image_gap_s=1 / 240,
    boxes=400,
    target_m=1.1,
    distance_m=30.0,
    view_width_m=34.6,
    exit_pixels_fraction=0.25,
    exit_acceptance_fraction=0.75,
    verify_pixels_fraction=0.40,
    verify_acceptance_fraction=0.90,
    expert_size_fraction={1: 1.0, 2: 0.75, 4: 0.60},
    switch_fraction=0.004,
    density_fraction=0.5,
    sources={
        RIG_ASSUMPTION: (
            "cameras",
            "image_bytes",
            "image_gap_s",
            "boxes",
            "target_m",
            "distance_m",
            "view_width_m",
            "exit_pixels_fraction",
            "exit_acceptance_fraction",
            "verify_pixels_fraction",
            "verify_acceptance_fraction",
            "expert_size_fraction",
            "switch_fraction",
            "density_fraction",
        ),
    },
)
