"""The ten-iteration rule: a part takes ten attempts, and one of them as the final design."""

from __future__ import annotations

from collections.abc import Sequence

from rooflab.errors import LedgerError
from rooflab.lab.entries import DesignCommitted, Entry
from rooflab.specs.mission import ATTEMPTS_COUNT

__all__ = ["check_attempts"]


def check_attempts(entry: Entry, earlier: Sequence[Entry]) -> None:
    """Refuse an attempt that the rule does not allow, or a final design that was not attempted.

    Raises:
        LedgerError: all ten attempts are made, the final design is named, or it is none of the attempts.
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
    if entry.role == "attempt" and len(attempts) >= ATTEMPTS_COUNT:
        raise LedgerError(f"All {ATTEMPTS_COUNT} attempts of this part are made. Name one of them as the final design.")
    if entry.role == "final" and all(each.design != entry.design for each in attempts):
        raise LedgerError("The final design must be one of the attempts of this part.")
