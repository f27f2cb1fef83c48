"""Recurrent networks small enough for an earbud."""

from rooflab.errors import FactError
from rooflab.facts.hearable_sources import ISOLATION_ASSUMPTION
from rooflab.specs import RecurrentNet

__all__ = ["ISOLATION_96", "ISOLATION_LSTM", "ISOLATION_SMALL", "TINY_NETWORKS", "tiny_network"]

_SOURCES = {ISOLATION_ASSUMPTION: ("inputs", "hidden")}

ISOLATION_LSTM = RecurrentNet(
    id="isolation-lstm", name="Isolation LSTM, 100 states", inputs=64, hidden=100, sources=_SOURCES
)
"""The misaligned start: rows of 164 weights."""

ISOLATION_96 = RecurrentNet(
    id="isolation-lstm-96", name="Isolation LSTM, 96 states", inputs=64, hidden=96, sources=_SOURCES
)
"""Rows of 160 weights: ten vectors of 16, five lines of 32 bytes."""

ISOLATION_SMALL = RecurrentNet(
    id="isolation-lstm-64", name="Isolation LSTM, 64 states", inputs=64, hidden=64, sources=_SOURCES
)

TINY_NETWORKS: tuple[RecurrentNet, ...] = (ISOLATION_LSTM, ISOLATION_96, ISOLATION_SMALL)


def tiny_network(network_id: str) -> RecurrentNet:
    """Return the network of that id.

    Raises:
        FactError: no such network is known.
    """
    for each in TINY_NETWORKS:
        if each.id == network_id:
            return each
    known = ", ".join(each.id for each in TINY_NETWORKS)
    raise FactError(f"No recurrent network {network_id!r} is known; known are {known}.")
