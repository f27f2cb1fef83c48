"""The record types: facts, scenarios, designs, questions. Frozen, and checked once when made."""

from ridgepoint.specs.calibration import Band, Calibration
from ridgepoint.specs.design import Design
from ridgepoint.specs.device import Device, Microcontroller
from ridgepoint.specs.kinds import DESIGN_KINDS, design_from_json
from ridgepoint.specs.mission import Demand, Gauge, Lever, Mission, Objective, TileProblem
from ridgepoint.specs.precision import WEIGHT_SCHEMES, Precision, WeightScheme
from ridgepoint.specs.scenario import Roof, Scenario, Target
from ridgepoint.specs.serving import ServingDesign, ServingScenario
from ridgepoint.specs.source import Confidence, Source, SourceKind, Sourced
from ridgepoint.specs.track import Choice, Control, Hints, Part, Question, Track
from ridgepoint.specs.workload import Workload

__all__ = [
    "DESIGN_KINDS",
    "WEIGHT_SCHEMES",
    "Band",
    "Calibration",
    "Choice",
    "Confidence",
    "Control",
    "Demand",
    "Design",
    "Device",
    "Gauge",
    "Hints",
    "Lever",
    "Microcontroller",
    "Mission",
    "Objective",
    "Part",
    "Precision",
    "Question",
    "Roof",
    "Scenario",
    "ServingDesign",
    "ServingScenario",
    "Source",
    "SourceKind",
    "Sourced",
    "Target",
    "TileProblem",
    "Track",
    "WeightScheme",
    "Workload",
    "design_from_json",
]
