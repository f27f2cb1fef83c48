"""A vehicle's computer with other roofs, and first looks that suffice more or less often."""

from dataclasses import replace

from rooflab.specs import WhatIf
from rooflab.systems.vehicle.scenario import VehicleScenario

__all__ = ["imagine_vehicle"]


def imagine_vehicle(scenario: VehicleScenario, what_if: WhatIf) -> VehicleScenario:
    """Return the scenario with the computer's rates scaled, and the share of frames that need no second look replaced."""
    rig, accepted = scenario.rig, what_if.acceptance_fraction
    if accepted is not None:
        rig = replace(rig, exit_acceptance_fraction=accepted, verify_acceptance_fraction=accepted)
    return replace(scenario, device=scenario.device.scaled(what_if.peak_factor, what_if.bandwidth_factor), rig=rig)
