"""A vehicle's computer and cameras, and what sporadically delays its loop."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rooflab.errors import BadDesign, FactError
from rooflab.specs.source import Source, Sourced

__all__ = ["VehicleComputer", "Rig", "Spike"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VehicleComputer(Sourced):
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
        self._check_shares()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spike(Sourced):
    """What now and then delays one stage, image by image, unless the design rules it out.

    A frame that it strikes takes `extra_s` longer, and `slowdown_factor` times the time of the stage
    longer; `waits` says that the stage waits meanwhile and does not run. `spreads` says that all
    stages of the GPU are slowed alike. `cured_by` names a field of the design and the values that
    rule it out. A `periodic` spike comes every 1 / chance images, else at random.
    """

    answers: ClassVar[frozenset[str]] = frozenset(
        {"name", "stage", "waits", "spreads", "periodic", "extra_s", "slowdown_factor", "cured_by"}
    )

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
