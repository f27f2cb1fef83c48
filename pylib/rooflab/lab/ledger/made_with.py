"""Which other models a ledger was made with, in the same words on every page and in every command."""

from __future__ import annotations

from collections.abc import Iterable

from rooflab.lab.ledger.entries import UnreadEntry
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.ledger.model_version import MODEL, ModelVersion, is_same_model

__all__ = ["AUTHORSHIP", "made_with_words", "not_checked_words", "other_models"]

AUTHORSHIP = (
    "A replay proves arithmetic: that a ledger's numbers are those of the model. It does not prove who did the work."
)

OtherModel = ModelVersion | None
"""A model that is not this one; None where the ledger is older than such records."""


def other_models(ledger: Ledger) -> tuple[OtherModel, ...]:
    """Return the models under which entries were written and whose numbers are not this one's, in order."""
    made_with = dict.fromkeys(ledger.model_of(each) for each in ledger.recorded if not isinstance(each, UnreadEntry))
    return tuple(each for each in made_with if not is_same_model(each))


def not_checked_words(others: Iterable[OtherModel]) -> str:
    """Say why figures are not checked; empty where every entry is of this model."""
    named = " and ".join(map(made_with_words, others))
    return f"Not checked: made {named}, this is model {MODEL.version}." if named else ""


def made_with_words(other: OtherModel) -> str:
    """Say with what an entry was made."""
    if other is None:
        return "before versions were recorded"
    same = " of another digest" if other.version == MODEL.version else ""
    return f"with model {other.version}{same}"
