"""Edge Guardian: the vehicle's safety loop. Named only; not in this version."""

from ridgepoint.specs import Track
from ridgepoint.tracks.parts import part_one, part_three, part_two

__all__ = ["EDGE_GUARDIAN"]

EDGE_GUARDIAN = Track(
    id="edge-guardian",
    name="Edge Guardian",
    persona="AV systems lead",
    north_star="A deterministic 10 ms safety loop.",
    crisis="The jitter audit: a sporadic 50 ms spike causes phantom braking. The trace must show the exact kernel.",
    parts=(part_one(), part_two(), part_three()),
)
