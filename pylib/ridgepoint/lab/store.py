"""Where a ledger's text is kept, and a store for tests and the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

__all__ = ["ASIDE_REASONS", "SAVE_FAILURES", "MemoryStore", "Store"]

# Why the text now stored is kept before another replaces it.
ASIDE_REASONS = ("import", "unreadable", "newer")
SAVE_FAILURES = ("full", "forbidden", "absent", "conflict", "unconfirmed")


class Store(Protocol):
    """A place that keeps one ledger's text and answers later whether it did."""

    def save(self, text: str, aside: str | None = None) -> None:
        """Keep `text`; first set the text now stored aside if `aside` says why."""


class MemoryStore:
    """A store that keeps everything it was given and answers at once.

    Set `failure` to one of `SAVE_FAILURES` to have the next saves fail so.
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
