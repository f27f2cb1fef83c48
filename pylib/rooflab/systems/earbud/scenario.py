"""What a learner cannot change for audio hops from which an earbud isolates a voice."""

from dataclasses import dataclass

from rooflab.errors import BadDesign
from rooflab.specs.earbud import Earbud, HearableChip, EarbudAlgorithms, RecurrentNet
from rooflab.specs.scenario import Parameters, Roof, Scenario
from rooflab.specs.source import Source, Sourced
from rooflab.systems.earbud.design import EarbudDesign
from rooflab.units import format_bytes, format_fraction, format_quantity

__all__ = ["EarbudScenario"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EarbudScenario(Scenario):
    """An earbud, a network, and the chips that it may run on. `calibration` is an EarbudConstants."""

    chips: tuple[HearableChip, ...]
    network: RecurrentNet
    earbud: Earbud
    algorithms: EarbudAlgorithms

    def chip(self, chip_id: str) -> HearableChip:
        """Return the chip of that id."""
        for each in self.chips:
            if each.id == chip_id:
                return each
        known = ", ".join(each.id for each in self.chips)
        raise BadDesign(f"This scenario has no chip {chip_id!r}; it has {known}.")

    def roofs(self, design: EarbudDesign) -> tuple[Roof, ...]:
        """Return the roof of the design's chip over the memory of its weights, then of the other chips."""
        own = self.chip(design.chip_id)
        return tuple(
            Roof(
                name=f"{each.name}, {each.memory(design.placement).name}",
                peak_flop_per_s=each.peak_flop_per_s(design.weights),
                hbm_bytes_per_s=each.memory(design.placement).bytes_per_s,
                sources=(each.source_of("kernels"), each.source_of("memories")),
            )
            for each in (own, *(other for other in self.chips if other is not own))
        )

    def circumstances(self, design: EarbudDesign) -> tuple[tuple[str, str, Source], ...]:
        """Return the memories, the quiet, and what the microphones draw."""
        earbud = self.earbud
        return (
            ("SRAM left", format_bytes(earbud.sram_bytes), earbud.source_of("sram_bytes")),
            ("Flash left", format_bytes(earbud.flash_bytes), earbud.source_of("flash_bytes")),
            ("Silent hops", format_fraction(earbud.silent_fraction), earbud.source_of("silent_fraction")),
            ("Microphones and front end", format_quantity(earbud.front_end_w, "W"), earbud.source_of("front_end_w")),
        )

    def parameters(self, design: EarbudDesign) -> Parameters:
        """Return the weights of the four gates, of one network or of all."""
        each_count = 4.0 * design.hidden * (self.network.inputs + design.hidden)
        return Parameters(active_count=each_count, stored_count=design.experts * each_count)

    @property
    def records(self) -> tuple[Sourced, ...]:
        """Chips, network, product, constants, algorithms."""
        return (*self.chips, self.network, self.earbud, self.calibration, self.algorithms)
