"""What the instruments that all tracks share read in parts 2 and 3, as one number each."""

from __future__ import annotations

from rooflab.analyses.gains import gains
from rooflab.analyses.traffic import traffic
from rooflab.analyses.trail import trail_point
from rooflab.evaluate import Outcome
from rooflab.specs import Design, Part, Scenario

__all__ = ["GAINS", "MEMORY", "TRAFFIC", "TRAIL", "lever_instrument", "shared_reading"]

TRAFFIC = "traffic"
MEMORY = "memory"
TRAIL = "trail"
GAINS = "gains"


def lever_instrument(lever_id: str) -> str:
    """Return the instrument that reads the factor of one lever."""
    return f"{GAINS}-{lever_id}"


def shared_reading(
    scenario: Scenario, part: Part, design: Design, instrument: str, outcome: Outcome
) -> tuple[str, float, str] | None:
    """Return name, value and unit of what a shared instrument shows; None if the part has it not.

    Gains are counted from the baseline of the part's mission.
    """
    if instrument == MEMORY:
        return "Memory needed", float(outcome.capacity.needed_bytes), "B"
    if instrument == TRAIL:
        return "Intensity of the step", trail_point(outcome).intensity_flop_per_byte, "FLOP/byte"
    if instrument == TRAFFIC:
        return _saved(scenario, part, design)
    if part.mission is not None and part.levers:
        return _gained(scenario, part, design, instrument)
    return None


def _saved(scenario: Scenario, part: Part, design: Design) -> tuple[str, float, str] | None:
    for control in part.controls:
        if control.chain:
            found = traffic(scenario, design, control.id, control)
            return "Traffic that fusion takes away", found.saved_fraction, ""
    return None


def _gained(
    scenario: Scenario, part: Part, design: Design, instrument: str
) -> tuple[str, float, str] | None:
    known = {GAINS, *(lever_instrument(each.id) for each in part.levers)}
    if instrument not in known:
        return None
    found = gains(scenario, part.mission(scenario.variant).baseline, design, part.levers)
    if instrument == GAINS:
        return "Speed-up since the start", found.total_factor, "×"
    for each in found.gains:
        if lever_instrument(each.lever_id) == instrument:
            return f"Speed-up by {each.name.lower()}", each.factor, "×"
    return None
