"""A node with other roofs, and a draft model that is right more or less often."""

from dataclasses import replace

from rooflab.specs import WhatIf
from rooflab.systems.serving.scenario import ServingScenario

__all__ = ["imagine_serving"]


def imagine_serving(scenario: ServingScenario, what_if: WhatIf) -> ServingScenario:
    """Return the scenario with every GPU's rates scaled, and its assumed acceptance replaced."""
    service, accepted = scenario.service, what_if.acceptance_fraction
    if service is not None and accepted is not None:
        service = replace(service, acceptance_fraction=accepted)
    devices = tuple(each.scaled(what_if.peak_factor, what_if.bandwidth_factor) for each in scenario.devices)
    return replace(scenario, devices=devices, service=service)
