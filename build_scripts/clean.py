"""Delete everything that was made; sources are never touched."""

from __future__ import annotations

import shutil

from console import say
from paths import BUILD, DIST

__all__ = ["clean"]


def clean() -> int:
    """Delete build/ and dist/."""
    for folder in (BUILD, DIST):
        shutil.rmtree(folder, ignore_errors=True)
    say("build/ and dist/ are gone; the next command makes them anew.")
    return 0
