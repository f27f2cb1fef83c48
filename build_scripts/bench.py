"""Measure what the learner waits for, starts as ratios to the ordinary start of the same run; and prove every mission."""

from __future__ import annotations

import json
import statistics

from bench_browser import ROUND_TRIPS, Browsers, Start, round_trip_figures
from bench_class import class_figures
from bench_journeys import cut_off_journeys
from bench_lab import whole_lab_memory
from bench_machine import machine_figures
from bench_model import inside_ms, model_figures, native_ms
from bench_moved import Moves, moved_controls
from bench_pictures import picture_figures
from bench_proofs import prove
from browsers import chromium
from console import say, step
from ordinary_site import make_ordinary
from paths import BENCH
from playwright.sync_api import sync_playwright
from throttled_host import LINKS, LOOPBACK
from trees import this_tree

__all__ = ["bench", "bench_killed", "bench_machine"]


def bench_killed(journeys: int) -> int:
    """Cut journeys off and print what is missing of them."""
    tree = this_tree()
    with sync_playwright() as playwright, step(f"{journeys} journeys that are cut off"):
        results = cut_off_journeys(playwright, chromium(), tree, journeys)
    for name, value in results.items():
        say(f"  {name:62s} {value}")
    return 1 if results["journeys with something missing"] else 0


def bench_machine() -> int:
    """Measure this machine in the page, print how well the measurements agree, and how long a class of them takes."""
    tree = this_tree()
    with sync_playwright() as playwright, step("the machine, measured by the page"):
        browsers = Browsers(playwright, chromium())
        figures = machine_figures(browsers, tree) | class_figures(browsers, tree)
    for name, value in figures.items():
        say(f"  {name:62s} {value}")
    return 0


def bench(*, runs: int, variants: int, journeys: int) -> int:
    """Run all measurements and print them; the figures also go to build/bench/results.json."""
    path = chromium()
    tree = this_tree()
    ordinary = make_ordinary(tree.site)
    results: dict[str, object] = {}
    with sync_playwright() as playwright:
        browsers = Browsers(playwright, path)
        starts = {}
        for link in LINKS:
            with step(f"starts over {link.name}, {runs} of each kind"):
                starts[link.name] = browsers.starts(tree.site, ordinary, link, runs)
        with step("second visit"):
            results["second visit: bodies from the network"] = dict(browsers.second_visit(tree.site).sent)
        with step(f"round trips, {ROUND_TRIPS}"):
            results |= browsers.round_trips(tree.site)
        with step("every control of every part"):
            results |= _track_figures(*moved_controls(browsers, [tree]))
        with step("the living pictures"):
            results |= picture_figures(browsers, tree)
        with step("the whole lab open"):
            results |= whole_lab_memory(browsers, tree)
        with step("the machine, measured by the page"):
            results |= machine_figures(browsers, tree)
        with step("a class of machines"):
            results |= class_figures(browsers, tree)
        with step("the model in the browser"):
            inside = inside_ms(browsers, tree)
        with step(f"{journeys} journeys that are cut off"):
            results |= cut_off_journeys(playwright, path, tree, journeys)
    with step("the model natively"):
        native = native_ms(tree)
    with step(f"the missions' proofs, {variants} variants"):
        proofs = prove(variants)
    results |= _start_figures(starts) | model_figures(native, inside)
    _show(results, starts, proofs)
    kept = results | {"by part, ms": {"in the browser": inside, "native": native}, "proofs": proofs}
    BENCH.mkdir(parents=True, exist_ok=True)
    (BENCH / "results.json").write_text(json.dumps(kept, indent=1))
    return 0


def _track_figures(moves: Moves) -> dict[str, object]:
    figures: dict[str, object] = {}
    for track_id in dict.fromkeys(track for track, _ in moves):
        controls = {(part, control): taken for (track, part), all_taken in moves.items() if track == track_id for control, taken in all_taken.items()}
        (part, control), slowest = max(controls.items(), key=lambda each: statistics.median(each[1]))
        every = [each for durations in controls.values() for each in durations]
        figures[f"{track_id}: moved control p50, p95, ms"] = list(round_trip_figures(every))
        figures[f"{track_id}: moves counted; slowest control, p50 ms"] = [
            len(every), f"part {part}, {control}", round(statistics.median(slowest), 1)
        ]  # fmt: skip
    return figures


def _median(starts: list[Start], mark: str) -> float:
    return statistics.median(start.marks[mark] for start in starts)


def _start_figures(starts: dict[str, dict[str, list[Start]]]) -> dict[str, object]:
    results: dict[str, object] = {}
    for link, kinds in starts.items():
        ordinary = _median(kinds["ordinary"], "live")
        resumed = _median(kinds["resumed"], "live")
        painted = _median(kinds["resumed"], "painted")
        given_up = [s.marks["live"] - s.marks["start:given-up"] for s in kinds["fallback"]]
        results[f"{link}: ordinary / resumed, time to live"] = round(ordinary / resumed, 2)
        results[f"{link}: ordinary live / resumed painted"] = round(ordinary / painted, 2)
        results[f"{link}: painted before live"] = all(
            s.marks["painted"] <= s.marks["live"] for s in kinds["resumed"]
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


def _show(results: dict[str, object], starts: dict[str, dict[str, list[Start]]], proofs: dict[str, dict[str, object]]) -> None:
    say("\nBytes to live, resumed, as they come over the link")
    for name, count in starts[LOOPBACK.name]["resumed"][-1].sent.most_common():
        say(f"  {count / 1e3:10.1f} kB  {name}")
    say("\nSound variants of each mission, and the seconds of one process")
    for name, found in proofs.items():
        say(f"  {name:24s} {found['sound']:4d} of {found['variants']:4d} {found['seconds']:8.1f} s  {'; '.join(found['faults'][:3])}")
    say("\nFigures (medians)")
    for name, value in results.items():
        say(f"  {name:62s} {value}")
