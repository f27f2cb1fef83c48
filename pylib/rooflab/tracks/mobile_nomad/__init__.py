"""Mobile Nomad: glasses that translate what they see, and what they may heat."""

from rooflab.facts.glasses import GLASSES_BODY
from rooflab.specs import Track
from rooflab.tracks.mobile_nomad.diagnose import PART_ONE
from rooflab.tracks.mobile_nomad.fuse import PART_TWO
from rooflab.tracks.mobile_nomad.invent import PART_THREE
from rooflab.tracks.mobile_nomad.scenario import FRAMES_PER_S, scenario

__all__ = ["MOBILE_NOMAD"]

MOBILE_NOMAD = Track(
    id="mobile-nomad",
    name="Mobile Nomad",
    persona="AR-glasses developer",
    north_star="60 FPS AR translation.",
    symptom=f"At {FRAMES_PER_S:.0f} FPS the glasses reach {GLASSES_BODY.limit_c:.0f}\N{NO-BREAK SPACE}°C, the limit for skin, within minutes.",
    crisis="The thermal-precision trap: the 60 FPS filter overheats the glasses. Fusion or mixed precision must save the thermal budget.",
    scenario=scenario,
    parts=(PART_ONE, PART_TWO, PART_THREE),
)
