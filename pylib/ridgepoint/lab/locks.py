"""Where a learner stands on the path, as a function of the ledger and nothing else.

A step opens when the step before it is done; what is not open is not built.
"""

from __future__ import annotations

from ridgepoint.lab.entries import DesignCommitted, Diagnosis, Entry, Pin, Prediction, Reflection, Reveal
from ridgepoint.lab.ledger import Ledger
from ridgepoint.tracks import track

__all__ = ["DONE", "STEPS", "current", "done", "place", "unlocked"]

STEPS = ("brief", "predict", "explore", "reveal", "diagnose", "reflect")
DONE = "done"
LABELS = {
    "brief": "Brief",
    "predict": "Predict",
    "explore": "Explore",
    "reveal": "Reveal",
    "diagnose": "Diagnose",
    "reflect": "Reflect",
}


def done(track_id: str, ledger: Ledger, part: int = 1) -> frozenset[str]:
    """Return the steps of a part that the ledger shows as done, without a gap from the first."""
    entries = ledger.of(track_id, part)
    questions = _question_ids(track_id, part)
    finished = {
        "brief": bool(entries),
        # A part that asks nothing is not in this version, and never opens.
        "predict": bool(questions) and questions <= _asked(entries, Prediction),
        "explore": any(isinstance(entry, (DesignCommitted, Pin)) for entry in entries),
        "reveal": questions <= _asked(entries, Reveal),
        "diagnose": any(isinstance(entry, Diagnosis) for entry in entries),
        "reflect": any(isinstance(entry, Reflection) for entry in entries),
    }
    # The briefing has no button: whoever predicted has it behind them.
    finished["brief"] = finished["brief"] or finished["predict"]
    count = next((index for index, step in enumerate(STEPS) if not finished[step]), len(STEPS))
    return frozenset(STEPS[:count])


def current(track_id: str, ledger: Ledger, part: int = 1) -> str:
    """Name the step a learner is at, or `DONE`; a fresh learner is at the prediction."""
    finished = done(track_id, ledger, part) | {"brief"}
    return next((step for step in STEPS if step not in finished), DONE)


def unlocked(track_id: str, ledger: Ledger, part: int = 1) -> frozenset[str]:
    """Return the steps that may be built: those done and the one after them."""
    return (done(track_id, ledger, part) | {"brief", current(track_id, ledger, part)}) - {DONE}


def place(track_id: str, ledger: Ledger, part: int = 1) -> dict[str, object]:
    """Say where the learner stands, for the page's path through the lab."""
    at = current(track_id, ledger, part)
    finished = done(track_id, ledger, part) | {"brief"}
    return {
        "track": track_id,
        "part": part,
        "step": at,
        "steps": [
            {
                "id": step,
                "label": LABELS[step],
                "state": "done" if step in finished else "current" if step == at else "locked",
            }
            for step in STEPS
        ],
    }


def _question_ids(track_id: str, part: int) -> frozenset[str]:
    return frozenset(question.id for question in track(track_id).part(part).questions)


def _asked(entries: tuple[Entry, ...], kind: type[Entry]) -> frozenset[str]:
    return frozenset(entry.question_id for entry in entries if isinstance(entry, kind))
