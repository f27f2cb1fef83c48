"""What a learner can set in a vehicle's safety loop: cameras, a detector, a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

from rooflab.specs.design import Design
from rooflab.specs.precision import Precision
from rooflab.values import Values, Words

__all__ = ["LOOP_BOUNDARIES", "LOOP_CHOICES", "LOOP_FORMATS", "LOOP_STAGES", "VehicleDesign"]

LOOP_BOUNDARIES = 4
"""Between convolution, norm, SiLU, join and the next convolution."""

LOOP_FORMATS: dict[str, Precision] = {"fp16": Precision.FP16, "int8": Precision.INT8}
"""The format of weights and activations, in which the matrix units multiply too."""

LOOP_CHOICES: dict[str, tuple[str, ...]] = {
    "profiler": ("off", "on"),
    "precision": tuple(LOOP_FORMATS),
    "fusion": tuple("".join(each) for each in product("01", repeat=LOOP_BOUNDARIES)),
    "dispatch": ("eager", "graph"),
    "mode": ("default", "locked", "reserved", "both"),
    "input_path": ("pageable", "pinned", "mapped"),
    "nms": ("cpu", "gpu"),
    "sparsity": ("dense", "unstructured", "2:4"),
    "cascade": ("off", "exit", "verify"),
}
"""The words that a loop's design may have, by field."""

LOOP_STAGES: tuple[tuple[str, str], ...] = (
    ("copy", "Image copy"),
    ("prepare", "Resize and normalise"),
    ("stem", "Stem"),
    ("backbone", "Backbone"),
    ("neck", "Neck"),
    ("head", "Head"),
    ("decode", "Box decode"),
    ("nms", "Non-maximum suppression"),
    ("plan", "Track and decide"),
)
"""Ids and names of what a frame goes through, in order."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VehicleDesign(Design):
    """How the loop runs, and how many of its frames are recorded.

    `fusion` has a digit for each boundary of convolution, norm, SiLU, join, next convolution: 1
    where the two share a kernel. `mode` is what the platform guarantees: nothing, a locked clock, a
    reserved core and GPU priority, or both. `input_path` is how images reach the GPU. `cascade` says
    what a cheap first look may replace; `experts` are detectors for one kind of scene each.
    """

    kind: ClassVar[str] = "loop"
    _CHOICES: ClassVar[Mapping[str, tuple[str, ...]]] = LOOP_CHOICES
    _COUNTS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "frames": (100, 100_000),
        "batch": (1, 16),
        "resolution": (128, 1280),
        "experts": (1, 8),
    }

    frames: Values
    profiler: Words
    batch: Values
    resolution: Values
    precision: Words
    fusion: Words
    dispatch: Words
    mode: Words
    input_path: Words
    nms: Words
    sparsity: Words
    cascade: Words
    experts: Values
