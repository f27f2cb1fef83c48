"""The kinds of entry a ledger holds, each a frozen record that checks itself.

An entry is what a learner did, in the learner's words and numbers. It is data from an
untrusted place (a browser's storage, an imported file), so every field is bounded here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from types import MappingProxyType
from typing import ClassVar

from rooflab.errors import LedgerError

__all__ = [
    "CONFIDENCE_LEVELS",
    "ENTRY_KINDS",
    "SIGNATURE_LIMIT",
    "TEXT_LIMIT",
    "BenchOpened",
    "DesignCommitted",
    "Diagnosis",
    "Entry",
    "Hint",
    "Imported",
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
DECISIONS = ("accept", "refuse")
ROLES = ("explored", "attempt", "final")
PART_COUNT = 3
HINT_LEVELS = 3

ID_LIMIT = 64
NAME_LIMIT = 120
TEXT_LIMIT = 2000
FIGURE_LIMIT = 64
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

# 2**53 - 1: beyond it a neighbour that reads JSON in JavaScript gets another number.
SAFE_INTEGER = 9007199254740991

_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,6})?(?:Z|\+00:00)")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# Controls other than tab and newline, and lone surrogates, which no file can hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


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
        _check_count("seq", self.seq, least=-1)
        _check_count("version", self.version, most=KIND_VERSION_LIMIT)
        if self.model is not None:
            _check_count("model", self.model)
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
        _check_id("track", self.track)
        _check_count("part", self.part, least=1, most=PART_COUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackOpened(TrackEntry):
    """The learner took up a track, in one of the three lengths of the lab."""

    kind: ClassVar[str] = "track_opened"
    mode: str = "default"

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        _check_one_of("mode", self.mode, MODES)


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
        _check_id("question_id", self.question_id)
        _check_id("choice_id", self.choice_id)
        _set_number(self, "confidence", least=0.5, most=1.0)
        _check_bool("revision", self.revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal(TrackEntry):
    """Reality was laid beside the prediction: `answer_id` is the choice that the model found right."""

    kind: ClassVar[str] = "reveal"
    later: ClassVar[tuple[str, ...]] = ("answer_id",)
    question_id: str
    answer_id: str = ""

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        _check_id("question_id", self.question_id)
        _check_id_or_none("answer_id", self.answer_id)


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
        if not isinstance(self.digest, str) or not _DIGEST.fullmatch(self.digest):
            raise LedgerError(f"digest must be 'sha256:' and 64 hex digits, not {_shown(self.digest)}.")
        _set_figures(self)
        _check_one_of("role", self.role, ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin(TrackEntry):
    """A reading taken from an instrument, kept as evidence with its design.

    `layer` is the operator that the reading is of, where the instrument shows one at a time.
    """

    kind: ClassVar[str] = "pin"
    later: ClassVar[tuple[str, ...]] = ("layer",)
    instrument: str
    design: Mapping[str, object]
    name: str
    value: float
    unit: str
    layer: str = ""

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        _check_id("instrument", self.instrument)
        _set_design(self)
        _check_text("name", self.name, limit=NAME_LIMIT, empty=False)
        _set_number(self, "value")
        _check_text("unit", self.unit, limit=NAME_LIMIT)
        _check_id_or_none("layer", self.layer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis(TrackEntry):
    """The binding constraint the learner named, and whether the instruments agree."""

    kind: ClassVar[str] = "diagnosis"
    choice_id: str
    right: bool

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        _check_id("choice_id", self.choice_id)
        _check_bool("right", self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflection(TrackEntry):
    """A claim with the pinned readings that carry it, its trade-off and its risk."""

    kind: ClassVar[str] = "reflection"
    task: str
    claim: str
    evidence: tuple[int, ...]
    tradeoff: str
    residual_risk: str
    choice_id: str = ""
    rejected_alternative: str = ""
    reevaluation_trigger: str = ""

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        _check_id("task", self.task)
        _check_id_or_none("choice_id", self.choice_id)
        for name in ("claim", "tradeoff", "residual_risk", "rejected_alternative", "reevaluation_trigger"):
            _check_text(name, getattr(self, name), limit=TEXT_LIMIT)
        if not isinstance(self.evidence, (tuple, list)) or len(self.evidence) > EVIDENCE_LIMIT:
            raise LedgerError(f"evidence must be a list of at most {EVIDENCE_LIMIT} pinned readings.")
        for seq in self.evidence:
            _check_count("evidence", seq)
        object.__setattr__(self, "evidence", tuple(self.evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(TrackEntry):
    """A tiling proposed for one product of a design, and the share of the hardware it keeps busy."""

    kind: ClassVar[str] = "proposal"
    design: Mapping[str, object]
    tile_rows: int
    tile_columns: int
    split: int
    score_fraction: float

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        _set_design(self)
        for name in ("tile_rows", "tile_columns", "split"):
            _check_count(name, getattr(self, name), least=1)
        _set_number(self, "score_fraction", least=0.0, most=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(TrackEntry):
    """The answer to the stakeholder's demand, with the design that proves it.

    Who refuses names the target, or the memory, that stands in the way; `right` says whether the
    model agrees.
    """

    kind: ClassVar[str] = "reply"
    decision: str
    named_id: str = ""
    design: Mapping[str, object]
    figures: Mapping[str, float]
    right: bool

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        _check_one_of("decision", self.decision, DECISIONS)
        _check_id_or_none("named_id", self.named_id)
        _set_design(self)
        _set_figures(self)
        _check_bool("right", self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint(TrackEntry):
    """A hint taken; the third level says most."""

    kind: ClassVar[str] = "hint"
    step: str
    level: int

    def __post_init__(self) -> None:
        TrackEntry.__post_init__(self)
        _check_id("step", self.step)
        _check_count("level", self.level, least=1, most=HINT_LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported(Entry):
    """Everything before this entry came from a file; `edited` if its digest did not match."""

    kind: ClassVar[str] = "import"
    entries: int
    edited: bool

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        _check_count("entries", self.entries)
        _check_bool("edited", self.edited)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Entry):
    """The name, number or pseudonym by which the learner wants to be known; the last one counts."""

    kind: ClassVar[str] = "signed"
    name: str

    def __post_init__(self) -> None:
        Entry.__post_init__(self)
        _check_text("name", self.name, limit=SIGNATURE_LIMIT)
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
        _check_id("kind", content.get("kind"))
        _check_count("version", content.get("version"), least=1, most=KIND_VERSION_LIMIT)
        _check_count("model", content.get("model"))
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


ENTRY_KINDS: Mapping[str, type[Entry]] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            TrackOpened,
            Prediction,
            Reveal,
            DesignCommitted,
            Pin,
            Diagnosis,
            Proposal,
            Reply,
            Reflection,
            Hint,
            Imported,
            Signed,
            BenchOpened,
        )
    }
)


def clean_text(text: str) -> str:
    """Return what a learner typed with line ends unified and unwritable characters gone."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWRITABLE.sub("", unified).strip()


def thaw(value: object) -> object:
    """Return a frozen design as fresh dicts and lists, as JSON has them."""
    if isinstance(value, (MappingProxyType, dict)):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [thaw(item) for item in value]
    return value


@cache
def field_names(kind: type[Entry]) -> tuple[str, ...]:
    """Name the fields of an entry in the order in which they are written."""
    return tuple(field.name for field in fields(kind))


def check_time(name: str, value: object) -> None:
    """Refuse what is not a UTC time in ISO 8601.

    Only the form and the ranges are looked at: a clock that was wrong is still a record.
    """
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match:
        _, month, day, hour, minute, second = map(int, match.groups())
        if 1 <= month <= 12 and 1 <= day <= 31 and hour <= 23 and minute <= 59 and second <= 60:
            return
    raise LedgerError(f"{name} must be a UTC time such as 2026-11-02T09:30:00Z, not {_shown(value)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """How much a JSON value inside an entry may hold; `key` checks the names in its objects."""

    what: str
    depth: int
    nodes: int
    text: int
    key: Callable[[str, object], None]

    def freeze(self, value: object) -> object:
        """Return a JSON value that nobody can change, or refuse what JSON cannot carry."""
        return self._frozen(value, depth=0, budget=[self.nodes])

    def _frozen(self, value: object, *, depth: int, budget: list[int]) -> object:
        budget[0] -= 1
        if depth > self.depth or budget[0] < 0:
            raise LedgerError(f"{self.what} may hold {self.nodes} values, nested {self.depth} deep.")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            _check_text(f"a value of {self.what}", value, limit=self.text)
            return str(value)
        if isinstance(value, (int, float)):
            return _number(f"a value of {self.what}", value)
        if isinstance(value, Mapping):
            for key in value:
                self.key(f"a key of {self.what}", key)
            return MappingProxyType(
                {key: self._frozen(item, depth=depth + 1, budget=budget) for key, item in value.items()}
            )
        if isinstance(value, (list, tuple)):
            return tuple(self._frozen(item, depth=depth + 1, budget=budget) for item in value)
        raise LedgerError(f"{self.what} holds plain JSON values, not {_shown(value)}.")


def _set_design(entry: DesignCommitted | Pin | Proposal | Reply) -> None:
    if not isinstance(entry.design, Mapping):
        raise LedgerError(f"design must be an object, not {_shown(entry.design)}.")
    object.__setattr__(entry, "design", _DESIGN.freeze(entry.design))


def _set_figures(entry: DesignCommitted | Reply) -> None:
    if not isinstance(entry.figures, Mapping) or len(entry.figures) > FIGURE_LIMIT:
        raise LedgerError(f"figures must be an object of at most {FIGURE_LIMIT} numbers.")
    for name in entry.figures:
        _check_id("a name in figures", name)
    figures = {name: float(_number(name, value)) for name, value in entry.figures.items()}
    object.__setattr__(entry, "figures", MappingProxyType(figures))


def _set_number(entry: Entry, name: str, *, least: float = -math.inf, most: float = math.inf) -> None:
    value = float(_number(name, getattr(entry, name)))
    if not least <= value <= most:
        raise LedgerError(f"{name} must lie between {least} and {most}, not {_shown(value)}.")
    object.__setattr__(entry, name, value)


def _number(name: str, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise LedgerError(f"{name} must be a number, not {_shown(value)}.")
    if isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise LedgerError(f"{name} must be at most 2**53 - 1, so that every reader sees the same number.")
        return int(value)
    if not math.isfinite(value):
        raise LedgerError(f"{name} must be finite, not {_shown(value)}.")
    return float(value)


def _check_count(name: str, value: object, *, least: int = 0, most: int = SAFE_INTEGER) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise LedgerError(f"{name} must be a whole number from {least} to {most}, not {_shown(value)}.")


def _check_bool(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise LedgerError(f"{name} must be true or false, not {_shown(value)}.")


def _check_id(name: str, value: object) -> None:
    if not isinstance(value, str) or len(value) > ID_LIMIT or not _ID.fullmatch(value):
        raise LedgerError(
            f"{name} must be a short name of lower-case letters, digits and '-_.', not {_shown(value)}."
        )


def _check_id_or_none(name: str, value: object) -> None:
    if value != "":
        _check_id(name, value)


def _check_one_of(name: str, value: object, offered: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in offered:
        raise LedgerError(f"{name} must be one of {', '.join(offered)}, not {_shown(value)}.")


def _check_text(name: str, value: object, *, limit: int, empty: bool = True) -> None:
    if not isinstance(value, str):
        raise LedgerError(f"{name} must be text, not {_shown(value)}.")
    if len(value) > limit:
        raise LedgerError(f"{name} has {len(value)} characters; at most {limit} fit.")
    if _UNWRITABLE.search(value):
        raise LedgerError(f"{name} holds a control character or half a character.")
    if not empty and not value:
        raise LedgerError(f"{name} must not be empty.")


def _shown(value: object) -> str:
    """Show a value in a message: a type for containers, else 40 harmless characters at most."""
    if isinstance(value, (Mapping, list, tuple, set)):
        return f"a {type(value).__name__}"
    text = re.sub("[<>&]", "?", ascii(value))
    return text if len(text) <= 40 else f"{text[:37]}..."


def _check_unknown_key(name: str, value: object) -> None:
    _check_text(name, value, limit=UNKNOWN_KEY_LIMIT)


_DESIGN = _Limits(what="a design", depth=DESIGN_DEPTH, nodes=DESIGN_NODES, text=NAME_LIMIT, key=_check_id)
_UNKNOWN = _Limits(
    what="an entry", depth=UNKNOWN_DEPTH, nodes=UNKNOWN_NODES, text=UNKNOWN_TEXT_LIMIT, key=_check_unknown_key
)
