"""Edge Guardian: the vehicle's safety loop, and the frames that it must not miss."""

from rooflab.specs import Track
from rooflab.tracks.edge_guardian.diagnose import PART_ONE
from rooflab.tracks.edge_guardian.fuse import PART_TWO
from rooflab.tracks.edge_guardian.invent import PART_THREE
from rooflab.tracks.edge_guardian.scenario import DEADLINE_S, SPIKE_S, scenario

__all__ = ["EDGE_GUARDIAN"]

EDGE_GUARDIAN = Track(
    id="edge-guardian",
    name="Edge Guardian",
    persona="AV systems lead",
    north_star="A deterministic 10 ms safety loop.",
    symptom=f"A frame has {1e3 * DEADLINE_S:.0f}\N{NO-BREAK SPACE}ms. A few take about {1e3 * SPIKE_S:.0f}\N{NO-BREAK SPACE}ms more, and the car brakes for nothing.",
    crisis="The jitter audit: a sporadic 50 ms spike causes phantom braking. The trace must show the exact kernel.",
    scenario=scenario,
    parts=(PART_ONE, PART_TWO, PART_THREE),
)
