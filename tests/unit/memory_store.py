"""A ledger's store that keeps what it is given in memory."""

from collections.abc import Sequence

from rooflab.lab.ledger.entries import Entry

__all__ = ["MemoryStore"]


class MemoryStore:
    """What the page does for `rooflab.browser.PageStore`, without a page."""

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
