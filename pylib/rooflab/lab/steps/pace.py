"""How long a learner spent, from the times of the entries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rooflab.lab.ledger.entries import TrackEntry
from rooflab.lab.ledger.ledger import Ledger

__all__ = ["PAUSE_S", "time_spent_s"]

PAUSE_S = 600.0
"""A longer silence between two entries counts as this much: the learner was away."""


def time_spent_s(ledger: Ledger) -> Mapping[tuple[str, int], float]:
    """Return the time spent on each part of each track, by (track id, part).

    The time between two entries counts for the part of the later one. A clock that went
    backwards, or a date that does not exist, adds nothing.
    """
    spent: dict[tuple[str, int], float] = {}
    before = _moment(ledger.created_at)
    for entry in ledger.recorded:
        now = _moment(entry.at)
        if isinstance(entry, TrackEntry):
            gap_s = (now - before).total_seconds() if now and before else 0.0
            key = entry.track, entry.part
            spent[key] = spent.get(key, 0.0) + min(max(gap_s, 0.0), PAUSE_S)
        before = now or before
    return spent


def _moment(at: str) -> datetime | None:
    try:
        return datetime.fromisoformat(at.replace(":60", ":59").replace("Z", "+00:00"))
    except ValueError:
        return None
