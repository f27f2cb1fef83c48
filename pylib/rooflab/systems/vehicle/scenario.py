"""What a learner cannot change in a vehicle's safety loop: cameras, a detector, a decision."""

from dataclasses import dataclass

from rooflab.specs.device import Device
from rooflab.specs.network import Network
from rooflab.specs.precision import Precision
from rooflab.specs.scenario import Parameters, Roof, Scenario
from rooflab.specs.source import Source, Sourced
from rooflab.specs.vehicle import Rig, Spike
from rooflab.systems.vehicle.design import LOOP_FORMATS, VehicleDesign
from rooflab.units import format_bytes, format_time

__all__ = ["VehicleScenario"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VehicleScenario(Scenario):
    """A vehicle's computer, its detector, its cameras, and the spikes that may delay it. `calibration` is a VehicleComputer.

    `share_bytes` is what the loop may use of the memory; the rest belongs to other functions.
    """

    device: Device
    beside: tuple[Device, ...]
    network: Network
    rig: Rig
    spikes: tuple[Spike, ...]
    share_bytes: float
    deadline_s: float

    def roofs(self, design: VehicleDesign) -> tuple[Roof, ...]:
        """Return the roof at the design's format, the chip's other format, then other devices."""
        own = LOOP_FORMATS[design.precision]
        other = Precision.INT8 if own is Precision.FP16 else Precision.FP16
        return (
            Roof.of(self.device, own, f"AGX Orin {own.upper()}"),
            *(Roof.of(each, own, f"{each.name.removeprefix('NVIDIA Jetson ')} {own.upper()}") for each in self.beside),
            Roof.of(self.device, other, f"AGX Orin {other.upper()}"),
        )

    def circumstances(self, design: VehicleDesign) -> tuple[tuple[str, str, Source], ...]:
        """Return the computer, its memory for the loop, and how images arrive."""
        gap = self.rig.image_gap_s
        return (
            ("Computer", self.device.name, self.device.source_of("peak_flop_per_s")),
            ("Memory of the loop", format_bytes(self.share_bytes), self.memory_source),
            ("Images arrive", f"{format_time(gap)} apart" if gap else f"{self.rig.cameras} at once", self.rig.source_of("cameras")),
        )

    def parameters(self, design: VehicleDesign) -> Parameters:
        """Return those of the detectors; where the scene changes two of them look."""
        each_count = self.rig.expert_size(int(design.experts)) * self.network.weights_count
        return Parameters(active_count=each_count, stored_count=design.experts * each_count)

    @property
    def records(self) -> tuple[Sourced, ...]:
        """Computer, detector, constants, cameras, and what may strike."""
        return (self.device, *self.beside, self.network, self.calibration, self.rig, *self.spikes)
