"""Edge Guardian: the vehicle's safety loop, and the frames that it must not miss."""

from ridgepoint.specs import Track
from ridgepoint.tracks.edge_guardian.diagnose import PART_ONE
from ridgepoint.tracks.edge_guardian.scenario import scenario
from ridgepoint.tracks.parts import part_three, part_two

__all__ = ["EDGE_GUARDIAN"]

EDGE_GUARDIAN = Track(
    id="edge-guardian",
    name="Edge Guardian",
    persona="AV systems lead",
    north_star="A deterministic 10 ms safety loop.",
    crisis="The jitter audit: a sporadic 50 ms spike causes phantom braking. The trace must show the exact kernel.",
    available=True,
    scenario=scenario,
    parts=(PART_ONE, part_two(), part_three()),
)
