"""The whole lab in one browser: how soon a control of each track is answered, and what all of it takes of memory."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from bench_browser import Browsers, await_round_trip, open_workbench, round_trip_count, round_trip_figures, round_trips_since
from paths import PYLIB, ROOT
from playwright.sync_api import Locator, Page, Worker

__all__ = ["python_worker", "track_round_trips", "whole_lab_memory"]

MOVES = 12
SCREENS = {"#report": "report", "#instructors": "classroom"}


def track_round_trips(browsers: Browsers, site: Path) -> dict[str, object]:
    """Move every control of part 1 of each track so many times, one move at a time."""
    from rooflab.tracks import TRACKS

    figures: dict[str, object] = {}
    with browsers.live(site) as (page, errors):
        for track in TRACKS:
            if track is not TRACKS[0]:
                page.locator(f"#tracks input[value={track.id}]").check()
                _arrived(page, track.id, 1)
                page.get_by_role("radiogroup", name=track.part(1).questions[-1].text).wait_for()
            open_workbench(page)
            bench = page.locator("#region-workbench")
            taken = {}
            for control in track.part(1).controls:
                slider = bench.get_by_role("slider", name=control.label)
                taken[control.label] = _moved(page, slider if slider.count() else bench.get_by_role("combobox", name=control.label, exact=True))
            p50, p95 = round_trip_figures([each for durations in taken.values() for each in durations])
            slowest = max(taken, key=lambda name: statistics.median(taken[name]))
            figures[f"{track.id}: round trip p50, p95, ms"] = [p50, p95]
            figures[f"{track.id}: round trips counted; slowest control, p50 ms"] = [
                sum(map(len, taken.values())), slowest, round(statistics.median(taken[slowest]), 1)
            ]  # fmt: skip
        figures["errors while controls were moved"] = errors
    return figures


def _moved(page: Page, control: Locator) -> list[float]:
    before = page.evaluate("performance.now()")
    keys = _keys(control) if control.get_attribute("role") == "slider" else None
    for i in range(MOVES):
        count = round_trip_count(page)
        if keys:
            control.press(keys[i % 2])
        else:
            chosen, options = control.evaluate("each => [each.selectedIndex, each.options.length]")
            control.select_option(index=(chosen + 1) % options)
        await_round_trip(page, count)
    return round_trips_since(page, before)


def _keys(slider: Locator) -> tuple[str, str]:
    """Return the keys that lead away and back, away first from an end."""
    now, least = (float(slider.get_attribute(name)) for name in ("aria-valuenow", "aria-valuemin"))
    return ("ArrowLeft", "ArrowRight") if now > least else ("ArrowRight", "ArrowLeft")


def whole_lab_memory(browsers: Browsers, observed: Path) -> dict[str, object]:
    """Open every part of every track, and both screens, over the ledger of a learner who did them all."""
    from rooflab.tracks import TRACKS

    with browsers.live(observed) as (page, _):
        figures: dict[str, object] = {"Python memory when live, MB": _memory_mb(python_worker(page))}
    with browsers.live(observed, ledger=_whole_ledger()) as (page, errors):
        worker = python_worker(page)
        for track in TRACKS:
            for part in track.parts:
                page.evaluate("place => { location.hash = place }", f"#{track.id}/{part.number}")
                _arrived(page, track.id, part.number)
                page.locator("#region-workbench").get_by_role("combobox").first.wait_for()
        for fragment, name in SCREENS.items():
            page.evaluate("place => { location.hash = place }", fragment)
            page.locator(f"#section-{name}[data-shown]").wait_for(timeout=120_000)
        figures["Python memory with the whole lab open, MB"] = _memory_mb(worker)
        figures["page heap with the whole lab open, MB"] = round(page.evaluate("performance.memory.usedJSHeapSize") / 1e6, 1)
        figures["errors in the whole lab"] = errors
    return figures


def python_worker(page: Page) -> Worker:
    """Return the worker in which Python runs, on the observed site."""
    return next(each for each in page.workers if each.evaluate("typeof observed === 'object'"))


def _memory_mb(worker: Worker) -> float:
    return round(worker.evaluate("observed.bytes()") / 1e6, 1)


def _arrived(page: Page, track_id: str, number: int) -> None:
    page.locator(f"#path[data-track={track_id}][data-part='{number}']").wait_for(timeout=60_000)


def _whole_ledger() -> str:
    """Return a ledger with every part of every track done, as the tests of the screens make it."""
    sys.path[:0] = [str(PYLIB), str(ROOT / "tests" / "browser")]
    from ledgers import ledger
    from rooflab.tracks import TRACKS

    return ledger(*(track.id for track in TRACKS))
