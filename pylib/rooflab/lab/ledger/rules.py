"""What a ledger takes: as many attempts as a mission allows, one of them as final, and evidence that was pinned before."""

from __future__ import annotations

from collections.abc import Sequence

from rooflab import tracks
from rooflab.errors import LabError, LedgerError
from rooflab.lab.ledger.entries import DesignCommitted, Entry, Pin, Reflection, TrackEntry
from rooflab.lab.setting import setting

__all__ = ["check_attempts", "check_evidence"]


def check_attempts(entry: Entry, earlier: Sequence[Entry], *, variant: int) -> None:
    """Refuse an attempt that the rule does not allow, or a final design that was not attempted.

    Raises:
        LedgerError: the mission's budget is spent, the final design is named, or it is none of the attempts.
    """
    if not isinstance(entry, DesignCommitted) or entry.role == "explored":
        return
    own = [
        each
        for each in earlier
        if isinstance(each, DesignCommitted) and (each.track, each.part) == (entry.track, entry.part)
    ]
    attempts = [each for each in own if each.role == "attempt"]
    if any(each.role == "final" for each in own):
        raise LedgerError("The final design of this part is named already, so its attempts are over.")
    budget = _budget(entry, variant)
    if entry.role == "attempt" and budget is not None and len(attempts) >= budget:
        raise LedgerError(f"All {budget} attempts of this part are made. Name one of them as the final design.")
    if entry.role == "final" and all(each.design != entry.design for each in attempts):
        raise LedgerError("The final design must be one of the attempts of this part.")


def check_evidence(entry: Entry, earlier: Sequence[Entry]) -> None:
    """Refuse a reflection that cites what is not a reading pinned earlier on its track.

    An entry that this lab cannot read, or on a track that it does not have, may have been such a reading.

    Raises:
        LedgerError: it cites something else.
    """
    if not isinstance(entry, Reflection):
        return
    for seq in entry.evidence:
        cited = earlier[seq] if seq < entry.seq else None
        if cited is None or _is_known(cited) and not (isinstance(cited, Pin) and cited.track == entry.track):
            raise LedgerError(f"it cites entry {seq + 1}, which is not a reading pinned earlier on this track.")


def _is_known(entry: Entry) -> bool:
    """Say whether this lab can tell what an entry was."""
    return bool(entry.kind) and (not isinstance(entry, TrackEntry) or entry.track in [each.id for each in tracks.TRACKS])


def _budget(entry: DesignCommitted, variant: int) -> int | None:
    """Return the attempts that the mission allows; None if this version has no such mission."""
    try:
        mission = setting(entry.track, entry.part, variant).mission
    except LabError:
        return None
    return mission.attempts_count if mission else None
