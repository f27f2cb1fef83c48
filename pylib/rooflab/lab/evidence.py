"""What the readings that a learner pinned say of what the learner claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rooflab.errors import LabError
from rooflab.lab.ledger.entries import Pin
from rooflab.lab.setting import Setting, design_of
from rooflab.lab.steps.progress import PartProgress
from rooflab.specs import Bearing, Testimony
from rooflab.tracks.evidence.claims import (
    GAIN,
    Exhibit,
    diagnosis_testimony,
    stance_testimony,
)

__all__ = ["Weighed", "cited", "claim_of", "diagnosis_weighed", "weighed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One pinned reading against one claim: which way it points, and what it does show."""

    seq: int
    reading: str
    bearing: Bearing
    words: str


def claim_of(place: Setting, choice_id: str) -> str:
    """Return the id of the claim that a reflection makes; part 2 does not ask for one."""
    return GAIN if place.part.number == 2 else choice_id


def weighed(place: Setting, claim_id: str, pins: Iterable[Pin]) -> tuple[Weighed, ...]:
    """Return what each reading says of the claim of a reflection."""
    return tuple(_weighed(place, claim_id, pin, stance_testimony) for pin in pins)


def diagnosis_weighed(place: Setting, choice_id: str, pins: Iterable[Pin]) -> tuple[Weighed, ...]:
    """Return what each reading says of a choice of the diagnosis; nothing where the track has no such evidence."""

    def says(exhibit: Exhibit) -> Testimony | None:
        return diagnosis_testimony(place.track.id, exhibit)

    found = (_weighed(place, choice_id, pin, says) for pin in pins)
    return tuple(each for each in found if each.words)


def cited(place: Setting, own: PartProgress) -> tuple[Weighed, ...]:
    """Return what each reading that the part's reflection cites says of its claim; one of another part says nothing."""
    given = own.reflection
    if given is None:
        return ()
    claim, pins = claim_of(place, given.choice_id), {pin.seq: pin for pin in own.pins}
    return tuple(
        _weighed(place, claim, pins[seq], stance_testimony)
        if seq in pins
        else Weighed(seq=seq, reading="", bearing=Bearing.SILENT, words="It was read in another part.")
        for seq in given.evidence
    )


def _weighed(place: Setting, claim_id: str, pin: Pin, says) -> Weighed:
    try:
        said = says(_exhibit(place, pin))
    except LabError as error:
        said = Testimony(f"It cannot be weighed: {error}")
    said = said or Testimony("")
    return Weighed(seq=pin.seq, reading=pin.name, bearing=said.on(claim_id), words=said.words)


def _exhibit(place: Setting, pin: Pin) -> Exhibit:
    return Exhibit(
        part=place.part,
        scenario=place.scenario,
        start=place.start,
        design=design_of(place, pin.design),
        instrument=pin.instrument,
        name=pin.name,
        value=pin.value,
        unit=pin.unit,
        layer=pin.layer,
    )
