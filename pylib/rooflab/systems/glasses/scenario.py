"""What a learner cannot change for camera frames that glasses filter, and phrases that they translate."""

from dataclasses import dataclass

from rooflab.specs.device import Device
from rooflab.specs.glasses import BottleneckNet, EnergyModel, Scene, ThermalBody, Translator
from rooflab.specs.precision import Precision
from rooflab.specs.scenario import Parameters, Roof, Scenario
from rooflab.specs.source import Source, Sourced
from rooflab.systems.glasses.design import FRAME_FORMATS, GlassesDesign
from rooflab.units import format_bytes

__all__ = ["GlassesScenario"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GlassesScenario(Scenario):
    """Glasses, their two networks, and the scene in front of them. `calibration` is an Npu.

    `on_chip_bytes` is what tracking and display leave of the memory on the chip.
    """

    device: Device
    beside: tuple[Device, ...]
    filter: BottleneckNet
    translator: Translator
    energy: EnergyModel
    body: ThermalBody
    scene: Scene
    on_chip_bytes: float

    def roofs(self, design: GlassesDesign) -> tuple[Roof, ...]:
        """Return the roof at the design's format, the chip's other format, then other devices."""
        own = FRAME_FORMATS[design.precision].compute
        other = Precision.INT8 if own is Precision.FP16 else Precision.FP16
        return (
            Roof.of(self.device, own, f"AR glasses {own.upper()}"),
            Roof.of(self.device, other, f"AR glasses {other.upper()}"),
            *(Roof.of(each, own, each.name.removeprefix("NVIDIA ")) for each in self.beside),
        )

    def circumstances(self, design: GlassesDesign) -> tuple[tuple[str, str, Source], ...]:
        """Return the memory on the chip, and what there is to see in a frame."""
        return (
            ("Memory on the chip", format_bytes(self.on_chip_bytes), self.memory_source),
            ("Patches of a frame", f"{self.scene.patches}", self.scene.source_of("patches")),
        )

    def parameters(self, design: GlassesDesign) -> Parameters:
        """Return those of the translator: tables, and layers of one expert or of all."""
        net = self.translator
        layers = self.scene.expert_size_fraction[design.experts] * (net.encoder_params_count + net.decoder_params_count)
        tables = net.vocab_params_count
        return Parameters(active_count=tables + layers, stored_count=tables + design.experts * layers)

    @property
    def records(self) -> tuple[Sourced, ...]:
        """Chip, networks, constants, energy, body, scene."""
        return (
            self.device,
            self.filter,
            self.translator,
            self.calibration,
            self.energy,
            self.body,
            self.scene,
        )
