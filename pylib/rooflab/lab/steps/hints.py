"""The hints of a part: three for a step, taken in order, each on record."""

from __future__ import annotations

from dataclasses import dataclass

from rooflab.errors import LedgerError
from rooflab.lab.ledger.entries import HINT_LEVELS, Hint
from rooflab.lab.ledger.ledger import Ledger
from rooflab.tracks import track

__all__ = ["HintState", "hint_state", "next_hint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HintState:
    """The hints of one step: the words of those taken, and the level that comes next, 0 after the last."""

    step: str
    taken: tuple[str, ...]
    next_level: int


def hint_state(track_id: str, part: int, ledger: Ledger) -> tuple[HintState, ...]:
    """Return the hints of a part, step by step, as far as the learner has taken them."""
    highest: dict[str, int] = {}
    for entry in ledger.of(track_id, part):
        if isinstance(entry, Hint):
            highest[entry.step] = max(entry.level, highest.get(entry.step, 0))
    states = []
    for hints in track(track_id).part(part).hints:
        level = highest.get(hints.step, 0)
        states.append(
            HintState(
                step=hints.step,
                taken=hints.words[:level],
                next_level=level + 1 if level < HINT_LEVELS else 0,
            )
        )
    return tuple(states)


def next_hint(track_id: str, part: int, ledger: Ledger, step: str, *, at: str) -> Hint:
    """Return the entry that takes the next hint of a step.

    Raises:
        LedgerError: the step has no hints, or all of them are taken.
    """
    for state in hint_state(track_id, part, ledger):
        if state.step == step and state.next_level:
            return Hint(at=at, track=track_id, part=part, step=step, level=state.next_level)
    raise LedgerError(f"There is no further hint for the step {step!r} of part {part}.")
