"""How far a learner is on a track and what may be done next: a function of the ledger, derived once.

What was done counts as done, whether or not this version can compute it.

A step opens when the step before it is done, a part when the part before it is done; what is
not open is not built. The parts of one track do not depend on the other tracks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rooflab.lab.ledger.entries import (
    DesignCommitted,
    Diagnosis,
    Entry,
    Experimented,
    Observation,
    Pin,
    Prediction,
    Proposal,
    Reflection,
    Reply,
    Reveal,
    TrackOpened,
)
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.steps.modes import DEFAULT_MODE, LABELS, mode, steps
from rooflab.specs import Experiment, Part
from rooflab.tracks import track

__all__ = ["DONE", "LOCKED", "OPEN", "PART_LOCKED", "PartProgress", "Progress", "progress"]

DONE = "done"
OPEN = "open"
LOCKED = "locked"

PART_LOCKED = "That part is locked: finish the part before it first."

Entries = tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartProgress:
    """How far a learner is in one part, and what the ledger has of it.

    `steps` are those of the learner's mode; `done` are the first of them, without a gap. `offered` are the experiments
    of the mode, and those done in another; `fields` is what its reflection asks for in words. `touched` says whether the ledger has any entry of the part. The entries are those that this version can compute, in order; of observations,
    diagnoses and final designs the first counts, of reflections the last.
    """

    part: Part
    opened: bool
    steps: tuple[str, ...]
    done: frozenset[str]
    touched: bool
    entries: Entries
    predictions: tuple[Prediction, ...]
    reveals: tuple[Reveal, ...]
    pins: tuple[Pin, ...]
    experiments: tuple[Experimented, ...]
    offered: tuple[Experiment, ...]
    fields: tuple[str, ...]
    observation: Observation | None
    designs: tuple[DesignCommitted | Pin, ...]
    attempts: tuple[DesignCommitted, ...]
    final: DesignCommitted | None
    diagnosis: Diagnosis | None
    proposals: tuple[Proposal, ...]
    replies: tuple[Reply, ...]
    reflection: Reflection | None

    @property
    def complete(self) -> bool:
        """Whether every step is done."""
        return len(self.done) == len(self.steps)

    @property
    def current(self) -> str:
        """The step the learner is at, `DONE`, or `LOCKED`; a fresh learner is at the prediction."""
        if not self.opened:
            return LOCKED
        return next((step for step in self.steps if step not in self.done | {"brief"}), DONE)

    @property
    def unlocked(self) -> frozenset[str]:
        """The steps that may be built: those done and the one after them; none of a locked part."""
        return (self.done | {"brief", self.current}) - {DONE} if self.opened else frozenset()

    @property
    def explored(self) -> bool:
        """Whether the bench was used for more than a look, so that it can be asked what it showed."""
        return bool(self.experiments or self.designs)

    @property
    def open_steps(self) -> tuple[str, ...]:
        """The steps that are not done."""
        return tuple(step for step in self.steps if step not in self.done)

    def predicted(self, question_id: str) -> tuple[Prediction, ...]:
        """Return the answers to one question: the first counts, the others are revisions."""
        return tuple(each for each in self.predictions if each.question_id == question_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a learner is on one track; `mode` is the one in which the track was last opened."""

    track_id: str
    mode: str
    parts: tuple[PartProgress, ...]

    @property
    def complete(self) -> bool:
        """Whether every part is done."""
        return all(each.complete for each in self.parts)

    def part(self, number: int) -> PartProgress:
        """Return the progress in the part of that number."""
        return self.parts[number - 1]

    def path(self, number: int) -> dict[str, object]:
        """Return the path through the lab as the page shows it to a learner who is in the part of that number."""
        here = self.part(number)
        finished = here.done | {"brief"} if here.opened else frozenset()
        return {
            "track": self.track_id,
            "part": number,
            "mode": self.mode,
            "step": here.current,
            "steps": [
                {
                    "id": step,
                    "label": LABELS[step],
                    "state": "done" if step in finished else "current" if step == here.current else "locked",
                }
                for step in here.steps
            ],
            "parts": [
                {
                    "number": each.part.number,
                    "title": each.part.title,
                    "state": LOCKED if not each.opened else DONE if each.complete else OPEN,
                }
                for each in self.parts
            ],
        }


def progress(track_id: str, ledger: Ledger) -> Progress:
    """Return a learner's progress on a track; derived once for each ledger, however many ask.

    Raises:
        BadDesign: there is no such track.
    """
    if track_id not in ledger.derived:
        ledger.derived[track_id] = _derived(track_id, ledger)
    return ledger.derived[track_id]


def _derived(track_id: str, ledger: Ledger) -> Progress:
    chosen = _mode(ledger.done_on(track_id))
    parts: list[PartProgress] = []
    for part in track(track_id).parts:
        opened = not parts or parts[-1].opened and parts[-1].complete
        recorded = ledger.done_on(track_id, part.number)
        entries = ledger.of(track_id, part.number)
        parts.append(_part(part, chosen, opened=opened, recorded=recorded, entries=entries))
    return Progress(track_id=track_id, mode=chosen, parts=tuple(parts))


def _mode(recorded: Entries) -> str:
    opened = _of(recorded, TrackOpened)
    return opened[-1].mode if opened else DEFAULT_MODE


def _part(part: Part, mode_id: str, *, opened: bool, recorded: Entries, entries: Entries) -> PartProgress:
    path = steps(part.number, mode_id)
    reflections, experiments = _of(entries, Reflection), _of(entries, Experimented)
    return PartProgress(
        part=part,
        opened=opened,
        steps=path,
        done=_done(part, path, recorded),
        touched=bool(recorded),
        entries=entries,
        predictions=_of(entries, Prediction),
        reveals=_of(entries, Reveal),
        pins=_of(entries, Pin),
        experiments=experiments,
        offered=_offered(part, mode_id, {each.experiment_id for each in experiments}),
        fields=mode(mode_id).fields[part.number - 1],
        observation=next(iter(_of(entries, Observation)), None),
        designs=_of(entries, Pin, DesignCommitted),
        attempts=tuple(each for each in _of(entries, DesignCommitted) if each.role == "attempt"),
        final=_final(entries),
        diagnosis=next(iter(_of(entries, Diagnosis)), None),
        proposals=_of(entries, Proposal),
        replies=_of(entries, Reply),
        reflection=reflections[-1] if reflections else None,
    )


def _offered(part: Part, mode_id: str, done: set[str]) -> tuple[Experiment, ...]:
    first = part.experiments[: mode(mode_id).experiments_count]
    return tuple(each for each in part.experiments if each in first or each.id in done)


def _done(part: Part, path: tuple[str, ...], recorded: Entries) -> frozenset[str]:
    """Return the steps that the entries show as done, without a gap from the first."""
    questions = {question.id for question in part.questions}
    predicted = questions <= {each.question_id for each in _of(recorded, Prediction)}
    finished = {
        # The briefing has no button: whoever predicted has it behind them.
        "brief": bool(recorded) or predicted,
        "predict": predicted,
        "explore": _explored(part, recorded),
        "reveal": questions <= {each.question_id for each in _of(recorded, Reveal)},
        **{step: shown(recorded) for step, shown in _SHOWN.items()},
    }
    count = next((index for index, step in enumerate(path) if not finished[step]), len(path))
    return frozenset(path[:count])


def _of(entries: Entries, *kinds: type[Entry]) -> Entries:
    return tuple(entry for entry in entries if isinstance(entry, kinds))


def _final(entries: Entries) -> DesignCommitted | None:
    return next((each for each in _of(entries, DesignCommitted) if each.role == "final"), None)


def _verified(entries: Entries) -> bool:
    """Say whether a reading was pinned after the work: at another design than the diagnosed, or at the final one."""
    pins = _of(entries, Pin)
    final = _final(entries)
    if final is not None:
        return any(pin.seq > final.seq and pin.design == final.design for pin in pins)
    diagnosis = next(iter(_of(entries, Diagnosis)), None)
    if diagnosis is None:
        return False
    before = [each for each in _of(entries, DesignCommitted, Pin) if each.seq < diagnosis.seq]
    return any(pin.seq > diagnosis.seq and pin.design != before[-1].design for pin in pins if before)


def _explored(part: Part, entries: Entries) -> bool:
    """Say whether the bench was used, and it was said what it showed; before the lab asked that, a reveal ended it."""
    used = _any(DesignCommitted, Pin, Experimented)(entries)
    return used and (part.observation is None or _any(Observation, Reveal)(entries))


def _any(*kinds: type[Entry]) -> Callable[[Entries], bool]:
    return lambda entries: bool(_of(entries, *kinds))


_SHOWN: dict[str, Callable[[Entries], bool]] = {
    "diagnose": _any(Diagnosis),
    "attempt": lambda entries: _final(entries) is not None,
    "propose": _any(Proposal),
    "challenge": _any(Reply),
    "verify": _verified,
    "reflect": _any(Reflection),
}
