"""An earbud whose cores or memories are faster, and gates that catch more or fewer of the hops that need no network."""

from dataclasses import replace

from rooflab.specs import WhatIf
from rooflab.specs.earbud import HearableChip
from rooflab.systems.earbud.scenario import EarbudScenario

__all__ = ["imagine_earbud"]


def imagine_earbud(scenario: EarbudScenario, what_if: WhatIf) -> EarbudScenario:
    """Return the scenario with fewer cycles for all arithmetic, faster memories, and the share that gates catch replaced."""
    algorithms, accepted, small = scenario.algorithms, what_if.acceptance_fraction, scenario.calibration
    if accepted is not None:
        caught = {name: share and accepted for name, share in algorithms.caught_fraction.items()}
        algorithms = replace(algorithms, caught_fraction=caught)
    cycles = ("activation_cycles", "pointwise_cycles", "unpack_cycles")
    return replace(
        scenario,
        chips=tuple(_scaled(each, what_if) for each in scenario.chips),
        calibration=replace(small, **{name: getattr(small, name) / what_if.peak_factor for name in cycles}),
        algorithms=algorithms,
    )


def _scaled(chip: HearableChip, what_if: WhatIf) -> HearableChip:
    kernels = {
        key: replace(each, mac_cycles=each.mac_cycles / what_if.peak_factor) for key, each in chip.kernels.items()
    }
    memories = {
        name: replace(each, bytes_per_s=each.bytes_per_s * what_if.bandwidth_factor) for name, each in chip.memories.items()
    }
    return replace(chip, kernels=kernels, memories=memories)
