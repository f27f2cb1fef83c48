"""The ledger: one append-only JSON document of what a learner did.

Pure functions over frozen records. The text is a function of the ledger alone, so
`dump(parse(dump(ledger))) == dump(ledger)` byte for byte, and text that cannot be read
raises before anything is changed.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile

from rooflab.errors import LedgerError, LedgerTooNew, LedgerUnreadable
from rooflab.lab.ledger.entries import (
    DesignCommitted,
    Diagnosis,
    Entry,
    Imported,
    Pin,
    Prediction,
    Reflection,
    SetApart,
    UnknownEntry,
    UnreadEntry,
    field_names,
    thaw,
)
from rooflab.lab.ledger.fields import SAFE_INTEGER, check_time
from rooflab.lab.ledger.kinds import ENTRY_KINDS
from rooflab.lab.ledger.machine_entries import MachineMeasured, check_machine
from rooflab.lab.ledger.model_version import MODEL, ModelVersion
from rooflab.lab.ledger.record import export_record
from rooflab.lab.ledger.rules import check_attempts, check_evidence
from rooflab.units import counted

__all__ = ["LAB_ID", "SCHEMA_VERSION", "Ledger", "Summary", "append", "beginnings", "digest", "dump", "parse", "read", "summary", "unknown_words", "was_edited"]

SCHEMA_VERSION = 2
LAB_ID = "v2_09"
SIZE_LIMIT_BYTES = 1_000_000
DEPTH_LIMIT = 12
ENTRY_LIMIT = 5000
VARIANT_LIMIT = 1_000_000
MODELS_LIMIT = 64

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_SESSION = re.compile(r"[A-Za-z0-9-]{1,64}")
_VERSION = re.compile(r"[0-9a-z][0-9a-z.+-]{0,31}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_FIRST_KEYS = ("schema_version", "lab_id", "created_at", "session", "variant", "entries", "digest", "record")
_TOP_KEYS = (*_FIRST_KEYS, "models")
_STAMP = ("version", "model")
# A string, even one that never ends, or one bracket. Possessive, so linear in the text.
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What one learner did, in order; `models` are the models under which the entries were written.

    `derived` keeps, by track id, what `progress` derived from the entries.
    """

    created_at: str
    session: str
    variant: int = 0
    models: tuple[ModelVersion, ...] = ()
    entries: tuple[Entry, ...] = ()
    derived: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_time("created_at", self.created_at)
        if not isinstance(self.session, str) or not _SESSION.fullmatch(self.session):
            raise LedgerError("session must be 1 to 64 letters, digits or '-'.")
        if not _is_count(self.variant) or self.variant > VARIANT_LIMIT:
            raise LedgerError(f"variant must be a whole number from 0 to {VARIANT_LIMIT}.")

    @classmethod
    def new(cls, now: str, session: str, variant: int = 0) -> Ledger:
        """Begin an empty ledger."""
        return cls(created_at=now, session=session, variant=variant, models=(MODEL,))

    @property
    def unknown(self) -> tuple[UnknownEntry, ...]:
        """The entries of a kind that this lab does not know."""
        return tuple(entry for entry in self.entries if isinstance(entry, UnknownEntry))

    @property
    def set_apart(self) -> tuple[SetApart, ...]:
        """The entries that were found impossible to read or to compute."""
        return tuple(entry for entry in self.entries if isinstance(entry, SetApart))

    @property
    def recorded(self) -> tuple[Entry, ...]:
        """All entries as they were written, those set apart too."""
        return tuple(entry.original if isinstance(entry, SetApart) else entry for entry in self.entries)

    def model_of(self, entry: Entry) -> ModelVersion | None:
        """Return the model under which an entry was written; None where it is older than such records."""
        return None if entry.model is None else self.models[entry.model]

    def of(self, track: str, part: int | None = None) -> tuple[Entry, ...]:
        """Return the entries of a track, or of one part of it, in order; what is set apart is none of them."""
        return _of(self.entries, track, part)

    def done_on(self, track: str, part: int | None = None) -> tuple[Entry, ...]:
        """Return what the learner did on a track, or on one part of it, in order, whatever can be computed."""
        return _of(self.recorded, track, part)


def _of(entries: tuple[Entry, ...], track: str, part: int | None) -> tuple[Entry, ...]:
    return tuple(
        entry for entry in entries if getattr(entry, "track", None) == track and part in (None, entry.part)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a ledger holds, in counts and words, for a learner who decides about it."""

    started_at: str
    last_at: str
    variant: int
    entry_count: int
    tracks: tuple[str, ...]
    prediction_count: int
    pin_count: int
    attempt_count: int
    diagnosis_count: int
    reflection_count: int
    unknown_count: int
    unread_count: int
    imported_edited: bool
    measured_count: int = 0

    def lines(self) -> tuple[str, ...]:
        """Say it in plain sentences; track ids are the only names in them."""
        if not self.entry_count:
            return (f"Begun {_day(self.started_at)}; nothing in it yet.",)
        held = ", ".join(
            counted(count, *words)
            for count, *words in (
                (self.prediction_count, "prediction"),
                (self.pin_count, "pinned reading"),
                (self.diagnosis_count, "diagnosis", "diagnoses"),
                *(((self.attempt_count, "attempt"),) if self.attempt_count else ()),
                (self.reflection_count, "reflection"),
            )
        )
        lines = [
            f"Begun {_day(self.started_at)}, last entry {_day(self.last_at)}, {counted(self.entry_count, 'entry', 'entries')}.",
            f"Tracks: {', '.join(self.tracks) or 'none'}.",
            f"Holds {held}.",
        ]
        if self.measured_count:
            lines.append(f"Your machine was measured {'once' if self.measured_count == 1 else f'{self.measured_count} times'}.")
        if self.unknown_count:
            lines.append(unknown_words(self.unknown_count))
        if self.unread_count:
            lines.append(f"Cannot be read, and is kept as it came: {counted(self.unread_count, 'entry', 'entries')}.")
        if self.imported_edited:
            lines.append("Part of it was changed outside the lab before it was imported.")
        return tuple(lines)


def append(ledger: Ledger, entry: Entry) -> Ledger:
    """Return the ledger with `entry` last, numbered by its place.

    Raises:
        LedgerError: the ledger is full, a reflection cites what is not a pinned reading, an attempt comes
            after the last that the mission allows or after the final design, or a measurement is one too many.
    """
    if len(ledger.entries) >= ENTRY_LIMIT:
        raise LedgerError(f"The ledger holds {ENTRY_LIMIT} entries, which is all it can. Export it and start over.")
    models = ledger.models if MODEL in ledger.models else (*ledger.models, MODEL)
    if len(models) > MODELS_LIMIT:
        raise LedgerError(f"The ledger names {MODELS_LIMIT} models, which is all it can. Export it and start over.")
    numbered = replace(
        entry, seq=len(ledger.entries), version=type(entry).kind_version, model=models.index(MODEL)
    )
    check_evidence(numbered, ledger.recorded)
    check_attempts(numbered, ledger.entries, variant=ledger.variant)
    check_machine(numbered, ledger.recorded)
    return replace(ledger, models=models, entries=(*ledger.entries, numbered))


def digest(value: object) -> str:
    """Return the digest of a JSON value, the same for the same value whatever its key order."""
    text = json.dumps(thaw(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def dump(ledger: Ledger) -> str:
    """Write the ledger as JSON of this schema, one entry a line, with the names that neighbouring labs use.

    Those names stand under `record`; they follow from the entries and are not read back. Entries
    that this lab does not know are written as they came.
    """
    lines = _WRITTEN.lines(ledger.recorded)
    head = {
        "schema_version": SCHEMA_VERSION,
        "lab_id": LAB_ID,
        "created_at": ledger.created_at,
        "session": ledger.session,
        "variant": ledger.variant,
        "models": [{"version": each.version, "digest": each.digest} for each in ledger.models],
    }
    entries = "[" + ",".join(f"\n{line}" for line in lines) + ("\n]" if lines else "]")
    return (
        f"{_json(head)[:-1]},\n"
        f'"entries":{entries},\n'
        f'"digest":"{_digest_of(ledger)}",\n'
        f'"record":{_json(export_record(ledger.recorded))}}}\n'
    )


def parse(text: str) -> Ledger:
    """Read a ledger, or say in plain words why it cannot be read.

    Raises:
        LedgerTooNew: a later version of the lab wrote it.
        LedgerUnreadable: it is not a ledger of this lab, or it is damaged.
    """
    return _read(_document(text))


def was_edited(text: str) -> bool:
    """Say whether readable ledger text was changed after the lab wrote it."""
    return read(text)[1]


def read(text: str) -> tuple[Ledger, bool]:
    """Read a ledger, and say whether its text was changed after the lab wrote it.

    Raises:
        LedgerTooNew: a later version of the lab wrote it.
        LedgerUnreadable: it is not a ledger of this lab, or it is damaged.
    """
    document = _document(text)
    ledger = _read(document)
    own = _first_digest_of(ledger) if document["schema_version"] == 1 else _digest_of(ledger)
    return ledger, document["digest"] != own


def beginnings(ledger: Ledger) -> tuple[str, ...]:
    """Return a digest of the session with none, one, two and all of the entries: equal ones begin alike."""
    told = hashlib.sha256(ledger.session.encode())
    digests = [told.hexdigest()]
    for line in _WRITTEN.lines(ledger.recorded):
        told.update(f"\n{line}".encode())
        digests.append(told.hexdigest())
    return tuple(digests)


def summary(ledger: Ledger) -> Summary:
    """Count what a ledger holds."""

    def count(kind: type[Entry]) -> int:
        return sum(isinstance(entry, kind) for entry in entries)

    entries = ledger.recorded
    tracks = dict.fromkeys(entry.track for entry in entries if hasattr(entry, "track"))
    return Summary(
        started_at=ledger.created_at,
        last_at=entries[-1].at if entries else ledger.created_at,
        variant=ledger.variant,
        entry_count=len(entries),
        tracks=tuple(tracks),
        prediction_count=count(Prediction),
        pin_count=count(Pin),
        attempt_count=sum(isinstance(entry, DesignCommitted) and entry.role == "attempt" for entry in entries),
        diagnosis_count=count(Diagnosis),
        reflection_count=count(Reflection),
        unknown_count=len(ledger.unknown),
        unread_count=count(UnreadEntry),
        imported_edited=any(isinstance(entry, Imported) and entry.edited for entry in entries),
        measured_count=count(MachineMeasured),
    )


def unknown_words(count: int) -> str:
    """Say that entries of unknown kinds are kept."""
    if count == 1:
        return "1 entry is of a kind that this version does not know; it is kept."
    return f"{count} entries are of a kind that this version does not know; they are kept."


class _Written:
    """The entries written last, and their lines: each save writes those before it again, which are the same objects."""

    def __init__(self) -> None:
        self._entries: tuple[Entry, ...] = ()
        self._lines: list[str] = []

    def lines(self, entries: tuple[Entry, ...]) -> list[str]:
        """Return a line for each entry; only those that were not at their place the last time are written."""
        same = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(self._entries, entries, strict=False)))
        self._lines = self._lines[:same] + [_line(each) for each in entries[same:]]
        self._entries = entries
        return self._lines


_WRITTEN = _Written()


def _line(entry: Entry) -> str:
    return entry.text if isinstance(entry, UnreadEntry) else _json(_plain(entry))


def _digest_of(ledger: Ledger) -> str:
    models = (f"{each.version} {each.digest}" for each in ledger.models)
    return _told(ledger.created_at, ledger.session, str(ledger.variant), *models, *_WRITTEN.lines(ledger.recorded))


def _first_digest_of(ledger: Ledger) -> str:
    """Return the digest by the rule of schema 1, which named no model."""
    return _told(ledger.created_at, ledger.session, str(ledger.variant), *_WRITTEN.lines(ledger.recorded))


def _told(*lines: str) -> str:
    return f"sha256:{hashlib.sha256(chr(10).join(lines).encode()).hexdigest()}"


def _plain(entry: Entry) -> dict[str, object]:
    if isinstance(entry, UnknownEntry):
        return thaw(entry.content)
    left_out = {name for name in entry.later if not getattr(entry, name)}
    if entry.model is None:
        left_out |= set(_STAMP)
    values = {name: thaw(getattr(entry, name)) for name in field_names(type(entry)) if name not in left_out}
    return {"kind": entry.kind, "seq": values.pop("seq"), **values}


def _json(value: object) -> str:
    return _ENCODER.encode(value)


def _document(text: str) -> dict[str, object]:
    if not isinstance(text, str):
        raise LedgerUnreadable("A ledger is a text file; this is not text.")
    _check_size(text)
    _check_depth(text)
    try:
        document = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_whole,
        )
    except json.JSONDecodeError as error:
        raise LedgerUnreadable(
            f"This file stops being JSON at line {error.lineno}, column {error.colno}. It may be cut off: "
            "export the ledger again where it was made, and import that file."
        ) from None
    if not isinstance(document, dict) or "schema_version" not in document:
        raise LedgerUnreadable(
            "This JSON is not a Rooflab ledger: it names no schema_version. "
            "Choose a file that the lab's Export made."
        )
    _check_version(document["schema_version"])
    _check_keys("This ledger", document, _FIRST_KEYS if document["schema_version"] == 1 else _TOP_KEYS)
    if document["lab_id"] != LAB_ID:
        raise LedgerUnreadable(f"This ledger belongs to another lab; this lab reads ledgers of {LAB_ID}.")
    return document


def _read(document: Mapping[str, object]) -> Ledger:
    listed = document["entries"]
    if not isinstance(listed, list) or len(listed) > ENTRY_LIMIT:
        raise LedgerUnreadable(f"This ledger's entries must be a list of at most {ENTRY_LIMIT}.")
    schema = document["schema_version"]
    try:
        empty = Ledger(
            created_at=document["created_at"],
            session=document["session"],
            variant=document["variant"],
            models=() if schema == 1 else _models(document["models"]),
        )
    except LedgerError as error:
        raise LedgerUnreadable(f"This ledger's heading is damaged: {error}") from None
    entries: list[Entry] = []
    for seq, item in enumerate(listed):
        try:
            entry = _entry(item, schema)
            if entry.model is not None and entry.model >= len(empty.models):
                raise LedgerError(f"model {entry.model} is none of the {len(empty.models)} that the ledger names.")
            if entry.seq != seq:
                raise LedgerError(f"it is numbered {entry.seq + 1}: entries are missing or out of order.")
        except LedgerError as error:
            at = entries[-1].at if entries else empty.created_at
            entry = UnreadEntry(at=at, seq=seq, text=_kept_text(item), reason=str(error))
        entries.append(entry)
    return replace(empty, entries=tuple(entries))


def _kept_text(item: object) -> str:
    """Return the JSON of an entry as it came; half a character, which no file can hold, stays escaped."""
    text = _json(item)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(item, separators=(",", ":"))
    return text


def _models(listed: object) -> tuple[ModelVersion, ...]:
    if not isinstance(listed, list) or len(listed) > MODELS_LIMIT:
        raise LedgerError(f"models must be a list of at most {MODELS_LIMIT}.")
    models = []
    for item in listed:
        if not isinstance(item, dict) or set(item) != {"version", "digest"}:
            raise LedgerError("a model must have a version and a digest, and nothing else.")
        if not isinstance(item["version"], str) or not _VERSION.fullmatch(item["version"]):
            raise LedgerError("the version of a model must be a short name such as 1 or 1.2.")
        if not isinstance(item["digest"], str) or not _DIGEST.fullmatch(item["digest"]):
            raise LedgerError("the digest of a model must be 'sha256:' and 64 hex digits.")
        models.append(ModelVersion(version=item["version"], digest=item["digest"]))
    return tuple(models)


def _entry(item: object, schema: int) -> Entry:
    if not isinstance(item, dict):
        raise LedgerUnreadable("an entry must be an object.")
    name = item.get("kind")
    kind = ENTRY_KINDS.get(name) if isinstance(name, str) else None
    if schema > 1 and (kind is None or _is_count(item.get("version")) and item["version"] > kind.kind_version):
        return UnknownEntry.of(item)
    if kind is None:
        raise LedgerUnreadable(f"kind must be one of {', '.join(ENTRY_KINDS)}.")
    names = [each for each in field_names(kind) if schema > 1 or each not in _STAMP]
    _check_keys("it", item, ("kind", *names), optional=(*kind.later, *_STAMP))
    return kind(**{key: value for key, value in item.items() if key != "kind"})


def _check_size(text: str) -> None:
    # A character is at least a byte: long text is refused before it is encoded.
    if len(text) <= SIZE_LIMIT_BYTES:
        try:
            size = len(text.encode())
        except UnicodeEncodeError:
            raise LedgerUnreadable(
                "This text holds half a character (a lone surrogate), so it was damaged on the way. "
                "Export the ledger again where it was made."
            ) from None
        if size <= SIZE_LIMIT_BYTES:
            return
    raise LedgerUnreadable(
        f"This file is larger than {SIZE_LIMIT_BYTES // 1_000_000} MB, and a ledger never is. "
        "Choose a file that the lab's Export made."
    )


def _check_depth(text: str) -> None:
    """Refuse deep nesting before the JSON reader recurses into it."""
    depth = 0
    for match in _BRACKETS.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                raise LedgerUnreadable(f"This file nests deeper than {DEPTH_LIMIT} levels, and a ledger never does.")
        elif match[0] in "]}":
            depth -= 1


def _check_version(version: object) -> None:
    if not _is_count(version) or version < 1:
        raise LedgerUnreadable("This ledger's schema_version is not a whole number above 0.")
    if version > SCHEMA_VERSION:
        raise LedgerTooNew(
            f"This ledger has schema version {version}, and this lab reads up to {SCHEMA_VERSION}. "
            "Reload the page to get the newer lab."
        )


def _check_keys(
    what: str, found: Mapping[str, object], known: tuple[str, ...], *, optional: tuple[str, ...] = ()
) -> None:
    missing = [key for key in known if key not in found and key not in optional]
    unknown = [key for key in found if key not in known]
    if missing:
        raise LedgerUnreadable(f"{what} lacks {', '.join(missing)}.")
    if unknown:
        raise LedgerUnreadable(f"{what} has {len(unknown)} field(s) that this lab does not know.")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise LedgerUnreadable("This file names the same field twice, so it is unclear which one counts.")
    return made


def _refuse_constant(name: str) -> float:
    raise LedgerUnreadable(f"This file holds {name}, which is not a number a ledger can hold.")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise LedgerUnreadable("This file holds a number too large to hold.")
    return value


def _whole(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > SAFE_INTEGER:
        raise LedgerUnreadable("This file holds a whole number too large to hold.")
    return int(text)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _day(at: str) -> str:
    return at[:10]
