"""Move every control of every part, in one built tree or in two side by side: how soon each stop is answered and painted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from bench_browser import Browsers, await_round_trip, last_round_trip, round_trip_count, round_trip_figures
from bench_lab import go_to, kept_ledger
from console import BuildError
from playwright.sync_api import Locator, Page
from trees import Tree

__all__ = ["Moves", "moved_controls", "moved_pairs"]

Moves = dict[tuple[str, int], dict[str, list[float]]]
"""Milliseconds of every move, by track and part and by the id of a control."""

SETTLED_MS = 150
# A bench that has just opened is drawn for some frames more; a move made then would measure that. Ten frames in a row are in time.
DRAWN = """async () => {
    for (let inTime = 0, before = performance.now(); inTime < 10; ) {
        const now = await new Promise(requestAnimationFrame);
        inTime = now - before < 30 ? inTime + 1 : 0;
        before = now;
    }
}"""


@dataclass(frozen=True)
class Lab:
    """A lab that is live, over the ledger of a learner who did every part, and the moves made in it."""

    tree: Tree
    page: Page
    errors: list[str]
    moves: Moves


def moved_controls(browsers: Browsers, trees: Sequence[Tree]) -> list[Moves]:
    """Move each control once through its stops or choices, in one tree after the other; the first goes first.

    Only what all trees have is moved, so that their figures are of the same moves.
    """
    with ExitStack() as stack:
        labs = [Lab(tree, *stack.enter_context(browsers.live(tree.site, kept=kept_ledger(tree))), defaultdict(dict)) for tree in trees]
        for place in _common([_places(tree) for tree in trees]):
            for lab in labs:
                go_to(lab.page, *place)
                lab.page.locator("#status-stage .words", has_text="Ready").wait_for()
                lab.page.evaluate(DRAWN)
            for control in _common([_places(lab.tree)[place] for lab in labs]):
                for lab in labs:
                    lab.moves[place][control] = _moved(lab.page, _places(lab.tree)[place][control])
        for lab in labs:
            if lab.errors:
                raise BuildError(f"Something went wrong while controls were moved: {lab.errors}")
    return [lab.moves for lab in labs]


def moved_pairs(browsers: Browsers, before: Tree, after: Tree, runs: int) -> dict[str, list[tuple[float, float]]]:
    """Return p50 and p95 of each track and part, of both trees, in so many runs; which comes first changes with every run."""
    pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for number in range(runs):
        trees = [before, after][:: 1 if number % 2 == 0 else -1]
        figures = dict(zip(trees, map(_figures, moved_controls(browsers, trees)), strict=True))
        for name, figure in figures[after].items():
            pairs[name].append((figures[before][name], figure))
    return dict(pairs)


def _figures(moves: Moves) -> dict[str, float]:
    pooled: dict[str, list[float]] = defaultdict(list)
    for (track, _), controls in moves.items():
        pooled[track] += [each for durations in controls.values() for each in durations]
    for (track, part), controls in moves.items():
        pooled[f"{track}, part {part}"] = [each for durations in controls.values() for each in durations]
    figures = {name: round_trip_figures(durations) for name, durations in pooled.items()}
    return {f"{name}: moved control {which}, ms": figures[name][at] for name in figures for at, which in enumerate(("p50", "p95"))}


def _places(tree: Tree) -> dict[tuple[str, int], dict[str, str]]:
    """Return the labels of the controls by their ids, for each part of each track."""
    return {(track["id"], int(part)): labels for track in tree.vocabulary["tracks"] for part, labels in track["controls"].items()}


def _common(keyed: Sequence[dict]) -> list:
    """Return the keys that all have, in the order of the first."""
    return [key for key in keyed[0] if all(key in each for each in keyed)]


def _moved(page: Page, label: str) -> list[float]:
    bench = page.locator("#region-workbench")
    slider = bench.get_by_role("slider", name=label)
    if slider.count():
        return _dragged(page, slider.first)
    return _chosen(page, bench.get_by_role("combobox", name=label, exact=True))


def _chosen(page: Page, choice: Locator) -> list[float]:
    """Choose each of the others in turn, and the first one again."""
    now, count = choice.evaluate("each => [each.selectedIndex, each.options.length]")
    durations = []
    for at in [*range(now + 1, count), *range(now + 1)]:
        if choice.evaluate("each => each.selectedIndex") != at:  # as it is where the lab took the last one back
            durations.append(_timed(page, partial(choice.select_option, index=at)))
    return durations


def _dragged(page: Page, handle: Locator) -> list[float]:
    """Drag the handle with the pointer, stop by stop: to one end, to the other, and back to where it was."""
    handle.scroll_into_view_if_needed()
    now, most = (round(float(handle.get_attribute(name))) for name in ("aria-valuenow", "aria-valuemax"))
    box = handle.bounding_box()
    row = box["y"] + box["height"] / 2
    left, width = handle.evaluate("each => { const { x, width } = each.closest('.noUi-base').getBoundingClientRect(); return [x, width] }")
    page.mouse.move(box["x"] + box["width"] / 2, row)
    page.mouse.down()
    durations = []
    for at in [*range(now + 1, most + 1), *range(most - 1, -1, -1), *range(1, now + 1)]:
        if round(float(handle.get_attribute("aria-valuenow"))) != at:
            durations.append(_timed(page, partial(page.mouse.move, left + width * at / most, row)))
    page.mouse.up()
    page.wait_for_timeout(SETTLED_MS)  # to let go is a change too, of which nothing comes
    return durations


def _timed(page: Page, move: Callable[[], object]) -> float:
    count = round_trip_count(page)
    move()
    await_round_trip(page, count)
    return last_round_trip(page)
