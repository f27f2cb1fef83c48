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
    version="2",
    digest="sha256:93dfa33db87fd64458a449ee9a6d3c36a01c2f5035df783ee3d1a724141c010e",
)
"""The model of this release. A new digest needs a new version: ledgers made with the old one keep its name."""
