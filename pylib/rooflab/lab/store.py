"""Where a ledger's text is kept, and a store for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

__all__ = ["MemoryStore", "Store"]

class Store(Protocol):
    """A place that keeps one ledger's text and answers later whether it did."""

    def save(self, text: str, aside: str | None = None) -> None:
        """Keep `text`; first set the text now stored aside if `aside` (import, unreadable, newer) says why."""


class MemoryStore:
    """A store that keeps everything it was given and answers at once.

    Set `failure` (full, forbidden, absent, conflict, unconfirmed) to have the next saves fail so.
    """

    def __init__(self, text: str | None = None) -> None:
        self.text = text
        self.aside: list[tuple[str, str]] = []
        self.failure = ""
        self.on_saved: Callable[[bool, str], None] | None = None

    def save(self, text: str, aside: str | None = None) -> None:
        """Keep `text`, unless `failure` says that this store cannot."""
        if not self.failure:
            if aside is not None and self.text is not None:
                self.aside.append((aside, self.text))
            self.text = text
        if self.on_saved is not None:
            self.on_saved(not self.failure, self.failure)
