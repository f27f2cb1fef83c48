"""Which model computes the numbers: a version, and a digest of what it computes.

A test computes the digest again and says what to write here when a number of the model changes. A ledger
names both, so a replay can tell "made with another version" from "changed".
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MODEL", "ModelVersion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """A version of the model, as a ledger names it."""

    version: str
    digest: str


MODEL = ModelVersion(
    version="1",
    digest="sha256:5bb0128561b6c435e289784abdc14bedd6ea83cfcd50a570e508ef18f5365c36",
)
"""The model of this release. A new digest needs a new version: ledgers made with the old one keep its name."""
