"""Everything that Rooflab raises on purpose.

LabError
├── FactError          a fact that is asked for is not known
├── ModelError         a question that the model cannot answer
│   ├── UnsupportedPrecision   a device has no peak for a precision
│   └── BadDesign      a design that is malformed
├── BadCard            a device card that cannot be used
├── BadCheckpoint      a model's configuration that describes none of the models known here
├── BadLink            a link that names no design of this lab
└── LedgerError        a ledger that cannot be used
    ├── LedgerUnreadable   its text is not a ledger
    ├── LedgerTooNew       a newer Rooflab wrote it
"""

__all__ = [
    "BadCard",
    "BadCheckpoint",
    "BadDesign",
    "BadLink",
    "FactError",
    "LabError",
    "LedgerError",
    "LedgerTooNew",
    "LedgerUnreadable",
    "ModelError",
    "UnsupportedPrecision",
]


class LabError(Exception):
    """Say what was asked, what there was, and what would work."""


class FactError(LabError, ValueError):
    """A fact is missing, or a record has a value that no source vouches for."""


class ModelError(LabError, ValueError):
    """The model has no answer to what was asked."""


class UnsupportedPrecision(ModelError):
    """A device publishes no peak rate for a precision."""


class BadDesign(ModelError):
    """A design is malformed; a well-formed one that misses a target is an Outcome."""


class BadCard(LabError, ValueError):
    """A device card has a figure, a name or a source that cannot be used."""


class BadCheckpoint(LabError, ValueError):
    """A model's configuration cannot be read, or describes a model that is not known here."""


class BadLink(LabError, ValueError):
    """A link carries no design that this lab can show."""


class LedgerError(LabError, ValueError):
    """A ledger cannot be used."""


class LedgerUnreadable(LedgerError):
    """A text is not a ledger."""


class LedgerTooNew(LedgerError):
    """A ledger has a schema that this version does not know."""
