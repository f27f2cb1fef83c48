"""Cut journeys off at seeded moments, and count what is missing of them afterwards."""

from __future__ import annotations

import os
import sys
from collections import Counter

from console import say
from paths import PYLIB, ROOT
from playwright.sync_api import Playwright, expect
from throttled_host import LOOPBACK, ThrottledHost
from trees import Tree

__all__ = ["cut_off_journeys"]

WAIT_S = 120


def cut_off_journeys(playwright: Playwright, chromium: str | None, tree: Tree, count: int) -> dict[str, object]:
    """Make so many journeys over all tracks and parts, each in a profile of its own; name those that lack something."""
    sys.path[:0] = [str(PYLIB), str(ROOT)]
    from tests import patience
    from tests.browser.killed import journeys, missing

    patience.follow(WAIT_S)
    expect.set_options(timeout=patience.limit_ms())
    words = ["--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    ends: Counter[str] = Counter()
    lacking = []
    browser = playwright.chromium.launch(executable_path=chromium, args=words)
    with ThrottledHost(tree.site, LOOPBACK) as host:
        for number, journey in enumerate(journeys(count), 1):
            context = browser.new_context(service_workers="block")
            context.set_default_timeout(patience.limit_ms())
            if found := missing(context, host.address, journey):
                lacking.append(f"{journey}: {'; '.join(found)}")
                say(f"  {lacking[-1]}")
            context.close()
            ends[journey.way] += 1
            if number % 20 == 0:
                say(f"  {number} of {count} journeys, {len(lacking)} with something missing")
    browser.close()
    return {"journeys cut off": count, "by how they ended": dict(ends), "journeys with something missing": lacking}
