"""Mobile Nomad: glasses that translate what they see. Named only; not in this version."""

from ridgepoint.specs import Track
from ridgepoint.tracks.parts import part_one, part_three, part_two

__all__ = ["MOBILE_NOMAD"]

MOBILE_NOMAD = Track(
    id="mobile-nomad",
    name="Mobile Nomad",
    persona="AR-glasses developer",
    north_star="60 FPS AR translation.",
    crisis="The thermal-precision trap: the 60 FPS filter overheats the glasses. Fusion or mixed precision must save the thermal budget.",
    parts=(part_one(), part_two(), part_three()),
)
