"""A vehicle's safety loop: cameras, a detector, a decision, and what sporadically delays it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import product
from typing import Any, ClassVar

from rooflab.errors import BadDesign, FactError
from rooflab.specs.design import Design
from rooflab.specs.device import Device
from rooflab.specs.network import Network
from rooflab.specs.precision import Precision
from rooflab.specs.scenario import Roof, Scenario
from rooflab.specs.source import Source, Sourced

__all__ = [
    "LOOP_BOUNDARIES",
    "LOOP_CHOICES",
    "LOOP_FORMATS",
    "LOOP_STAGES",
    "LoopDesign",
    "LoopMachine",
    "LoopScenario",
    "Rig",
    "Spike",
]

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
class LoopDesign(Design):
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

    frames: Any
    profiler: Any
    batch: Any
    resolution: Any
    precision: Any
    fusion: Any
    dispatch: Any
    mode: Any
    input_path: Any
    nms: Any
    sparsity: Any
    cascade: Any
    experts: Any


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoopMachine(Sourced):
    """What no datasheet gives of the loop's computer: shares of peaks, starts, rates, and noise.

    Noise is the standard deviation of the logarithm of a stage's time. `pair_fraction` is the share
    of its usual rate that a kernel of two convolutions reaches, `tile_places` the side of the square
    of outputs it makes at a time. `observer_fraction` is by how much a profiler lengthens everything.
    """

    id: str
    hbm_fraction: float
    matrix_fraction: float
    vector_fraction: float
    sparse_factor: float
    pair_fraction: float
    tile_places: int
    tile_rows: int
    tile_columns: int
    on_chip_bytes: float
    kernel_start_s: float
    stream_gap_s: float
    graph_gap_s: float
    graph_launch_s: float
    host_launch_s: float
    pageable_bytes_per_s: float
    pinned_bytes_per_s: float
    mapped_fraction: float
    locked_clock_fraction: float
    reserved_cpu_factor: float
    box_pair_s: float
    suppressed_boxes: int
    suppression_kernels: int
    plan_s: float
    observer_fraction: float
    gpu_noise_factor: float
    locked_noise_factor: float
    cpu_noise_factor: float
    reserved_noise_factor: float
    copy_noise_factor: float
    boxes_noise_factor: float
    workspace_bytes: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a share outside (0, 1]."""
        self._check_sources()
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.endswith("_fraction") and not 0 < value <= 1:
                raise FactError(f"{self.id}: {each.name} must be within (0, 1], not {value}.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spike(Sourced):
    """What now and then delays one stage, image by image, unless the design rules it out.

    A frame that it strikes takes `extra_s` longer, and `slowdown_factor` times the time of the stage
    longer; `waits` says that the stage waits meanwhile and does not run. `spreads` says that all
    stages of the GPU are slowed alike. `cured_by` names a field of the design and the values that
    rule it out. A `periodic` spike comes every 1 / chance images, else at random.
    """

    id: str
    name: str
    stage: str
    waits: bool
    spreads: bool
    periodic: bool
    chance_fraction: float
    extra_s: float
    slowdown_factor: float
    noise_factor: float
    cured_by: tuple[str, ...]
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a chance that is no rare one."""
        self._check_sources()
        if not 0 < self.chance_fraction < 0.1:
            raise FactError(f"{self.id}: a chance of {self.chance_fraction} is not that of a rare event.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rig(Sourced):
    """Cameras and road: what arrives when, what is in it, and how well a first look guesses.

    Images come `image_gap_s` after one another; 0 says that all cameras are triggered at once.
    `exit_acceptance_fraction` of the frames need no second look after one at `exit_pixels_fraction`
    of the pixels; `verify_...` is the same where a tracker predicts boxes and crops are checked.
    `expert_size_fraction` gives the size of one expert against the one detector by their number;
    for `switch_fraction` of the frames the scene changes and two experts look.
    """

    id: str
    cameras: int
    image_bytes: float
    image_gap_s: float
    boxes: int
    target_m: float
    distance_m: float
    view_width_m: float
    exit_pixels_fraction: float
    exit_acceptance_fraction: float
    verify_pixels_fraction: float
    verify_acceptance_fraction: float
    expert_size_fraction: Mapping[int, float]
    switch_fraction: float
    density_fraction: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that no source vouches for."""
        self._check_sources()

    def expert_size(self, experts: int) -> float:
        """Return the size of one expert against the one detector.

        Raises:
            BadDesign: there is no set of so many.
        """
        if experts not in self.expert_size_fraction:
            offered = ", ".join(str(each) for each in self.expert_size_fraction)
            raise BadDesign(f"No set of {experts} experts exists; there are some of {offered}.")
        return self.expert_size_fraction[experts]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoopScenario(Scenario):
    """A vehicle's computer, its detector, its cameras, and what may strike. `calibration` is a LoopMachine.

    `share_bytes` is what the loop may use of the memory; the rest belongs to other functions.
    """

    device: Device
    beside: tuple[Device, ...]
    network: Network
    rig: Rig
    spikes: tuple[Spike, ...]
    share_bytes: float
    deadline_s: float

    def roofs(self, design: LoopDesign) -> tuple[Roof, ...]:
        """Return the roof at the design's format, the chip's other format, then other devices."""
        own = LOOP_FORMATS[design.precision]
        other = Precision.INT8 if own is Precision.FP16 else Precision.FP16
        return (
            self._roof(self.device, own, f"AGX Orin {own.upper()}"),
            *(self._roof(each, own, f"{each.name.removeprefix('NVIDIA Jetson ')} {own.upper()}") for each in self.beside),
            self._roof(self.device, other, f"AGX Orin {other.upper()}"),
        )

    @staticmethod
    def _roof(device: Device, precision: Precision, name: str) -> Roof:
        return Roof(
            name=name,
            peak_flop_per_s=device.peak(precision),
            hbm_bytes_per_s=device.fact("hbm_bytes_per_s"),
        )

    @property
    def records(self) -> tuple[Sourced, ...]:
        """Computer, detector, constants, cameras, and what may strike."""
        return (self.device, *self.beside, self.network, self.calibration, self.rig, *self.spikes)
