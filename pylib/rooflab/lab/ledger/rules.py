"""The rule of attempts: a part takes as many as its mission allows, and one of them as the final design."""

from __future__ import annotations

from collections.abc import Sequence

from rooflab.errors import LabError, LedgerError
from rooflab.lab.ledger.entries import DesignCommitted, Entry
from rooflab.lab.setting import setting

__all__ = ["check_attempts"]


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


def _budget(entry: DesignCommitted, variant: int) -> int | None:
    """Return the attempts that the mission allows; None if this version has no such mission."""
    try:
        mission = setting(entry.track, entry.part, variant).mission
    except LabError:
        return None
    return mission.attempts_count if mission else None
