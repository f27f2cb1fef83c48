"""Measure this machine as the page does, three times, and compare: with itself, with C, with the model, and with an idle lab."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import deflate
from bench_browser import Browsers, await_round_trip, round_trip_count, round_trip_figures, round_trips_since
from bench_lab import go_to, kept_ledger
from console import BuildError
from native_kernels import Native, compiled, measured_natively
from paths import PYLIB
from playwright.sync_api import Page
from spoken_for import FRAGMENT, LISTEN, ask
from trees import Tree

if TYPE_CHECKING:
    from rooflab.machine.study import Study

__all__ = ["machine_figures"]

RUNS = 3
MOST_MS = 300_000
MOVES = 40
GO = """(place) => { location.hash = place; }"""
TOLD = "machineTold.shift() ?? null"
BURSTS = """performance.getEntriesByName("rooflab:burst").map((each) => [each.startTime, each.startTime + each.duration])"""


def machine_figures(browsers: Browsers, tree: Tree) -> dict[str, object]:
    """Return what is asked of the measurements: how well they agree with one another, with C and with the model."""
    sys.path[:0] = [str(PYLIB)]
    from rooflab.machine.study import study

    told, natives, why_not = _measured(browsers, tree)
    studies = [study(each["run"], each["rows"]) for each in told]
    run = told[0]["run"]
    took = [round(each["took_s"], 1) for each in told]
    figures: dict[str, object] = {"machine: SIMD, cores, step of the clock": [run["simd"], run["cores"], f"{run['clock_s']:.2g} s"], "machine: seconds of each run": took}
    figures |= _agreement(studies) | _against_native(studies, natives, why_not) | _by_the_model(studies)
    return figures | _size(tree.site) | _answered(browsers, tree)


def _measured(browsers: Browsers, tree: Tree) -> tuple[list[dict], list[Native], str]:
    """Measure in the page and natively, in turn, so that a drift of the machine meets both."""
    told, natives, program = [], [], None
    with browsers.live(tree.site) as (page, _):
        _open(page)
        for _ in range(RUNS):
            told.append(_told(page))
            if program is None:
                program = compiled(fused=told[0]["run"]["simd"] == "relaxed")
            if isinstance(program, Path):
                natives.append(measured_natively(program))
    return told, natives, "" if isinstance(program, Path) else str(program)


def _open(page: Page) -> None:
    page.evaluate(f"() => {LISTEN}")
    page.evaluate(GO, FRAGMENT)
    page.locator("#section-machine[data-shown]").wait_for(timeout=60_000)


def _told(page: Page) -> dict:
    """Have the page measure, and return what it tells; `took_s` is how long that was."""
    began = page.evaluate("performance.now()")
    page.evaluate(f"() => {{ {ask('measure')} }}")
    page.locator("#measuring").wait_for(timeout=60_000)
    page.locator("#measuring").wait_for(state="hidden", timeout=MOST_MS)
    told = page.evaluate(TOLD)
    if told["event"] != "measured":
        raise BuildError(f"The page refused to measure this machine: {told['why']}.")
    return told | {"took_s": (page.evaluate("performance.now()") - began) / 1000}


def _agreement(studies: list[Study]) -> dict[str, object]:
    """Return each roof of every run, and by how much the highest is above the lowest."""
    roofs = {
        "peak of one core, GFLOP/s": lambda each: each.found.peak_flop_per_s,
        "main memory, one core, GB/s": lambda each: each.found.memory_bytes_per_s,
        "fastest level of memory, GB/s": lambda each: each.found.levels[0].bytes_per_s,
        "peak of all cores, GFLOP/s": lambda each: each.found.all_flop_per_s,
        "main memory, all cores, GB/s": lambda each: each.found.all_bytes_per_s,
    }
    figures = {}
    for name, of in roofs.items():
        values = [of(each) for each in studies]
        if all(values):
            figures[f"machine: {name}; apart"] = [*(round(value / 1e9, 1) for value in values), f"{max(values) / min(values) - 1:.0%}"]
    return figures


def _against_native(studies: list[Study], natives: list[Native], why_not: str) -> dict[str, object]:
    """Return the page's roofs over those of C, the best of each."""
    if not natives:
        return {"machine: native kernels": why_not}
    peak = max(each.peak_flop_per_s for each in natives)
    triad = max(each.triad_bytes_per_s for each in natives)
    own_peak = max(each.found.peak_flop_per_s for each in studies)
    own_triad = max(each.found.memory_bytes_per_s for each in studies)
    return {
        "machine: C, 128 bits: peak GFLOP/s; the page's over it": [round(peak / 1e9, 1), f"{own_peak / peak:.0%}"],
        "machine: C triad GB/s; the page's over it": [round(triad / 1e9, 1), f"{own_triad / triad:.0%}"],
    }


def _by_the_model(studies: list[Study]) -> dict[str, object]:
    """Return where the fused curve bends, and how far the model is from the measured rows."""
    bends = [each.bend for each in studies if each.bend]
    errors = [each.median_error_fraction for each in studies if each.median_error_fraction is not None]
    figures: dict[str, object] = {
        "machine: bend of the fused curve: predicted, its own, apart": [
            [round(each.predicted_count, 1), round(each.own_count, 1), f"{each.error_fraction:+.0%}"] for each in bends
        ],
        "machine: rows predicted; median error": [len(studies[0].compared), *(f"{each:.0%}" for each in errors)],
        "machine: unsteady rows": [len(each.unsteady) for each in studies],
        "machine: rows left out": [each.measured.left_out for each in studies],
    }
    for kernel in dict.fromkeys(each.row.kernel for each in studies[0].compared):
        every = [row.size_of_error_fraction for each in studies for row in each.compared if row.row.kernel == kernel]
        figures[f"machine: {kernel}: rows in all runs, median error"] = [len(every), f"{statistics.median(every):.0%}"]
    return figures


def _size(site: Path) -> dict[str, object]:
    """Return the kilobytes, compressed, of what measures: scripts, kernels, their texts and style."""
    files = [*site.glob("js/machine-*.js"), *site.glob("js/meter-*.js"), *site.glob("machine/*"), site / "css" / "machine.css"]
    sizes = {path.name.partition("-")[0] + path.suffix: len(deflate.gzip_compress(path.read_bytes(), 9)) / 1000 for path in files}
    return {"machine: kB compressed": [round(sum(sizes.values()), 1), {name: round(size, 1) for name, size in sizes.items()}]}


def _answered(browsers: Browsers, tree: Tree) -> dict[str, object]:
    """Move a control of an open bench while nothing and while everything is measured."""
    with browsers.live(tree.site, kept=kept_ledger(tree)) as (page, errors):
        _open(page)
        go_to(page, tree.vocabulary["tracks"][0]["id"], 1)
        idle = _moves(page, lambda done: done < MOVES)
        page.evaluate(f"() => {{ {ask('measure')} }}")
        began = page.evaluate("performance.now()")
        busy = _moves(page, lambda _: not page.evaluate("machineTold.length"))
        ended, bursts = page.evaluate("performance.now()"), page.evaluate(BURSTS)
        if errors or page.evaluate(TOLD)["event"] != "measured":
            raise BuildError(f"Something went wrong while the lab was used and measured: {errors}")
    one_core = [took for at, took in busy if not any(from_ <= at <= to for from_, to in bursts)]
    all_cores = [took for at, took in busy if any(from_ <= at <= to for from_, to in bursts)]
    return {
        "machine: moved control p50, p95, ms: idle": list(round_trip_figures([took for _, took in idle])),
        "machine: while one core is measured; p50 over idle": [*round_trip_figures(one_core), round(statistics.median(one_core) / statistics.median([took for _, took in idle]), 2)],
        "machine: while all cores are": list(round_trip_figures(all_cores)) if all_cores else "no move fell into a burst",
        "machine: bursts, s": [round((to - from_) / 1000, 2) for from_, to in bursts],
        "machine: seconds of a run while the lab is used": round((ended - began) / 1000, 1),
    }


def _moves(page: Page, more: Callable[[int], bool]) -> list[tuple[float, float]]:
    """Choose to and fro with the first drop-down while `more(done)`; return when each began, and the milliseconds it took."""
    choice = page.locator("#region-controls").get_by_role("combobox").first
    moves = []
    while more(len(moves)):
        count, at = round_trip_count(page), page.evaluate("performance.now()")
        choice.select_option(index=(choice.evaluate("each => each.selectedIndex") + 1) % 2)
        await_round_trip(page, count)
        moves.append((at, round_trips_since(page, at - 1)[-1]))
    return moves
