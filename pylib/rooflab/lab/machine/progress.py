"""Where a learner is at "Your machine": what is in the ledger, and which step comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rooflab.lab.ledger.entries import Imported
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.ledger.machine_entries import (
    MachineExplained,
    MachineJitter,
    MachineMeasured,
    MachinePin,
    MachinePrediction,
    MachineReflection,
    MachineThermal,
)
from rooflab.lab.scoring import ScoredPrediction, score_machine
from rooflab.machine.questions import QUESTIONS

__all__ = ["STEPS", "MachineProgress", "machine_progress"]

STEPS = ("predict", "measure", "explain", "pin", "reflect", "done")


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineProgress:
    """What is in the ledger, in order.

    `scored` are the predictions beside what the first measurement answered. `imported` says that the last measurement came
    with a file, so that it may be of another machine.
    """

    predicted: Mapping[str, tuple[MachinePrediction, ...]]
    measured: tuple[MachineMeasured, ...]
    explained: tuple[MachineExplained, ...]
    pins: tuple[MachinePin, ...]
    reflections: tuple[MachineReflection, ...]
    jitters: tuple[MachineJitter, ...]
    heats: tuple[MachineThermal, ...]
    scored: tuple[ScoredPrediction, ...]
    imported: bool

    @property
    def touched(self) -> bool:
        """Whether anything was done here."""
        return bool(self.predicted or self.measured or self.jitters or self.heats)

    @property
    def locked_in(self) -> bool:
        """Whether every question has an answer."""
        return all(each.id in self.predicted for each in QUESTIONS)

    @property
    def last(self) -> MachineMeasured | None:
        """The measurement that is shown."""
        return self.measured[-1] if self.measured else None

    @property
    def step(self) -> str:
        """The first step that is not done."""
        done = (self.locked_in, bool(self.measured), bool(self.explained), bool(self.pins), bool(self.reflections), False)
        return next(step for step, is_done in zip(STEPS, done, strict=True) if not is_done)


def machine_progress(ledger: Ledger) -> MachineProgress:
    """Return what a ledger holds of the machine; answers given after the first measurement are no predictions."""
    predicted: dict[str, tuple[MachinePrediction, ...]] = {}
    known, measured = {each.id for each in QUESTIONS}, False
    for entry in ledger.entries:
        measured = measured or isinstance(entry, MachineMeasured)
        if isinstance(entry, MachinePrediction) and entry.question_id in known and not measured:
            predicted[entry.question_id] = (*predicted.get(entry.question_id, ()), entry)

    def of(kind: type) -> tuple:
        return tuple(entry for entry in ledger.entries if isinstance(entry, kind))

    return MachineProgress(
        predicted=predicted,
        measured=of(MachineMeasured),
        explained=of(MachineExplained),
        pins=of(MachinePin),
        reflections=of(MachineReflection),
        jitters=of(MachineJitter),
        heats=of(MachineThermal),
        imported=_imported(ledger),
        scored=tuple(each for each in score_machine(ledger) if each.question_id in known),
    )


def _imported(ledger: Ledger) -> bool:
    """Whether a file was imported since the last measurement."""
    last = next((each for each in reversed(ledger.entries) if isinstance(each, (Imported, MachineMeasured))), None)
    return isinstance(last, Imported) and any(isinstance(each, MachineMeasured) for each in ledger.entries)
