"""Where a learner stands on the path, as a function of the ledger and nothing else.

What was done counts as done, whether or not this version can compute it.

A step opens when the step before it is done, a part when the part before it is done; what is
not open is not built. The parts of one track do not depend on the other tracks.
"""

from __future__ import annotations

from collections.abc import Callable

from rooflab.lab.entries import (
    DesignCommitted,
    Diagnosis,
    Entry,
    Pin,
    Prediction,
    Proposal,
    Reflection,
    Reply,
    Reveal,
    TrackOpened,
)
from rooflab.lab.ledger import Ledger
from rooflab.lab.modes import DEFAULT_MODE, LABELS, steps
from rooflab.tracks import track

__all__ = ["DONE", "LOCKED", "OPEN", "current", "done", "mode_of", "part_done", "parts_open", "place", "steps", "unlocked"]

DONE = "done"
OPEN = "open"
LOCKED = "locked"

Entries = tuple[Entry, ...]


def mode_of(track_id: str, ledger: Ledger) -> str:
    """Return the id of the mode in which the track was last opened; the default where it was not."""
    opened = [entry for entry in ledger.done_on(track_id) if isinstance(entry, TrackOpened)]
    return opened[-1].mode if opened else DEFAULT_MODE


def done(track_id: str, ledger: Ledger, part: int = 1) -> frozenset[str]:
    """Return the steps of a part that the ledger shows as done, without a gap from the first."""
    entries = ledger.done_on(track_id, part)
    questions = _question_ids(track_id, part)
    # A part that asks nothing is not in this version, and never opens.
    predicted = bool(questions) and questions <= _asked(entries, Prediction)
    finished = {
        # The briefing has no button: whoever predicted has it behind them.
        "brief": bool(entries) or predicted,
        "predict": predicted,
        "reveal": questions <= _asked(entries, Reveal),
        **{step: shown(entries) for step, shown in _SHOWN.items()},
    }
    path = steps(part, mode_of(track_id, ledger))
    count = next((index for index, step in enumerate(path) if not finished[step]), len(path))
    return frozenset(path[:count])


def part_done(track_id: str, ledger: Ledger, part: int) -> bool:
    """Say whether every step of a part is done."""
    return done(track_id, ledger, part) == frozenset(steps(part, mode_of(track_id, ledger)))


def parts_open(track_id: str, ledger: Ledger) -> frozenset[int]:
    """Return the numbers of the parts that may be built: the first, and each after one that is done."""
    opened = set()
    for part in track(track_id).parts:
        if not part.available:
            break
        opened.add(part.number)
        if not part_done(track_id, ledger, part.number):
            break
    return frozenset(opened)


def current(track_id: str, ledger: Ledger, part: int = 1) -> str:
    """Name the step a learner is at, `DONE`, or `LOCKED`; a fresh learner is at the prediction."""
    if part not in parts_open(track_id, ledger):
        return LOCKED
    return _current(track_id, ledger, part)


def unlocked(track_id: str, ledger: Ledger, part: int = 1) -> frozenset[str]:
    """Return the steps that may be built: those done and the one after them; none of a locked part."""
    at = current(track_id, ledger, part)
    if at == LOCKED:
        return frozenset()
    return (done(track_id, ledger, part) | {"brief", at}) - {DONE}


def place(track_id: str, ledger: Ledger, part: int = 1) -> dict[str, object]:
    """Say where the learner stands, for the page's path through the lab."""
    opened = parts_open(track_id, ledger)
    at = current(track_id, ledger, part)
    finished = done(track_id, ledger, part) | {"brief"} if part in opened else frozenset()
    mode = mode_of(track_id, ledger)
    return {
        "track": track_id,
        "part": part,
        "mode": mode,
        "step": at,
        "steps": [
            {
                "id": step,
                "label": LABELS[step],
                "state": "done" if step in finished else "current" if step == at else "locked",
            }
            for step in steps(part, mode)
        ],
        "parts": [
            {
                "number": each.number,
                "title": each.title,
                "state": LOCKED
                if each.number not in opened
                else DONE
                if part_done(track_id, ledger, each.number)
                else OPEN,
            }
            for each in track(track_id).parts
        ],
    }


def _current(track_id: str, ledger: Ledger, part: int) -> str:
    finished = done(track_id, ledger, part) | {"brief"}
    return next((step for step in steps(part, mode_of(track_id, ledger)) if step not in finished), DONE)


def _question_ids(track_id: str, part: int) -> frozenset[str]:
    return frozenset(question.id for question in track(track_id).part(part).questions)


def _asked(entries: Entries, kind: type[Entry]) -> frozenset[str]:
    return frozenset(entry.question_id for entry in entries if isinstance(entry, kind))


def _final(entries: Entries) -> DesignCommitted | None:
    return next((each for each in entries if isinstance(each, DesignCommitted) and each.role == "final"), None)


def _verified(entries: Entries) -> bool:
    """Say whether a reading was pinned after the work: at another design than the diagnosed, or at the final one."""
    pins = [entry for entry in entries if isinstance(entry, Pin)]
    final = _final(entries)
    if final is not None:
        return any(pin.seq > final.seq and pin.design == final.design for pin in pins)
    diagnosis = next((entry for entry in entries if isinstance(entry, Diagnosis)), None)
    if diagnosis is None:
        return False
    before = [
        entry for entry in entries if isinstance(entry, DesignCommitted | Pin) and entry.seq < diagnosis.seq
    ]
    return any(pin.seq > diagnosis.seq and pin.design != before[-1].design for pin in pins if before)


def _any(*kinds: type[Entry]) -> Callable[[Entries], bool]:
    return lambda entries: any(isinstance(entry, kinds) for entry in entries)


_SHOWN: dict[str, Callable[[Entries], bool]] = {
    "explore": _any(DesignCommitted, Pin),
    "diagnose": _any(Diagnosis),
    "attempt": lambda entries: _final(entries) is not None,
    "propose": _any(Proposal),
    "challenge": _any(Reply),
    "verify": _verified,
    "reflect": _any(Reflection),
}
