"""The four tracks, in the order in which they are offered."""

from rooflab.errors import BadDesign
from rooflab.specs import Track
from rooflab.tracks.cloud_titan import CLOUD_TITAN
from rooflab.tracks.edge_guardian import EDGE_GUARDIAN
from rooflab.tracks.mobile_nomad import MOBILE_NOMAD
from rooflab.tracks.tiny_pioneer import TINY_PIONEER

__all__ = ["TRACKS", "track"]

TRACKS: tuple[Track, ...] = (CLOUD_TITAN, EDGE_GUARDIAN, MOBILE_NOMAD, TINY_PIONEER)


def track(track_id: str) -> Track:
    """Return the track of that id."""
    for each in TRACKS:
        if each.id == track_id:
            return each
    known = ", ".join(each.id for each in TRACKS)
    raise BadDesign(f"There is no track {track_id!r}; there are {known}.")
