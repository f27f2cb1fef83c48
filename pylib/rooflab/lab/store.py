"""Where a ledger's text is kept, and a store for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rooflab.lab.entries import Entry

__all__ = ["MemoryStore", "Store"]


class Store(Protocol):
    """A place that keeps one ledger's text."""

    def save(self, text: str, aside: str | None = None, entries: Sequence[Entry] = ()) -> None:
        """Keep `text`, which now has these new entries.

        First set the text now stored aside if `aside` (import, unreadable, newer) says why.
        """

    def keep_bench(self, track: str, part: int, **left: str | int) -> None:
        """Keep what is on the bench of a part: `link` to its design, `layer`, and `after` how many of the ledger's."""


class MemoryStore:
    """A store that keeps everything it was given."""

    def __init__(self, text: str | None = None) -> None:
        self.text = text
        self.aside: list[tuple[str, str]] = []
        self.benches: dict[str, dict[str, str | int]] = {}

    def save(self, text: str, aside: str | None = None, entries: Sequence[Entry] = ()) -> None:
        """Keep `text`, and the one before it where `aside` says why."""
        if aside is not None and self.text is not None:
            self.aside.append((aside, self.text))
        self.text = text

    def keep_bench(self, track: str, part: int, **left: str | int) -> None:
        """Keep what is on the bench of a part."""
        self.benches[f"{track}:{part}"] = left
