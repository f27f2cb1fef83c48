"""What a learner cannot change for audio hops from which an earbud isolates a voice."""

from dataclasses import dataclass

from rooflab.errors import BadDesign
from rooflab.specs.earbud import Earbud, HearableChip, EarbudAlgorithms, RecurrentNet
from rooflab.specs.scenario import Roof, Scenario
from rooflab.specs.source import Sourced
from rooflab.systems.earbud.design import EarbudDesign

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
            )
            for each in (own, *(other for other in self.chips if other is not own))
        )

    @property
    def records(self) -> tuple[Sourced, ...]:
        """Chips, network, product, constants, algorithms."""
        return (*self.chips, self.network, self.earbud, self.calibration, self.algorithms)
