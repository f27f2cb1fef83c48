"""Recurrent networks small enough for an earbud."""

from rooflab.facts.hearable_sources import ISOLATION_ASSUMPTION
from rooflab.specs import RecurrentNet

__all__ = ["ISOLATION_LSTM"]

_SOURCES = {ISOLATION_ASSUMPTION: ("inputs", "hidden")}

ISOLATION_LSTM = RecurrentNet(
    id="isolation-lstm", name="Isolation LSTM, 100 states", inputs=64, hidden=100, sources=_SOURCES
)
"""The misaligned start: rows of 164 weights."""
