"""Measure what the learner waits for: every time as a ratio to the ordinary start of the same run."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from build import build
from console import BuildError, say, step
from link import LINK_50, LOOPBACK, Host, Link
from ordinary_site import make_ordinary
from paths import BENCH
from playwright.sync_api import Page, sync_playwright
from setup import browser

__all__ = ["bench"]

ENDED = "html[data-stage=live], html[data-stage=failed]"
ROUND_TRIPS = 80


@dataclass(slots=True)
class Start:
    """One start in a fresh browser: milliseconds from navigation, and what came over the link by then."""

    marks: dict[str, float]
    kind: str
    sent: Counter[str]
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def bench(*, runs: int) -> int:
    """Run all measurements and print them; the figures also go to build/bench/results.json."""
    chromium = browser()
    site, _ = build()
    ordinary = make_ordinary(site)
    results: dict[str, object] = {}
    with sync_playwright() as playwright:
        lab = Bench(playwright, chromium)
        starts = {}
        for link in (LOOPBACK, LINK_50):
            with step(f"starts over {link.name}, {runs} of each kind"):
                starts[link.name] = lab.starts(site, ordinary, link, runs)
        with step("second visit"):
            results["second visit: bodies from the network"] = lab.second_visit(site)
        with step(f"round trips, {ROUND_TRIPS}"):
            results |= lab.round_trips(site)
    results |= _figures(starts)
    _show(results, starts)
    BENCH.mkdir(parents=True, exist_ok=True)
    (BENCH / "results.json").write_text(json.dumps(results, indent=1))
    return 0


class Bench:
    """Browsers that are always new."""

    def __init__(self, playwright: object, chromium: str | None) -> None:
        self.playwright = playwright
        self.chromium = chromium

    def starts(self, site: Path, ordinary: Path, link: Link, runs: int) -> dict[str, list[Start]]:
        """Start each kind `runs` times, in turn, so that a drift of the machine meets all alike."""
        made: dict[str, list[Start]] = {"ordinary": [], "resumed": [], "fallback": []}
        for _ in range(runs):
            made["ordinary"].append(self.start(Host(ordinary, link)))
            made["resumed"].append(self.start(Host(site, link)))
            made["fallback"].append(self.start(Host(site, link, broken=frozenset({"runtime/image-"}))))
        return made

    def start(self, host: Host) -> Start:
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
        if "ridgepoint:live" not in marks:
            raise RuntimeError(f"a start failed: {start.errors}")
        return start

    def second_visit(self, site: Path) -> dict[str, int]:
        """Visit, wait for the offline copy, close, visit again: bytes of bodies by name."""
        with tempfile.TemporaryDirectory() as profile, Host(site, LOOPBACK) as host:
            context = self._open(profile)
            page = context.pages[0]
            page.goto(host.address)
            page.wait_for_selector(ENDED, timeout=240_000)
            page.locator("#offline-words", has_text="without a network").wait_for(timeout=120_000)
            context.close()
            host.sent.clear()
            context = self._open(profile)
            page = context.pages[0]
            page.goto(host.address)
            page.wait_for_selector(ENDED, timeout=240_000)
            page.locator("#offline-words", has_text="without a network").wait_for(timeout=120_000)
            context.close()
            return dict(host.sent)

    def round_trips(self, site: Path) -> dict[str, object]:
        """Open the workbench and move a slider by key, waiting for each answer."""
        with tempfile.TemporaryDirectory() as profile, Host(site, LOOPBACK) as host:
            context = self._open(profile)
            page = context.pages[0]
            seen = _watch(page, host.address)
            page.goto(host.address)
            page.wait_for_selector("html[data-stage=live]", timeout=240_000)
            open_workbench(page)
            before = page.evaluate("performance.now()")
            slider = page.get_by_role("slider").first
            slider.focus()
            for i in range(ROUND_TRIPS):
                count = _round_trip_count(page)
                page.keyboard.press("ArrowLeft" if (i // 3) % 2 == 0 else "ArrowRight")
                _await_round_trip(page, count)
            durations = page.evaluate(
                "from => performance.getEntriesByName('ridgepoint:round-trip').filter(e => e.startTime > from).map(e => e.duration)",
                before,
            )
            heap = page.evaluate("performance.memory ? performance.memory.usedJSHeapSize : 0")
            context.close()
        ordered = sorted(durations)
        return {
            "round trip p50, ms": round(statistics.median(ordered), 1),
            "round trip p95, ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
            "round trips counted": len(ordered),
            "page heap, MB": round(heap / 1e6, 1),
            "errors in the workbench": seen["errors"],
        }

    def _open(self, profile: str) -> object:
        return self.playwright.chromium.launch_persistent_context(
            profile,
            executable_path=self.chromium,
            headless=True,
            args=["--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])],
            viewport={"width": 1280, "height": 900},
        )


def open_workbench(page: Page) -> None:
    """Answer the two questions of the lock, so that the workbench opens."""
    for group in page.get_by_role("radiogroup").all():
        group.get_by_role("radio").first.check()
    page.get_by_role("button", name="Lock in my predictions").click()
    page.get_by_role("slider").first.wait_for(timeout=60_000)


def _await_round_trip(page: Page, before: int) -> None:
    for _ in range(1000):
        if _round_trip_count(page) > before:
            return
        page.wait_for_timeout(5)
    raise BuildError("A moved slider was not answered within 5 seconds; the round trips could not be measured.")


def _round_trip_count(page: Page) -> int:
    return page.evaluate("performance.getEntriesByName('ridgepoint:round-trip').length")


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
    return dict(page.evaluate("performance.getEntriesByType('mark').map(m => [m.name, m.startTime])"))


def _median(starts: list[Start], mark: str) -> float:
    return statistics.median(start.marks[mark] for start in starts)


def _figures(starts: dict[str, dict[str, list[Start]]]) -> dict[str, object]:
    results: dict[str, object] = {}
    for link, kinds in starts.items():
        ordinary = _median(kinds["ordinary"], "ridgepoint:live")
        resumed = _median(kinds["resumed"], "ridgepoint:live")
        painted = _median(kinds["resumed"], "ridgepoint:painted")
        given_up = [s.marks["ridgepoint:live"] - s.marks["ridgepoint-start:given-up"] for s in kinds["fallback"]]
        results[f"{link}: ordinary / resumed, time to live"] = round(ordinary / resumed, 2)
        results[f"{link}: ordinary live / resumed painted"] = round(ordinary / painted, 2)
        results[f"{link}: painted before live"] = all(
            s.marks["ridgepoint:painted"] <= s.marks["ridgepoint:live"] for s in kinds["resumed"]
        )
        results[f"{link}: fallback after giving up / ordinary"] = round(statistics.median(given_up) / ordinary, 2)
        results[f"{link}: ordinary, resumed, painted, s"] = [round(ms / 1000, 2) for ms in (ordinary, resumed, painted)]
    every = [start for kinds in starts.values() for each in kinds.values() for start in each]
    resumed_starts = [start for kinds in starts.values() for start in kinds["resumed"]]
    results["every resumed start resumed"] = all(start.kind == "resumed" for start in resumed_starts)
    results["foreign requests"] = sum(len(start.foreign) for start in every)
    results["console errors in resumed starts"] = sum(len(start.errors) for start in resumed_starts)
    results["transferred to live, resumed, MB"] = round(max(sum(s.sent.values()) for s in resumed_starts) / 1e6, 2)
    ordinary_starts = [start for kinds in starts.values() for start in kinds["ordinary"]]
    results["transferred to live, ordinary, MB"] = round(max(sum(s.sent.values()) for s in ordinary_starts) / 1e6, 2)
    return results


def _show(results: dict[str, object], starts: dict[str, dict[str, list[Start]]]) -> None:
    say("\nBytes to live, resumed, as they come over the link")
    for name, count in starts[LOOPBACK.name]["resumed"][-1].sent.most_common():
        say(f"  {count / 1e3:10.1f} kB  {name}")
    say("\nFigures (medians)")
    for name, value in results.items():
        say(f"  {name:55s} {value}")
