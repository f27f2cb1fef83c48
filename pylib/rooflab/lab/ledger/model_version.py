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
    digest="sha256:935dbbe27c7e1b10d38dcb83775364bb9aad5269bec9a7fb94f8f6a43ff23d0b",
)
"""The model of this release. A new digest needs a new version: ledgers made with the old one keep its name."""
