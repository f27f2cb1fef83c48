"""Which model computes the numbers: a version, and a digest of what it computes.

A test computes the digest again and says what to write here when a number of the model changes. A ledger
names both, so a replay can tell "made with another version" from "changed".

What is derived of a learner's machine (counts, roofs, bend, predictions, answers, jitter, heat) is in the same digest as the
tracks: an entry names one model, whatever its kind, and the tracks' own functions predict the machine's kernels. The digest
takes measurements that are made up for it, so the reference machine can be measured again under the same version, as long as
it gives the same answers.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MODEL", "SAME_MODELS", "ModelVersion", "is_same_model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """A version of the model, as a ledger names it."""

    version: str
    digest: str


MODEL = ModelVersion(
    version="4",
    digest="sha256:479df9a62635400dd9797a6c606975da9c16f212b0a1135418ffde134759f471",
)
"""The model of this release. A new digest needs a new version: ledgers made with the old one keep its name."""

SAME_MODELS = (
    ModelVersion(version="3", digest="sha256:e7e558b3fca459e5fbfa435a8d8da68c05e8aa4c5422967667940d9b6025009a"),
)
"""Earlier models whose every number is this one's, so that their ledgers are checked as its own.

Version 3 derived nothing of a machine, and of the tracks what version 4 does: a test holds its digest against that part alone.
"""


def is_same_model(model: ModelVersion | None) -> bool:
    """Say whether a model gives the numbers of this one; one that is not named (None) need not."""
    return model == MODEL or model in SAME_MODELS
