"""Whether the open bench may be opened, and whether it was opened before a track was done."""

from __future__ import annotations

from rooflab import tracks
from rooflab.lab.ledger.entries import BenchOpened
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.steps.progress import progress

__all__ = ["bench_is_open", "opened_anyway", "opened_words"]


def bench_is_open(ledger: Ledger) -> bool:
    """Say whether a track is done, or the learner opened the bench anyway."""
    return opened_anyway(ledger) is not None or any(progress(each.id, ledger).complete for each in tracks.TRACKS)


def opened_anyway(ledger: Ledger) -> BenchOpened | None:
    """Return the entry by which the bench was opened before a track was done; None without one."""
    return next((each for each in ledger.entries if isinstance(each, BenchOpened)), None)


def opened_words(ledger: Ledger) -> str:
    """Say when the bench was opened before a track was done, by which entry; empty if it was not."""
    entry = opened_anyway(ledger)
    if entry is None:
        return ""
    return (
        f"The open bench was opened before a track was done, on {entry.at[:10]} (entry {entry.seq + 1}): "
        "predictions locked in after it may have been looked up."
    )
