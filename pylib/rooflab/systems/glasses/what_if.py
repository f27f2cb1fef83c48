"""Glasses with another chip, and predictions and drafts that are right more or less often."""

from dataclasses import replace

from rooflab.specs import WhatIf
from rooflab.systems.glasses.scenario import GlassesScenario

__all__ = ["imagine_glasses"]


def imagine_glasses(scenario: GlassesScenario, what_if: WhatIf) -> GlassesScenario:
    """Return the scenario with the chip's rates scaled, and the share of frames and of tokens that are guessed right replaced."""
    scene, accepted = scenario.scene, what_if.acceptance_fraction
    if accepted is not None:
        scene = replace(scene, frame_acceptance_fraction=accepted, token_acceptance_fraction=accepted)
    return replace(scenario, device=scenario.device.scaled(what_if.peak_factor, what_if.bandwidth_factor), scene=scene)
