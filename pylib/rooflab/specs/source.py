"""Where a figure comes from, and records whose every figure has a source."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar

from rooflab.errors import FactError

__all__ = ["Confidence", "Source", "SourceKind", "Sourced"]


class Confidence(StrEnum):
    """How a figure was checked."""

    PRIMARY = "primary"  # the source's own text was read
    SECONDARY = "secondary"  # read in an independent copy
    MEMORY = "memory"  # not verified
    ASSUMED = "assumed"  # no public figure: set for the lab


class SourceKind(StrEnum):
    """What stands behind a figure."""

    DATASHEET = "datasheet"
    PAPER = "paper"
    ARCHITECTURE = "architecture"
    MEASUREMENT = "measurement"
    OWN = "measured here"  # by whoever wrote the record down
    FIT = "fit"
    ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure comes from."""

    id: str
    name: str
    kind: SourceKind
    confidence: Confidence
    date: str
    url: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse evidence without an address, an assumption without a reason, a measurement of one's own without a when or how."""
        evidence = self.kind not in (SourceKind.ASSUMPTION, SourceKind.FIT)
        if self.kind is SourceKind.OWN:
            if not self.date and not self.note:
                raise FactError(f"Source {self.id!r} was measured here; its date or its note must say when or how.")
        elif evidence and not self.url:
            raise FactError(f"Source {self.id!r} is of kind {self.kind}; it needs a url.")
        elif not evidence and not self.note:
            raise FactError(f"Source {self.id!r} is of kind {self.kind}; its note must say why.")

    @property
    def assumed(self) -> bool:
        """Whether nothing public states it: it is set for the lab."""
        return self.kind is SourceKind.ASSUMPTION

    def beside(self, figure: str) -> str:
        """Return a figure in words, with "assumed" beside it if that is all that stands behind it."""
        return f"{figure}, {Confidence.ASSUMED}" if self.assumed else figure


class Sourced:
    """A record of facts: every figure in it is vouched for by a source.

    The fields in `answers` are what a learner is asked to find out.
    """

    __slots__ = ()
    answers: ClassVar[frozenset[str]] = frozenset()

    def _check_sources(self) -> None:
        vouched = {name for names in self.sources.values() for name in names}
        known = {each.name for each in fields(self)} - {"id", "name", "note", "sources"}
        present = {name for name in known if getattr(self, name) not in (None, (), {})}
        if unknown := vouched - known:
            raise FactError(f"{self.id}: a source vouches for {sorted(unknown)}, no such fields.")
        if missing := present - vouched:
            raise FactError(f"{self.id}: no source vouches for {sorted(missing)}.")

    def _check_shares(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.endswith("_fraction") and not 0 < value <= 1:
                raise FactError(f"{self.id}: {each.name} must be within (0, 1], not {value}.")

    def source_of(self, name: str) -> Source:
        """Return the source of the field `name`."""
        for source, names in self.sources.items():
            if name in names:
                return source
        known = sorted(each for names in self.sources.values() for each in names)
        raise FactError(f"{self.id} has no fact {name!r}; it has {', '.join(known)}.")

    def fact(self, name: str) -> Any:
        """Return the field `name`, which must be known."""
        value = getattr(self, name, None)
        if value is None:
            known = sorted(each for names in self.sources.values() for each in names)
            raise FactError(f"{self.id} has no fact {name!r}; it has {', '.join(known)}.")
        return value
