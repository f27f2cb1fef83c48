"""Measure the tree of another commit and this one in turn, pair by pair, so that a drift of the machine meets both alike."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from bench_browser import Browsers
from bench_lab import whole_lab_memory
from bench_model import Times, inside_ms, native_ms
from bench_moved import moved_pairs
from browsers import chromium
from console import say, step
from paths import BENCH
from playwright.sync_api import sync_playwright
from throttled_host import LINKS, Link, ThrottledHost
from trees import Tree, built_beside, this_tree

__all__ = ["MEASURED", "MOVED", "bench_against", "measured_in_turn", "summary"]

MOVED = "moved"
"""The one figure for which both are open side by side."""

Figures = dict[str, float]
Pairs = dict[str, list[tuple[float, float]]]


def bench_against(commit: str, *, runs: int, only: list[str] | None = None) -> int:
    """Print every figure of the commit and of this tree, and the ratios of its pairs; they also go to build/bench/against.json."""
    path = chromium()
    before, after = built_beside(commit), this_tree()
    pairs: Pairs = {}
    say(f"\nbefore: {before.root.name}\nafter: this tree, as it is on disk")
    with sync_playwright() as playwright:
        browsers = Browsers(playwright, path)
        for name, kinds in MEASURED.items():
            if only is None or name in only:
                with step(f"{name}, {runs} pairs"):
                    pairs |= measured_in_turn([partial(measure, browsers) for measure in kinds], before, after, runs)
        if only is None or MOVED in only:
            with step(f"{MOVED}, every control of every part in both, {runs} times"):
                pairs |= moved_pairs(browsers, before, after, runs)
    for line in summary(pairs):
        say(line)
    BENCH.mkdir(parents=True, exist_ok=True)
    (BENCH / "against.json").write_text(json.dumps({"before": before.root.name, "pairs": pairs}, indent=1))
    return 0


def measured_in_turn(kinds: Iterable[Callable[[Tree], Figures]], before: Tree, after: Tree, runs: int) -> Pairs:
    """Measure each kind in both so many times, one right after the other; which comes first changes with every pair."""
    pairs: Pairs = defaultdict(list)
    for number in range(runs):
        for measure in kinds:
            order = (before, after) if number % 2 == 0 else (after, before)
            found = {tree.root: measure(tree) for tree in order}
            for name, figure in found[after.root].items():
                if name in found[before.root]:
                    pairs[name].append((found[before.root][name], figure))
    return dict(pairs)


def summary(pairs: Pairs) -> list[str]:
    """Return a line a figure: the medians of both, the median of the ratios of its pairs, and the middle half of these."""
    lines = ["", f"{'':58}{'before':>10}{'after':>10}{'ratio':>8}  middle half"]
    for name, both in pairs.items():
        medians = [statistics.median(each) for each in zip(*both, strict=True)]
        ratios = [_ratio(*pair) for pair in both]
        low, _, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
        lines.append(f"{name:58}{medians[0]:>10.4g}{medians[1]:>10.4g}{statistics.median(ratios):>8.3f}  {low:.3f} to {high:.3f}")
    return lines


def _ratio(before: float, after: float) -> float:
    if before == after:
        return 1.0
    return after / before if before else float("inf")


# What is measured


def _resumed(link: Link, browsers: Browsers, tree: Tree) -> Figures:
    start = browsers.start(ThrottledHost(tree.site, link))
    return {
        f"{link.name}: painted, s": start.marks["painted"] / 1000,
        f"{link.name}: live, s": start.marks["live"] / 1000,
        f"{link.name}: transferred to live, MB": sum(start.sent.values()) / 1e6,
    }


def _fallback(link: Link, browsers: Browsers, tree: Tree) -> Figures:
    marks = browsers.start(ThrottledHost(tree.site, link, broken=frozenset({"runtime/image-"}))).marks
    return {
        f"{link.name}: fall-back live, s": marks["live"] / 1000,
        f"{link.name}: fall-back after giving up, s": (marks["live"] - marks["start:given-up"]) / 1000,
    }


def _second_visit(browsers: Browsers, tree: Tree) -> Figures:
    start = browsers.second_visit(tree.site)
    return {
        "second visit: painted, s": start.marks["painted"] / 1000,
        "second visit: live, s": start.marks["live"] / 1000,
        "second visit: workbench, s": start.marks["workbench"] / 1000,
        "second visit: transferred, kB": sum(start.sent.values()) / 1e3,
    }


def _round_trips(browsers: Browsers, tree: Tree) -> Figures:
    found = browsers.round_trips(tree.site)
    return {name: found[name] for name in ("round trip p50, ms", "round trip p95, ms", "page heap, MB")}


def _inside(browsers: Browsers, tree: Tree) -> Figures:
    return _slowest(inside_ms(browsers, tree), "in the browser")


def _natively(_browsers: Browsers, tree: Tree) -> Figures:
    return _slowest(native_ms(tree), "natively")


def _slowest(times: Times, where: str) -> Figures:
    """Return the slowest part of each track."""
    kinds = (("grid", "100,000 designs"), ("one", "one design with its trace"))
    return {f"{track_id}: {words} {where}, ms": max(times[track_id][name].values()) for track_id in times for name, words in kinds}


MEASURED: dict[str, tuple[Callable[[Browsers, Tree], Figures], ...]] = {
    "start": tuple(partial(kind, link) for link in LINKS for kind in (_resumed, _fallback)),
    "second-visit": (_second_visit,),
    "round-trip": (_round_trips,),
    "memory": (whole_lab_memory,),
    "model": (_inside, _natively),
}
