"""The recording says what missed the deadline, how sure that is, and lays a good frame beside a bad one."""

import re

import pytest

from rooflab.lab.instruments import instruments_of
from rooflab.tracks import track
from rooflab.units import format_time
from rooflab.views.instruments.trace import TraceView
from rooflab.workbench import make_workbench

GUARDIAN = track("edge-guardian")


def bench_of(number=1):
    part = GUARDIAN.part(number)
    mission = part.mission(0) if part.mission else None
    scenario = mission.scenario if mission else GUARDIAN.scenario(0)
    start = mission.baseline if mission else scenario.crisis
    return make_workbench(scenario=scenario, part=part, start=start, mission=mission)


@pytest.fixture
def bench():
    return bench_of()


def test_the_slow_frames_are_counted_in_the_title(bench):
    bench.frames = 20_000
    view = TraceView(bench=bench)
    slow = len(view._trace.slow)

    assert f"{slow} of 20\N{NO-BREAK SPACE}000 frames" in view.head.text
    assert "rp-failed" in view.head.text
    assert view.chart.over_time.tags[0].startswith("rooflab:alt:Frame time over the recording. ")


def test_a_repaired_loop_shows_no_slow_frame_and_says_so(bench):
    view = TraceView(bench=bench)

    bench.input_path = "pinned"

    assert "No frame of 2\N{NO-BREAK SPACE}000 misses 10.0 ms" in view.head.text
    assert "rp-failed" not in view.head.text
    assert "none to lay beside a good one" in view.compared.text
    assert list(view.chart.slow.data["frame"]) == []


def test_few_frames_leave_the_rare_percentile_without_an_upper_bound(bench):
    bench.frames = 1000
    view = TraceView(bench=bench)
    assert "without an upper bound" in view.head.text

    bench.frames = 20_000

    assert "without an upper bound" not in view.head.text
    assert "rests on 20 of them" in view.head.text


def test_a_good_and_a_bad_frame_stand_side_by_side(bench):
    view = TraceView(bench=bench)
    trace = view._trace

    assert f"A good frame takes {format_time(trace.frame_s[trace.good])}" in view.compared.text
    assert f"a bad one {format_time(trace.frame_s[trace.bad])}" in view.compared.text
    assert view.compared.text.count("<tr>") == 1 + 9  # a head, and nine stages
    for name in trace.names:
        assert name in view.compared.text


def test_running_and_waiting_are_apart(bench):
    view = TraceView(bench=bench)
    row = re.search(r"Image copy.*?</tr>", view.compared.text)[0]
    widths = [float(each) for each in re.findall(r"width:([\d.]+)%", row)]

    good_run, good_wait, bad_run, bad_wait = widths
    assert bad_wait > 90  # of the longest stage: it is the one that waits
    assert bad_run < 5
    assert good_wait == 0
    assert good_run > 0


def test_the_view_names_no_culprit(bench):
    view = TraceView(bench=bench)
    said = view.head.text + view.compared.text

    for word in ("guilty", "page", "fault", "governor"):
        assert word not in said


def test_distances_of_a_periodic_spike_are_even():
    found = next(
        GUARDIAN.scenario(each)
        for each in range(40)
        if GUARDIAN.scenario(each).spikes[0].periodic and 0.001 < GUARDIAN.scenario(each).spikes[0].chance_fraction < 0.01
    )
    bench = make_workbench(scenario=found, part=GUARDIAN.part(1), start=found.crisis.replace(frames=20_000))
    gaps = TraceView(bench=bench)._trace.gaps_count

    assert gaps.max() - gaps.min() <= 1


def test_the_table_is_written_only_when_it_is_open(bench):
    view = TraceView(bench=bench)
    assert view.rows.text == ""

    view.tabled = True

    assert view.rows.visible
    assert view.rows.text.count("<tr>") == 1 + 5  # a head; mean, three percentiles, misses
    assert "In the long run" in view.rows.text

    view.tabled = False
    assert view.rows.text == ""


def test_the_figures_stay_and_their_data_are_replaced(bench):
    view = TraceView(bench=bench)
    figures, source = view.chart.figures, view.chart.band
    before = list(source.data["high"])

    bench.precision = "int8"

    assert view.chart.figures == figures
    assert view.chart.band is source
    assert list(source.data["high"]) != before


@pytest.mark.parametrize("number", (1, 2, 3))
def test_every_part_has_the_recording_and_can_pin_its_percentile(number):
    bench = bench_of(number)
    TraceView(bench=bench)

    bench.pin("p999")

    assert "trace" in [each.id for each in instruments_of(bench.part)]
    assert bench.pinned.name == "p99.9"
    assert bench.pinned.value == pytest.approx(float(bench.outcome().p999_s))

