"""The kinds of entry a ledger holds, each a frozen record that checks itself.

An entry is what a learner did, in the learner's words and numbers. It is data from an
untrusted place (a browser's storage, an imported file), so every field is bounded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from types import MappingProxyType
from typing import ClassVar

from rooflab.errors import LedgerError
from rooflab.lab.ledger.fields import (
    DIGEST,
    NAME_LIMIT,
    UNWRITABLE,
    Limits,
    check_bool,
    check_count,
    check_id,
    check_id_or_none,
    check_one_of,
    check_text,
    check_time,
    set_number,
    set_numbers,
    shown,
)

__all__ = [
    "CONFIDENCE_LEVELS",
    "SIGNATURE_LIMIT",
    "TEXT_LIMIT",
    "BenchOpened",
    "DesignCommitted",
    "Diagnosis",
    "Entry",
    "Experimented",
    "Hint",
    "Imported",
    "Observation",
    "Pin",
    "Prediction",
    "Proposal",
    "Reflection",
    "Reply",
    "Reveal",
    "SetApart",
    "Signed",
    "TrackEntry",
    "TrackOpened",
    "UnknownEntry",
    "UnreadEntry",
    "clean_text",
    "thaw",
]

CONFIDENCE_LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
MODES = ("compact", "default", "extended")
DECISIONS = ("accept", "otherwise", "refuse")
ROLES = ("explored", "attempt", "final")
PART_COUNT = 3
HINT_LEVELS = 3

TEXT_LIMIT = 2000
EVIDENCE_LIMIT = 16
DESIGN_DEPTH = 5
DESIGN_NODES = 512
SIGNATURE_LIMIT = 80
KIND_VERSION_LIMIT = 1000

# What an entry of a kind that this lab does not know may hold.
UNKNOWN_DEPTH = 8
UNKNOWN_NODES = 2000
UNKNOWN_TEXT_LIMIT = 20_000
UNKNOWN_KEY_LIMIT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened, at a time, at a place in the append-only order.

    `kind_version` is raised when the fields of a kind change. An entry keeps as `version` that with
    which it was written, and as `model` the place of its model among the ledger's models. Entries of
    schema 1 have neither.

    `later` names the fields that ledgers of the first labs do not have; they are written only
    where they are set, so those ledgers read and write as they always did.
    """

    kind: ClassVar[str] = ""
    kind_version: ClassVar[int] = 1
    later: ClassVar[tuple[str, ...]] = ()
    at: str
    seq: int = -1
    version: int = 0
    model: int | None = None

    def __post_init__(self) -> None:
        check_time("at", self.at)
        check_count("seq", self.seq, least=-1)
        check_count("version", self.version, most=KIND_VERSION_LIMIT)
        if self.model is not None:
            check_count("model", self.model)
        if (self.version == 0) != (self.model is None):
            raise LedgerError("version and model must both be there, or neither.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackEntry(Entry):
    """An entry that belongs to one part of one track."""

    track: str
    part: int

    def __post_init__(self) -> None:
        # Not super(): slots=True makes a new class, and the bare form would miss it.
        Entry.__post_init__(self)
        check_id("track", self.track)
        check_count("part", self.part, least=1, most=PART_COUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackOpened(TrackEntry):
    """The learner took up a track, in one of the three lengths of the lab."""

    kind: ClassVar[str] = "track_opened"
    mode: str = "default"

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        check_one_of("mode", self.mode, MODES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction(TrackEntry):
    """An answer given before the controls that would show it, with a confidence."""

    kind: ClassVar[str] = "prediction"
    question_id: str
    choice_id: str
    confidence: float
    revision: bool = False

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        check_id("question_id", self.question_id)
        check_id("choice_id", self.choice_id)
        set_number(self, "confidence", least=0.5, most=1.0)
        check_bool("revision", self.revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal(TrackEntry):
    """Reality was laid beside the prediction: `answer_id` is the choice that the model found right."""

    kind: ClassVar[str] = "reveal"
    later: ClassVar[tuple[str, ...]] = ("answer_id",)
    question_id: str
    answer_id: str = ""

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        check_id("question_id", self.question_id)
        check_id_or_none("answer_id", self.answer_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignCommitted(TrackEntry):
    """A design the learner stood by, with the figures the model gave for it."""

    kind: ClassVar[str] = "design"
    design: Mapping[str, object]
    digest: str
    figures: Mapping[str, float]
    role: str = "explored"

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        _set_design(self)
        if not isinstance(self.digest, str) or not DIGEST.fullmatch(self.digest):
            raise LedgerError(f"digest must be 'sha256:' and 64 hex digits, not {shown(self.digest)}.")
        _set_figures(self)
        check_one_of("role", self.role, ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin(TrackEntry):
    """A reading taken from an instrument, kept as evidence with its design.

    `layer` is the operator that the reading is of, where the instrument shows one at a time, and
    `frame` the recording and its frame, as in 2-1234, where it is of one frame.
    """

    kind: ClassVar[str] = "pin"
    kind_version: ClassVar[int] = 2
    later: ClassVar[tuple[str, ...]] = ("layer", "frame")
    instrument: str
    design: Mapping[str, object]
    name: str
    value: float
    unit: str
    layer: str = ""
    frame: str = ""

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        check_id("instrument", self.instrument)
        _set_design(self)
        check_text("name", self.name, limit=NAME_LIMIT, empty=False)
        set_number(self, "value")
        check_text("unit", self.unit, limit=NAME_LIMIT)
        check_id_or_none("layer", self.layer)
        check_id_or_none("frame", self.frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class Experimented(TrackEntry):
    """An experiment that was done: the design on the bench, what was supposed beside it, and the operator looked at."""

    kind: ClassVar[str] = "experiment"
    experiment_id: str
    design: Mapping[str, object]
    what_if: Mapping[str, float]
    layer: str = ""

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        check_id("experiment_id", self.experiment_id)
        _set_design(self)
        set_numbers(self, "what_if")
        check_id_or_none("layer", self.layer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation(TrackEntry):
    """What the learner says that the exploration showed, and whether it did."""

    kind: ClassVar[str] = "observation"
    question_id: str
    choice_id: str
    right: bool

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        check_id("question_id", self.question_id)
        check_id("choice_id", self.choice_id)
        check_bool("right", self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis(TrackEntry):
    """The binding constraint the learner named, and whether the instruments agree."""

    kind: ClassVar[str] = "diagnosis"
    choice_id: str
    right: bool

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        check_id("choice_id", self.choice_id)
        check_bool("right", self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflection(TrackEntry):
    """A claim with the pinned readings that carry it, its trade-off and its risk.

    `asked_again` names the fields, apart by spaces, that were asked for again and kept as they were: texts that say
    nothing, and evidence that does not bear on the claim.
    """

    kind: ClassVar[str] = "reflection"
    kind_version: ClassVar[int] = 2
    later: ClassVar[tuple[str, ...]] = ("asked_again",)
    task: str
    claim: str
    evidence: tuple[int, ...]
    tradeoff: str = ""
    residual_risk: str = ""
    choice_id: str = ""
    rejected_alternative: str = ""
    reevaluation_trigger: str = ""
    asked_again: str = ""

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        check_id("task", self.task)
        check_id_or_none("choice_id", self.choice_id)
        for name in ("claim", "tradeoff", "residual_risk", "rejected_alternative", "reevaluation_trigger"):
            check_text(name, getattr(self, name), limit=TEXT_LIMIT)
        check_text("asked_again", self.asked_again, limit=NAME_LIMIT)
        if not isinstance(self.evidence, (tuple, list)) or len(self.evidence) > EVIDENCE_LIMIT:
            raise LedgerError(f"evidence must be a list of at most {EVIDENCE_LIMIT} pinned readings.")
        for seq in self.evidence:
            check_count("evidence", seq)
        object.__setattr__(self, "evidence", tuple(self.evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(TrackEntry):
    """A tiling proposed for one product of a design, and its score.

    `score_fraction` is the kernel time of the fastest tiling on offer over its own, 0 if it cannot run.
    In the first version it was the share of the hardware that the tiling keeps busy.
    """

    kind: ClassVar[str] = "proposal"
    kind_version: ClassVar[int] = 2
    design: Mapping[str, object]
    tile_rows: int
    tile_columns: int
    split: int
    score_fraction: float

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        _set_design(self)
        for name in ("tile_rows", "tile_columns", "split"):
            check_count(name, getattr(self, name), least=1)
        set_number(self, "score_fraction", least=0.0, most=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(TrackEntry):
    """The answer to the stakeholder's demand, with the design that proves it.

    Who refuses names the target, or the memory, that stands in the way. `attributed_id` is the control that is said to
    have brought most of the gain, or none; replies of the first labs have it empty. `right` says whether the model agrees
    with all of it. The first reply counts; `revision` marks the one that may follow.
    """

    kind: ClassVar[str] = "reply"
    kind_version: ClassVar[int] = 2
    later: ClassVar[tuple[str, ...]] = ("attributed_id", "revision")
    decision: str
    named_id: str = ""
    design: Mapping[str, object]
    figures: Mapping[str, float]
    right: bool
    attributed_id: str = ""
    revision: bool = False

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        check_one_of("decision", self.decision, DECISIONS)
        check_id_or_none("named_id", self.named_id)
        check_id_or_none("attributed_id", self.attributed_id)
        check_bool("revision", self.revision)
        _set_design(self)
        _set_figures(self)
        check_bool("right", self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint(TrackEntry):
    """A hint taken; the third level says most."""

    kind: ClassVar[str] = "hint"
    step: str
    level: int

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        check_id("step", self.step)
        check_count("level", self.level, least=1, most=HINT_LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported(Entry):
    """Everything before this entry came from a file; `edited` if its digest did not match."""

    kind: ClassVar[str] = "import"
    entries: int
    edited: bool

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        check_count("entries", self.entries)
        check_bool("edited", self.edited)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Entry):
    """The name, number or pseudonym by which the learner wants to be known; the last one counts."""

    kind: ClassVar[str] = "signed"
    name: str

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        check_text("name", self.name, limit=SIGNATURE_LIMIT)
        if "\n" in self.name or "\t" in self.name:
            raise LedgerError("name must be one line.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchOpened(Entry):
    """The learner opened the open bench before any track was done; what it shows may answer a lock."""

    kind: ClassVar[str] = "bench_opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownEntry(Entry):
    """An entry of a kind, or of a version of a kind, that this lab does not know; kept as it came."""

    content: Mapping[str, object]

    @classmethod
    def of(cls, content: Mapping[str, object]) -> UnknownEntry:
        """Return the entry, or refuse what no lab may write."""
        check_id("kind", content.get("kind"))
        check_count("version", content.get("version"), least=1, most=KIND_VERSION_LIMIT)
        check_count("model", content.get("model"))
        return cls(
            at=content.get("at"),
            seq=content.get("seq"),
            version=content["version"],
            model=content["model"],
            content=_UNKNOWN.freeze(content),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadEntry(Entry):
    """An entry that is damaged, and why; `text` is its JSON, kept as it came. `at` is the time of the entry before it."""

    text: str
    reason: str = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetApart(Entry):
    """An entry that this version cannot read or compute, and why. It is written as what it was, and counts for nothing."""

    original: Entry
    reason: str

    @classmethod
    def of(cls, entry: Entry, reason: str) -> SetApart:
        """Set an entry apart, in its place."""
        return cls(
            at=entry.at, seq=entry.seq, version=entry.version, model=entry.model, original=entry, reason=reason
        )


def clean_text(text: str) -> str:
    """Return what a learner typed with line ends unified and unwritable characters gone."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNWRITABLE.sub("", unified).strip()


def thaw(value: object) -> object:
    """Return a frozen design as fresh dicts and lists, as JSON has them."""
    if isinstance(value, (MappingProxyType, dict)):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return list(value) if _PLAIN.issuperset(map(type, value)) else [thaw(item) for item in value]
    return value


@cache
def field_names(kind: type[Entry]) -> tuple[str, ...]:
    """Name the fields of an entry in the order in which they are written."""
    return tuple(field.name for field in fields(kind))


def _set_design(entry: DesignCommitted | Pin | Experimented | Proposal | Reply) -> None:
    if not isinstance(entry.design, Mapping):
        raise LedgerError(f"design must be an object, not {shown(entry.design)}.")
    object.__setattr__(entry, "design", _DESIGN.freeze(entry.design))


def _set_figures(entry: DesignCommitted | Reply) -> None:
    set_numbers(entry, "figures")


def _check_unknown_key(name: str, value: object) -> None:
    check_text(name, value, limit=UNKNOWN_KEY_LIMIT)


_PLAIN = frozenset({str, bool, int, float})
_DESIGN = Limits(what="a design", depth=DESIGN_DEPTH, nodes=DESIGN_NODES, text=NAME_LIMIT, key=check_id)
_UNKNOWN = Limits(
    what="an entry", depth=UNKNOWN_DEPTH, nodes=UNKNOWN_NODES, text=UNKNOWN_TEXT_LIMIT, key=_check_unknown_key
)
