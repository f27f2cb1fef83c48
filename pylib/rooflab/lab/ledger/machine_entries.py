"""What a learner does at "Your machine", as entries: answers given before measuring, raw samples, evidence, arguments.

An entry of a measurement keeps what the page measured and the figures that followed, which a replay derives again. Only
its form is checked here, so that the lab can start without the model of the measurements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rooflab.errors import LedgerError
from rooflab.lab.ledger.entries import EVIDENCE_LIMIT, TEXT_LIMIT, Entry
from rooflab.lab.ledger.fields import (
    NAME_LIMIT,
    Limits,
    check_bool,
    check_count,
    check_id,
    check_text,
    set_number,
    set_numbers,
)

__all__ = [
    "MACHINE_KINDS",
    "MOST_RUNS",
    "PLACE",
    "MachineExplained",
    "MachineJitter",
    "MachineMeasured",
    "MachinePin",
    "MachinePrediction",
    "MachineReflection",
    "MachineThermal",
    "check_machine",
    "full_words",
]

PLACE = "your-machine"
"""Stands for a track where one is asked for: what is filled in here belongs to none."""

MOST_RUNS = {"machine_measured": 12, "machine_jitter": 4, "machine_thermal": 4}
"""How many measurements of each kind a ledger takes, so that it stays a file that can be sent."""

_ROWS = Limits(what="a measurement", depth=4, nodes=4000, text=NAME_LIMIT, key=check_id)
_SERIES = Limits(what="a series of samples", depth=3, nodes=5000, text=NAME_LIMIT, key=check_id)
_ANSWERS = Limits(what="the answers", depth=2, nodes=32, text=NAME_LIMIT, key=check_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePrediction(Entry):
    """An answer given before the machine was measured, with a confidence."""

    kind: ClassVar[str] = "machine_prediction"
    question_id: str
    choice_id: str
    confidence: float
    revision: bool = False

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        check_id("question_id", self.question_id)
        check_id("choice_id", self.choice_id)
        set_number(self, "confidence", least=0.5, most=1.0)
        check_bool("revision", self.revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineMeasured(Entry):
    """A complete measurement: the run, its rows with raw samples, and the figures and answers that followed.

    `predicted` has the time in seconds that the model gives for each row, by its id. `answers` has the right choice of each
    question, and `by_reference` names those that the machine's own numbers did not decide, so that the reference machine's did.
    """

    kind: ClassVar[str] = "machine_measured"
    run: Mapping[str, object]
    rows: tuple[Mapping[str, object], ...]
    figures: Mapping[str, float]
    predicted: Mapping[str, float]
    answers: Mapping[str, str]
    by_reference: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        _freeze(self, "run", Mapping, _ROWS)
        _freeze(self, "rows", list, _ROWS)
        set_numbers(self, "figures")
        set_numbers(self, "predicted")
        _freeze(self, "answers", Mapping, _ANSWERS)
        for each in self.answers.values():
            check_id("an answer", each)
        _freeze(self, "by_reference", list, _ANSWERS)
        for each in self.by_reference:
            check_id("a question in by_reference", each)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePin(Entry):
    """A figure of a measurement, kept as evidence; `measured` is the number of that measurement's entry."""

    kind: ClassVar[str] = "machine_pin"
    measured: int
    name: str
    value: float
    unit: str

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        check_count("measured", self.measured)
        check_id("name", self.name)
        set_number(self, "value")
        check_text("unit", self.unit, limit=NAME_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineExplained(Entry):
    """What the learner takes to be behind the model's largest miss, in a choice and in words."""

    kind: ClassVar[str] = "machine_explained"
    choice_id: str
    words: str

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        check_id("choice_id", self.choice_id)
        check_text("words", self.words, limit=TEXT_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineReflection(Entry):
    """What the learner would do on this machine first, what it costs, and the pinned figures that carry it."""

    kind: ClassVar[str] = "machine_reflection"
    claim: str
    tradeoff: str
    evidence: tuple[int, ...]

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        for name in ("claim", "tradeoff"):
            check_text(name, getattr(self, name), limit=TEXT_LIMIT)
        if not isinstance(self.evidence, (tuple, list)) or len(self.evidence) > EVIDENCE_LIMIT:
            raise LedgerError(f"evidence must be a list of at most {EVIDENCE_LIMIT} pinned figures.")
        for seq in self.evidence:
            check_count("evidence", seq)
        object.__setattr__(self, "evidence", tuple(self.evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineJitter(Entry):
    """One kernel many times, without and with a time stamp of each kernel, and the figures that followed."""

    kind: ClassVar[str] = "machine_jitter"
    run: Mapping[str, object]
    row: Mapping[str, object]
    figures: Mapping[str, float]

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        _freeze(self, "run", Mapping, _ROWS)
        _freeze(self, "row", Mapping, _SERIES)
        set_numbers(self, "figures")


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineThermal(Entry):
    """The rate of one kernel over time, pairs of seconds and FLOP/s, and the figures that followed."""

    kind: ClassVar[str] = "machine_thermal"
    run: Mapping[str, object]
    rows: tuple[tuple[float, float], ...]
    figures: Mapping[str, float]

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        _freeze(self, "run", Mapping, _ROWS)
        _freeze(self, "rows", list, _SERIES)
        set_numbers(self, "figures")


MACHINE_KINDS: tuple[type[Entry], ...] = (
    MachinePrediction,
    MachineMeasured,
    MachinePin,
    MachineExplained,
    MachineReflection,
    MachineJitter,
    MachineThermal,
)


def check_machine(entry: Entry, earlier: Sequence[Entry]) -> None:
    """Refuse what the lab would not have written: a measurement too many, or evidence of what is not there.

    Raises:
        LedgerError: there are as many measurements of the kind as fit, or the entry cites what is not measured or pinned earlier.
    """
    if wrong := full_words(entry.kind, earlier):
        raise LedgerError(wrong)
    if isinstance(entry, MachinePin):
        _check_cited((entry.measured,), earlier, MachineMeasured, "a measurement")
    if isinstance(entry, MachineReflection):
        _check_cited(entry.evidence, earlier, MachinePin, "a figure pinned")
    if isinstance(entry, MachinePrediction) and not entry.revision and any(isinstance(each, MachineMeasured) for each in earlier):
        raise LedgerError("A first prediction comes before the machine is measured.")


def full_words(kind: str, entries: Sequence[Entry]) -> str:
    """Say that a ledger takes no more measurements of a kind; empty where it does."""
    most = MOST_RUNS.get(kind)
    if most is None or sum(each.kind == kind for each in entries) < most:
        return ""
    return f"This ledger holds {most} measurements of this kind, which is all it takes. Export it and start over."


def _check_cited(seqs: tuple[int, ...], earlier: Sequence[Entry], kind: type[Entry], what: str) -> None:
    for seq in seqs:
        cited = earlier[seq] if seq < len(earlier) else None
        if not isinstance(cited, kind) and (cited is None or cited.kind):
            raise LedgerError(f"it cites entry {seq + 1}, which is not {what} earlier.")


def _freeze(entry: Entry, name: str, kind: type, limits: Limits) -> None:
    """Make a field one that nobody can change, or refuse it; a list may be a tuple."""
    value = getattr(entry, name)
    if not isinstance(value, (list, tuple) if kind is list else kind):
        raise LedgerError(f"{name} must be {'a list' if kind is list else 'an object'}.")
    object.__setattr__(entry, name, limits.freeze(value))
