"""Tags by which the page knows what a control belongs to; `site/js/drafts.js` reads them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PartTags", "press"]


@dataclass(frozen=True, slots=True)
class PartTags:
    """Tags for the controls of one part; a view without a part has none.

    >>> PartTags("cloud-titan", 1).draft("reflection", "claim")
    ['rooflab:draft:cloud-titan:1:reflection:claim']
    """

    track_id: str = ""
    part_number: int = 0

    def draft(self, kind: str, name: str) -> list[str]:
        """Have the page keep what is filled in until an entry of this kind is in the ledger."""
        return [f"rooflab:draft:{self.track_id}:{self.part_number}:{kind}:{name}"] if self.track_id else []


def press(name: str) -> list[str]:
    """Have the page keep a press of this button until Python has answered it, and press again after a restart.

    >>> press("reflection")
    ['rooflab:press:reflection']
    """
    return [f"rooflab:press:{name}"]
