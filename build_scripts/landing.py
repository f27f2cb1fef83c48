"""Fill in what the landing says of each track: its name, its role and the symptom of its crisis, as the package has them."""

from __future__ import annotations

import re
import sys
from html import escape
from pathlib import Path

from console import BuildError
from paths import PYLIB, SITE

__all__ = ["LANDING", "landing"]

LANDING = "landing.html"
PLACE = re.compile(r"<!-- track:([a-z-]+) -->")
FIELDS = (("name", "track-name", "name"), ("role", "track-role", "persona"), ("symptom", "symptom", "symptom"))
"""What begins the id, the class, and the field of the track."""


def landing(site: Path = SITE) -> str:
    """Return the landing with the words of every track.

    Raises:
        BuildError: the landing and the package do not have the same tracks.
    """
    if str(PYLIB) not in sys.path:
        sys.path.insert(0, str(PYLIB))
    from rooflab.tracks import TRACKS

    text = (site / LANDING).read_text(encoding="utf-8")
    words = {each.id: _words(each) for each in TRACKS}
    if PLACE.findall(text) != list(words):
        raise BuildError(f"site/{LANDING} must have a place for each of {', '.join(words)}, in this order.")
    return PLACE.sub(lambda found: words[found[1]], text).strip()


def _words(track: object) -> str:
    return "".join(
        f'<span class="{look}" id="{name}-{escape(track.id)}">{escape(getattr(track, field))}</span>' for name, look, field in FIELDS
    )
