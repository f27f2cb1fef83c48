"""The record types: facts, scenarios, designs, questions. Frozen, and checked once when made."""

from rooflab.specs.calibration import Band, Calibration
from rooflab.specs.design import Design
from rooflab.specs.device import Device, MemoryLevel, Microcontroller
from rooflab.specs.earbud import (
    HOP_FORMATS,
    HOP_KERNELS,
    Earbud,
    HearableChip,
    EarbudAlgorithms,
    EarbudConstants,
    McuKernel,
    McuMemory,
    RecurrentNet,
)
from rooflab.specs.engine import Engine
from rooflab.specs.experiment import Experiment
from rooflab.specs.evidence import Bearing, Testimony
from rooflab.specs.glasses import Bottleneck, BottleneckNet, EnergyModel, Npu, Scene, ThermalBody, Translator
from rooflab.specs.mission import Demand, Gauge, Lever, Mission, Objective, TileMemory, TileProblem
from rooflab.specs.network import Layer, Network
from rooflab.specs.precision import WEIGHT_SCHEMES, Precision, WeightScheme
from rooflab.specs.scenario import Parameters, Roof, Scenario, Target
from rooflab.specs.service import Service
from rooflab.specs.source import Confidence, Source, SourceKind, Sourced
from rooflab.specs.track import Choice, Control, Hints, Part, Question, Track
from rooflab.specs.vehicle import VehicleComputer, Rig, Spike
from rooflab.specs.what_if import ASSUMED, WhatIf
from rooflab.specs.workload import Workload

__all__ = [
    "ASSUMED",
    "HOP_FORMATS",
    "HOP_KERNELS",
    "WEIGHT_SCHEMES",
    "Band",
    "Bearing",
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
    "EnergyModel",
    "Engine",
    "Experiment",
    "Gauge",
    "HearableChip",
    "Hints",
    "EarbudAlgorithms",
    "EarbudConstants",
    "Layer",
    "Lever",
    "VehicleComputer",
    "McuKernel",
    "McuMemory",
    "MemoryLevel",
    "Microcontroller",
    "Mission",
    "Network",
    "Npu",
    "Objective",
    "Parameters",
    "Part",
    "Precision",
    "Question",
    "Rig",
    "RecurrentNet",
    "Roof",
    "Scenario",
    "Scene",
    "Service",
    "Source",
    "SourceKind",
    "Sourced",
    "Spike",
    "Target",
    "Testimony",
    "ThermalBody",
    "TileMemory",
    "TileProblem",
    "Track",
    "Translator",
    "WeightScheme",
    "WhatIf",
    "Workload",
]
