"""Where in the lab a learner is: read from the fragment of the page's address, else from the ledger."""

import re
from dataclasses import dataclass

from rooflab.lab.ledger.entries import TrackEntry
from rooflab.lab.steps.modes import MODES
from rooflab.lab.steps.progress import progress
from rooflab.tracks import TRACKS

__all__ = ["FIRST", "Where", "asked", "last_place"]

_PLACE = re.compile(rf"^#?({'|'.join(each.id for each in TRACKS)})/([123])(?:$|&)")
_VARIANT = re.compile(r"(?:^|[#&])variant=(\d{1,6})(?:&|$)")
_MODE = re.compile(rf"(?:^|[#&])mode=({'|'.join(each.id for each in MODES)})(?:&|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A track and the number of a part."""

    track_id: str
    part_number: int


FIRST = Where(track_id=TRACKS[0].id, part_number=1)
"""Where a fresh learner begins, and what the page holds before Python is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a fragment asks for; None where it does not speak of it."""

    where: Where | None
    variant: int | None
    mode: str | None


def asked(fragment):
    """Read a fragment such as `#edge-guardian/2&variant=3&mode=compact`; what is not understood asks for nothing.

    >>> asked("#edge-guardian/2").where
    Where(track_id='edge-guardian', part_number=2)
    >>> asked("#section-lock")
    Asked(where=None, variant=None, mode=None)
    """
    text = fragment or ""
    place, variant, mode = _PLACE.search(text), _VARIANT.search(text), _MODE.search(text)
    return Asked(
        where=Where(track_id=place[1], part_number=int(place[2])) if place else None,
        variant=int(variant[1]) if variant else None,
        mode=mode[1] if mode else None,
    )


def last_place(ledger):
    """Return where the learner last worked: the part of the last entry, or the one it unlocked."""
    entries = [entry for entry in ledger.recorded if isinstance(entry, TrackEntry)]
    known = {each.id for each in TRACKS}
    if not entries or entries[-1].track not in known:
        return FIRST
    track_id = entries[-1].track
    opened = [each.part.number for each in progress(track_id, ledger).parts if each.opened]
    return Where(track_id=track_id, part_number=min(entries[-1].part, opened[-1]))
