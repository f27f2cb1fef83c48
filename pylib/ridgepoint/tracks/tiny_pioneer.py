"""Tiny Pioneer: neural isolation in an earbud. Named only; not in this version."""

from ridgepoint.specs import Track
from ridgepoint.tracks.parts import part_one, part_three, part_two

__all__ = ["TINY_PIONEER"]

TINY_PIONEER = Track(
    id="tiny-pioneer",
    name="Tiny Pioneer",
    persona="Hearable lead",
    north_star="Neural isolation in under 10 ms and under 1 mW.",
    crisis="The memory-math ratio: the isolation network misses its budget on the microcontroller. Its hidden state must fit the line and the vector width.",
    parts=(part_one(), part_two(), part_three()),
)
