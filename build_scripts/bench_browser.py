"""Browsers that are always new: how they start, what comes over the link, how soon a moved slider is answered."""

from __future__ import annotations

import json
import os
import re
import statistics
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from console import BuildError
from playwright.sync_api import BrowserContext, Page, Playwright
from throttled_host import LOOPBACK, Link, ThrottledHost

__all__ = ["ROUND_TRIPS", "Browsers", "Start", "await_round_trip", "last_round_trip", "open_workbench", "round_trip_count", "round_trip_figures", "round_trips_since"]

ENDED = "html[data-stage=live], html[data-stage=failed]"
ROUND_TRIPS = 80
# Not by the whole name: a tree that is measured beside this one may have called itself otherwise.
ROUND_TRIP_ENTRIES = "performance.getEntriesByType('measure').filter(e => e.name.endsWith(':round-trip'))"


@dataclass(slots=True)
class Start:
    """One start in a browser: milliseconds from navigation to each mark, and what came over the link by then."""

    marks: dict[str, float]
    kind: str
    sent: Counter[str]
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


class Browsers:
    """Opens each of them anew."""

    def __init__(self, playwright: Playwright, chromium: str | None) -> None:
        self.playwright = playwright
        self.chromium = chromium

    def starts(self, site: Path, ordinary: Path, link: Link, runs: int) -> dict[str, list[Start]]:
        """Start each kind `runs` times, in turn, so that a drift of the machine meets all alike."""
        made: dict[str, list[Start]] = {"ordinary": [], "resumed": [], "fallback": []}
        for _ in range(runs):
            made["ordinary"].append(self.start(ThrottledHost(ordinary, link)))
            made["resumed"].append(self.start(ThrottledHost(site, link)))
            made["fallback"].append(self.start(ThrottledHost(site, link, broken=frozenset({"runtime/image-"}))))
        return made

    def start(self, host: ThrottledHost) -> Start:
        """Start the lab once in a new browser process with an empty cache."""
        with tempfile.TemporaryDirectory() as profile, host:
            context = self._open(profile)
            page = context.pages[0]
            seen = _watch(page, host.address)
            page.goto(host.address)
            page.wait_for_selector(ENDED, timeout=240_000)
            marks = _marks(page)
            kind = page.evaluate("document.documentElement.dataset.start")
            start = Start(marks=marks, kind=kind, sent=Counter(host.sent), errors=seen["errors"], foreign=seen["foreign"])
            context.close()
        if "live" not in marks:
            raise RuntimeError(f"a start failed: {start.errors}")
        return start

    def second_visit(self, site: Path) -> Start:
        """Visit, open the workbench, wait for the offline copy, close, and visit again: the start of the saved work.

        Its mark `workbench` is when the workbench is there again.
        """
        with tempfile.TemporaryDirectory() as profile, ThrottledHost(site, LOOPBACK) as host:
            self._visit(profile, host, open_workbench)
            host.sent.clear()
            return self._visit(profile, host, workbench_opened)

    def _visit(self, profile: str, host: ThrottledHost, then: Callable[[Page], None]) -> Start:
        """Visit once, until the workbench is open and the copy for later is kept."""
        context = self._open(profile)
        page = context.pages[0]
        page.goto(host.address)
        page.wait_for_selector(ENDED, timeout=240_000)
        then(page)
        opened_ms = page.evaluate("performance.now()")
        page.locator("#offline-words", has_text="without a network").wait_for(timeout=120_000)
        marks = {**_marks(page), "workbench": opened_ms}
        start = Start(marks=marks, kind=page.evaluate("document.documentElement.dataset.start"), sent=Counter(host.sent))
        context.close()
        return start

    def round_trips(self, site: Path) -> dict[str, object]:
        """Open the workbench and move a slider by key, waiting for each answer."""
        with self.live(site) as (page, errors):
            open_workbench(page)
            before = page.evaluate("performance.now()")
            page.get_by_role("slider").first.focus()
            for i in range(ROUND_TRIPS):
                count = round_trip_count(page)
                page.keyboard.press("ArrowLeft" if (i // 3) % 2 == 0 else "ArrowRight")
                await_round_trip(page, count)
            durations = round_trips_since(page, before)
            heap = page.evaluate("performance.memory ? performance.memory.usedJSHeapSize : 0")
        p50, p95 = round_trip_figures(durations)
        return {
            "round trip p50, ms": p50,
            "round trip p95, ms": p95,
            "round trips counted": len(durations),
            "page heap, MB": round(heap / 1e6, 1),
            "errors in the workbench": errors,
        }

    @contextmanager
    def live(self, site: Path, *, kept: dict[str, str] | None = None) -> Iterator[tuple[Page, list[str]]]:
        """Open the site until Python is live, over what its storage is to hold; the list is of what goes wrong."""
        with tempfile.TemporaryDirectory() as profile, ThrottledHost(site, LOOPBACK) as host:
            context = self._open(profile)
            page = context.pages[0]
            seen = _watch(page, host.address)
            for key, text in (kept or {}).items():
                context.add_init_script(f"localStorage[{json.dumps(key)}] ??= {json.dumps(text)}")
            page.goto(host.address)
            page.wait_for_selector("html[data-stage=live]", timeout=240_000)
            yield page, seen["errors"]
            context.close()

    def _open(self, profile: str) -> BrowserContext:
        return self.playwright.chromium.launch_persistent_context(
            profile,
            executable_path=self.chromium,
            headless=True,
            args=["--disable-background-networking", "--enable-precise-memory-info", *(["--no-sandbox"] if os.geteuid() == 0 else [])],
            viewport={"width": 1280, "height": 900},
        )


def open_workbench(page: Page) -> None:
    """Answer the two questions of the lock, so that the workbench opens."""
    for group in page.locator("#region-lock").get_by_role("radiogroup").all():
        group.get_by_role("radio").first.check()
    page.get_by_role("button", name="Lock in my predictions").click()
    workbench_opened(page)


def workbench_opened(page: Page) -> None:
    """Wait until the workbench shows its controls."""
    page.locator("#region-workbench").get_by_role("combobox").first.wait_for(timeout=60_000)


def await_round_trip(page: Page, before: int) -> None:
    """Wait until one more change than `before` has been answered and painted."""
    for _ in range(1000):
        if round_trip_count(page) > before:
            return
        page.wait_for_timeout(5)
    raise BuildError("A moved control was not answered within 5 seconds; the round trips could not be measured.")


def round_trip_count(page: Page) -> int:
    """Return how many changes have been answered and painted."""
    return page.evaluate(f"{ROUND_TRIP_ENTRIES}.length")


def last_round_trip(page: Page) -> float:
    """Return the milliseconds of the last round trip."""
    return page.evaluate(f"{ROUND_TRIP_ENTRIES}.at(-1).duration")


def round_trips_since(page: Page, since: float) -> list[float]:
    """Return the milliseconds of every round trip that began after a time of the page."""
    return page.evaluate(f"from => {ROUND_TRIP_ENTRIES}.filter(e => e.startTime > from).map(e => e.duration)", since)


def round_trip_figures(durations: list[float]) -> tuple[float, float]:
    """Return p50 and p95."""
    ordered = sorted(durations)
    return round(statistics.median(ordered), 1), round(ordered[int(0.95 * (len(ordered) - 1))], 1)


def _watch(page: Page, address: str) -> dict[str, list[str]]:
    seen: dict[str, list[str]] = {"errors": [], "foreign": []}
    page.on("console", lambda message: seen["errors"].append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: seen["errors"].append(str(error)))
    page.on(
        "request",
        lambda request: seen["foreign"].append(request.url)
        if not request.url.startswith((address, "data:", "blob:"))
        else None,
    )
    return seen


def _marks(page: Page) -> dict[str, float]:
    """Return the time of each mark, without the name of the lab: `live`, `start:given-up`."""
    marks = page.evaluate("performance.getEntriesByType('mark').map(m => [m.name, m.startTime])")
    return {re.sub("^[a-z]+[:-]", "", name): at for name, at in marks}
