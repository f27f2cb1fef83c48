"""What a reading of the glasses says of the diagnosis: what takes the thermal budget."""

from rooflab.specs import Testimony
from rooflab.tracks.evidence.exhibit import Exhibit, testimony
from rooflab.tracks.evidence.shows import shown_by
from rooflab.tracks.mobile_nomad.scenario import power_terms
from rooflab.units import format_fraction

__all__ = ["diagnosis_says"]

POWER = "power-"
CAUSES = {"memory": "memory traffic", "compute": "arithmetic", "static": "leakage", "idle": "display, camera, radio and system"}


def diagnosis_says(exhibit: Exhibit) -> Testimony:
    """Return what a reading says: the pieces of the power decide, and times do not."""
    cause = exhibit.instrument.removeprefix(POWER)
    if not exhibit.instrument.startswith(POWER):
        shown = shown_by(exhibit.instrument)
        return testimony(f"{exhibit.said} says {shown}. What takes the power is read from its pieces, in watts.")
    taken, now = _taken(exhibit.outcome), _taken(exhibit.at_start)
    if taken != now:
        return testimony(f"{exhibit.said} was read in a design whose power goes elsewhere than that of the glasses as they run now.")
    power = float(exhibit.outcome.power_w)
    words = f"{exhibit.said} is {format_fraction(exhibit.value / power)} of the power."
    against = tuple(each for each in CAUSES if each != taken)
    if cause == taken:
        return testimony(f"{words} It speaks for {CAUSES[taken]}.", supports=(taken,), contradicts=against)
    if cause == "idle":
        return testimony(f"{words} The networks take more than half.", supports=(taken,), contradicts=("idle",))
    if taken == "idle":
        return testimony(f"{words} That is less than half of it.", supports=("idle",), contradicts=(cause,))
    return testimony(f"{words} {CAUSES[taken].capitalize()} takes more.", contradicts=(cause,))


def _taken(outcome) -> str:
    """Return what takes the power: what runs beside the networks, if that is most of it, or their largest piece."""
    terms = power_terms(outcome)
    idle = terms.pop("idle")
    return "idle" if idle > sum(terms.values()) else max(terms, key=terms.get)
