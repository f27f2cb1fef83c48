"""The whole lab in one browser: how soon a control of each track is answered, and what all of it takes of memory."""

from __future__ import annotations

from bench_browser import Browsers, await_round_trip, open_workbench, round_trip_count, round_trips_since
from console import BuildError
from playwright.sync_api import Locator, Page, Worker
from trees import Tree

__all__ = ["python_worker", "track_round_trips", "whole_lab_memory"]

MOVES = 12
SCREENS = {"#report": "report", "#instructors": "classroom"}


def track_round_trips(browsers: Browsers, tree: Tree) -> dict[str, dict[str, list[float]]]:
    """Move every control of part 1 of each track so many times, one move at a time: milliseconds by track and control."""
    figures: dict[str, dict[str, list[float]]] = {}
    with browsers.live(tree.site) as (page, errors):
        for number, track in enumerate(tree.vocabulary["tracks"]):
            if number:
                page.locator(f"#tracks input[value={track['id']}]").check()
                _arrived(page, track["id"], 1)
                page.get_by_role("radiogroup", name=track["question"]).wait_for()
            open_workbench(page)
            bench = page.locator("#region-workbench")
            figures[track["id"]] = taken = {}
            for label in track["controls"]:
                slider = bench.get_by_role("slider", name=label)
                taken[label] = _moved(page, slider if slider.count() else bench.get_by_role("combobox", name=label, exact=True))
        if errors:
            raise BuildError(f"Something went wrong while controls were moved: {errors}")
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


def whole_lab_memory(browsers: Browsers, tree: Tree) -> dict[str, float]:
    """Open every part of every track, and both screens, over the ledger of a learner who did them all."""
    with browsers.live(tree.observed) as (page, _):
        figures = {"Python memory when live, MB": _memory_mb(python_worker(page))}
    # By the folder of the page, as it is kept now, and by one name for all, as it was kept once.
    kept = {f"{tree.package}:{place}ledger": tree.vocabulary["ledger"] for place in ("/:", "")}
    with browsers.live(tree.observed, kept=kept) as (page, errors):
        worker = python_worker(page)
        for track in tree.vocabulary["tracks"]:
            for part in track["parts"]:
                page.evaluate("place => { location.hash = place }", f"#{track['id']}/{part}")
                _arrived(page, track["id"], part)
                page.locator("#region-workbench").get_by_role("combobox").first.wait_for()
        for fragment, name in SCREENS.items():
            page.evaluate("place => { location.hash = place }", fragment)
            page.locator(f"#section-{name}[data-shown]").wait_for(timeout=120_000)
        figures["Python memory with the whole lab open, MB"] = _memory_mb(worker)
        figures["page heap with the whole lab open, MB"] = round(page.evaluate("performance.memory.usedJSHeapSize") / 1e6, 1)
        if errors:
            raise BuildError(f"Something went wrong in the whole lab: {errors}")
    return figures


def python_worker(page: Page) -> Worker:
    """Return the worker in which Python runs, on the observed site."""
    return next(each for each in page.workers if each.evaluate("typeof observed === 'object'"))


def _memory_mb(worker: Worker) -> float:
    return round(worker.evaluate("observed.bytes()") / 1e6, 1)


def _arrived(page: Page, track_id: str, number: int) -> None:
    page.locator(f"#path[data-track={track_id}][data-part='{number}']").wait_for(timeout=60_000)
