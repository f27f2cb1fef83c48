"""What the build says: progress lines, and failures as one clear sentence without a traceback."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["BuildError", "say", "step"]


class BuildError(Exception):
    """A failure that the user can act on; its message says what happened and what to do."""


def say(text: str) -> None:
    """Print one line at once, also where output is piped."""
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a long step before it runs and say how long it took."""
    say(f"  {title} ...")
    started = time.monotonic()
    yield
    sys.stdout.write(f"  {title}: {time.monotonic() - started:.1f} s\n")
    sys.stdout.flush()
