"""What each reading says of the claims of its part: by its value, in the design that it was read at."""

from collections.abc import Callable

from rooflab.specs import Testimony
from rooflab.tracks.cloud_titan.evidence import diagnosis_says as cloud_says
from rooflab.tracks.edge_guardian.evidence import diagnosis_says as edge_says
from rooflab.tracks.evidence.exhibit import Exhibit
from rooflab.tracks.evidence.gain import GAIN, gain_says
from rooflab.tracks.evidence.step import step_says
from rooflab.tracks.evidence.strategy import strategy_says
from rooflab.tracks.mobile_nomad.evidence import diagnosis_says as nomad_says
from rooflab.tracks.tiny_pioneer.evidence import diagnosis_says as tiny_says

__all__ = ["GAIN", "Exhibit", "diagnosis_testimony", "stance_testimony"]

_SAYS = {1: step_says, 2: gain_says, 3: strategy_says}
_DIAGNOSIS_SAYS: dict[str, Callable[[Exhibit], Testimony]] = {
    "cloud-titan": cloud_says,
    "edge-guardian": edge_says,
    "mobile-nomad": nomad_says,
    "tiny-pioneer": tiny_says,
}


def stance_testimony(exhibit: Exhibit) -> Testimony:
    """Return what a reading says of the stances of its part."""
    return _SAYS[exhibit.part.number](exhibit)


def diagnosis_testimony(track_id: str, exhibit: Exhibit) -> Testimony | None:
    """Return what a reading says of the choices of the diagnosis; None where the track has no such evidence."""
    says = _DIAGNOSIS_SAYS.get(track_id)
    return says(exhibit) if says else None
