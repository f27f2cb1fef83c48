"""The record types: facts, scenarios, designs, questions. Frozen, and checked once when made."""

from ridgepoint.specs.calibration import Band, Calibration
from ridgepoint.specs.design import Design
from ridgepoint.specs.device import Device, Microcontroller
from ridgepoint.specs.energy import EnergyCosts
from ridgepoint.specs.frame import (
    FRAME_FORMATS,
    FUSION_BOUNDARIES,
    Bottleneck,
    BottleneckNet,
    EnergyModel,
    FrameDesign,
    FrameFormat,
    FrameScenario,
    Npu,
    Scene,
    ThermalBody,
    Translator,
)
from ridgepoint.specs.hop import (
    CELL_BOUNDARIES,
    HOP_FORMATS,
    HOP_GATES,
    HOP_KERNELS,
    HOP_PLACEMENTS,
    HOP_SPARSITIES,
    Earbud,
    HearableChip,
    HopAlgorithms,
    HopConstants,
    HopDesign,
    HopScenario,
    McuKernel,
    McuMemory,
    RecurrentNet,
)
from ridgepoint.specs.kinds import DESIGN_KINDS, design_from_json
from ridgepoint.specs.mission import Demand, Gauge, Lever, Mission, Objective, TileProblem
from ridgepoint.specs.network import Layer, Network
from ridgepoint.specs.precision import WEIGHT_SCHEMES, Precision, WeightScheme
from ridgepoint.specs.scenario import Roof, Scenario, Target
from ridgepoint.specs.serving import LAYER_BOUNDARIES, SPARSITIES, Service, ServingDesign, ServingScenario
from ridgepoint.specs.source import Confidence, Source, SourceKind, Sourced
from ridgepoint.specs.track import Choice, Control, Hints, Part, Question, Track
from ridgepoint.specs.workload import Workload

__all__ = [
    "CELL_BOUNDARIES",
    "DESIGN_KINDS",
    "FRAME_FORMATS",
    "FUSION_BOUNDARIES",
    "HOP_FORMATS",
    "HOP_GATES",
    "HOP_KERNELS",
    "HOP_PLACEMENTS",
    "HOP_SPARSITIES",
    "LAYER_BOUNDARIES",
    "SPARSITIES",
    "WEIGHT_SCHEMES",
    "Band",
    "Bottleneck",
    "BottleneckNet",
    "Calibration",
    "Choice",
    "Confidence",
    "Control",
    "Demand",
    "Design",
    "Device",
    "Earbud",
    "EnergyCosts",
    "EnergyModel",
    "FrameDesign",
    "FrameFormat",
    "FrameScenario",
    "Gauge",
    "HearableChip",
    "Hints",
    "HopAlgorithms",
    "HopConstants",
    "HopDesign",
    "HopScenario",
    "Layer",
    "Lever",
    "McuKernel",
    "McuMemory",
    "Microcontroller",
    "Mission",
    "Network",
    "Npu",
    "Objective",
    "Part",
    "Precision",
    "Question",
    "RecurrentNet",
    "Roof",
    "Scenario",
    "Scene",
    "Service",
    "ServingDesign",
    "ServingScenario",
    "Source",
    "SourceKind",
    "Sourced",
    "Target",
    "ThermalBody",
    "TileProblem",
    "Track",
    "Translator",
    "WeightScheme",
    "Workload",
    "design_from_json",
]
