"""Tiny Pioneer: neural isolation in an earbud, in under 10 ms and under 1 mW."""

from rooflab.specs import Track
from rooflab.tracks.tiny_pioneer.diagnose import PART_ONE
from rooflab.tracks.tiny_pioneer.fuse import PART_TWO
from rooflab.tracks.tiny_pioneer.invent import PART_THREE
from rooflab.tracks.tiny_pioneer.scenario import DELAY_S, POWER_W, scenario

__all__ = ["TINY_PIONEER"]

TINY_PIONEER = Track(
    id="tiny-pioneer",
    name="Tiny Pioneer",
    persona="Hearable lead",
    north_star="Neural isolation in under 10 ms and under 1 mW.",
    symptom=f"Isolation may take {1e3 * DELAY_S:.0f}\N{NO-BREAK SPACE}ms and {1e3 * POWER_W:.0f}\N{NO-BREAK SPACE}mW. The network drains the battery.",
    crisis="The memory-math ratio: the isolation network misses its budget on the microcontroller. Its hidden state must fit the line and the vector width.",
    scenario=scenario,
    parts=(PART_ONE, PART_TWO, PART_THREE),
)
