"""A design that cannot run: one state with its reason, its number and a way back that leads back, in every track."""

import re

import pytest

from rooflab.analyses.changes import value_words
from rooflab.analyses.memory import tried_alone
from rooflab.evaluate import evaluate
from rooflab.lab.setting import setting
from rooflab.views.instruments.stopped import StoppedView
from rooflab.workbench import make_workbench
from tests.unit.designs import drawn_designs
from tests.unit.drawn_screen import plain, tree, width

PLACES = ("cloud-titan", 2), ("edge-guardian", 2), ("mobile-nomad", 2), ("tiny-pioneer", 1), ("tiny-pioneer", 3)


def bench_at(where):
    place = setting(*where, 0)
    return place, make_workbench(scenario=place.scenario, part=place.part, start=place.start, mission=place.mission)


def outcomes_that_cannot_run(place, count=60):
    for design in drawn_designs(place, count, seed=3):
        outcome = evaluate(place.scenario, design)
        if not outcome.runs:
            yield design, outcome


@pytest.mark.parametrize("where", PLACES, ids=str)
def test_the_reason_the_number_and_a_way_back_are_shown(where):
    place, bench = bench_at(where)
    view, led_back = StoppedView(bench=bench), 0

    for design, outcome in outcomes_that_cannot_run(place):
        bench.take(design)
        words, stopped = plain(view.words.text), outcome.cannot_run

        assert words.startswith(f"Cannot run. {stopped.kind}: {stopped.reason}") and stopped.number in words
        if stopped.used_fraction is not None:
            first, rest = (width(each) for each in tree(view.words.text).iterfind(".//i"))
            assert (first, first + rest) == pytest.approx((100 / stopped.used_fraction, 100), abs=0.02)
        for label, choice in re.findall(r"(?:itself: |; )([^:;]+): ([^;]+?)(?=;|\. What)", words):
            led_back += any(runs_with(place, design, control, choice) for control in place.part.controls if control.label == label)

    assert led_back


def runs_with(place, design, control, words):
    (runs,) = [runs for _, value, _, _, runs in tried_alone(place.scenario, design, [control]) if value_words(control, value) == words][:1]
    assert runs
    return runs


def test_nothing_is_shown_while_the_design_runs():
    _, bench = bench_at(("cloud-titan", 2))
    view = StoppedView(bench=bench)

    assert (view.words.text, view.__panel__().visible) == ("", False)


def test_only_the_memory_needed_can_be_pinned_where_nothing_runs():
    place, bench = bench_at(("cloud-titan", 2))
    bench.take(next(design for design, outcome in outcomes_that_cannot_run(place) if not outcome.fits))

    bench.pin("mfu")
    assert bench.pinned is None and "cannot run" in bench.notice

    bench.pin("memory")
    assert bench.pinned.value == float(bench.outcome().needed_bytes)


def test_hops_that_fall_behind_can_be_timed_and_their_delay_cannot():
    place, bench = bench_at(("tiny-pioneer", 1))
    design, outcome = next((each for each in outcomes_that_cannot_run(place) if each[1].cannot_run.backlog), None)
    bench.take(design)
    delay = next(each.id for each in place.part.gauges if each.quantity == "delay_s")

    assert outcome.busy_fraction > 1 and not outcome.feasible
    bench.pin(delay)
    assert bench.pinned is None
    bench.pin("mbu")
    assert bench.pinned.value == float(outcome.mbu_fraction)
