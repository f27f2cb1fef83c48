"""Every kind of entry that this lab knows, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rooflab.lab.ledger.entries import (
    BenchOpened,
    DesignCommitted,
    Diagnosis,
    Entry,
    Experimented,
    Hint,
    Imported,
    Observation,
    Pin,
    Prediction,
    Proposal,
    Reflection,
    Reply,
    Reveal,
    Signed,
    TrackOpened,
)
from rooflab.lab.ledger.machine_entries import MACHINE_KINDS

__all__ = ["ENTRY_KINDS"]

ENTRY_KINDS: Mapping[str, type[Entry]] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            TrackOpened,
            Prediction,
            Reveal,
            DesignCommitted,
            Pin,
            Experimented,
            Observation,
            Diagnosis,
            Proposal,
            Reply,
            Reflection,
            Hint,
            Imported,
            Signed,
            BenchOpened,
            *MACHINE_KINDS,
        )
    }
)
