"""The whole lab in one browser: how to go from part to part, and what all of it takes of memory."""

from __future__ import annotations

from bench_browser import Browsers
from console import BuildError
from playwright.sync_api import Page, Worker
from trees import Tree

__all__ = ["go_to", "kept_ledger", "python_worker", "whole_lab_memory"]

SCREENS = {"#report": "report", "#instructors": "classroom"}


def kept_ledger(tree: Tree) -> dict[str, str]:
    """Return what the storage holds of a learner who did every part: by the page's folder, and by one name for all, as once."""
    return {f"{tree.package}:{place}ledger": tree.vocabulary["ledger"] for place in ("/:", "")}


def go_to(page: Page, track_id: str, number: int) -> None:
    """Open a part of a track at its bench, and wait for its controls."""
    page.locator("#main:not([aria-busy=true])").wait_for(timeout=60_000)  # before that the path is as the page came
    page.evaluate("place => { location.hash = place }", f"#{track_id}/{number}")
    page.locator(f"#path[data-track={track_id}][data-part='{number}']").wait_for(timeout=60_000)
    page.locator("#path li[data-step=explore] a").first.click()
    page.locator("#region-workbench").get_by_role("combobox").first.wait_for()


def whole_lab_memory(browsers: Browsers, tree: Tree) -> dict[str, float]:
    """Open every part of every track, and both screens, over the ledger of a learner who did them all."""
    with browsers.live(tree.observed) as (page, _):
        figures = {"Python memory when live, MB": _memory_mb(python_worker(page))}
    with browsers.live(tree.observed, kept=kept_ledger(tree)) as (page, errors):
        worker = python_worker(page)
        for track in tree.vocabulary["tracks"]:
            for part in track["parts"]:
                go_to(page, track["id"], part)
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

