"""Edge Guardian: the vehicle's safety loop. Named only; not in this version."""

from ridgepoint.specs import Track
from ridgepoint.tracks.parts import later_parts, part_one

__all__ = ["EDGE_GUARDIAN"]

EDGE_GUARDIAN = Track(
    id="edge-guardian",
    name="Edge Guardian",
    persona="AV systems lead",
    north_star="A deterministic 10 ms safety loop.",
    crisis="The jitter audit: a sporadic 50 ms spike causes phantom braking. The trace must show the exact kernel.",
    parts=(part_one(), *later_parts()),
)
