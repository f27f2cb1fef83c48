"""The recording says what missed the deadline and how sure that is; a trace shows what makes a picked frame slow."""

import re

import pytest
from bokeh.document import Document
from bokeh.models import ColumnDataSource

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate
from rooflab.lab.classroom.replay import replay
from rooflab.lab.instruments import instruments_of
from rooflab.lab.ledger.ledger import Ledger, append, dump, parse
from rooflab.lab.readings import reading
from rooflab.lab.setting import setting
from rooflab.lab.steps.commits import pinned
from rooflab.systems.vehicle.recording import loop_trace
from rooflab.tracks import track
from rooflab.tracks.edge_guardian.scenario import guilty
from rooflab.units import format_fraction, format_time
from rooflab.views.instruments.peek import PeekView
from rooflab.views.instruments.trace import TraceView
from rooflab.workbench import make_workbench
from tests.unit.lab.fakes import NOW

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
    assert "none to pick" in view.frames.said.text
    assert list(view.chart.slow.data["frame"]) == []


def test_few_frames_leave_the_rare_percentile_without_an_upper_bound(bench):
    bench.frames = 1000
    view = TraceView(bench=bench)
    assert "no upper bound" in view.head.text

    bench.frames = 20_000

    assert "no upper bound" not in view.head.text
    assert "95% interval: " in view.head.text


def picked(bench, place=0):
    """Return a view of the bench with one of its longest frames picked and tracing on."""
    view = TraceView(bench=bench)
    bench.profiler = "on"
    bench.frame = view._trace.slowest(place + 1)[place]
    return view


def cells(view):
    """Return the table of stages, each row as its texts."""
    rows = re.findall(r"<tr>(.*?)</tr>", view.frames.rows.text)
    return [[re.sub("<.*?>", "", each) for each in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def everything_shown(view):
    """Return all that a learner can read, hear or point at in the view and its document."""
    root = view.__panel__().get_root(Document())
    shown = [each for each in root.references() if getattr(each, "visible", True)]
    data = [each.data for each in shown if isinstance(each, ColumnDataSource) and len(next(iter(each.data.values()), ()))]
    texts = [getattr(each, name, "") for each in shown for name in ("text", "title", "tooltips", "tags", "options")]
    return f"{texts}{[{name: list(values) for name, values in each.items()} for each in data]}"


@pytest.mark.parametrize("variant", range(12))
def test_no_stage_is_named_before_tracing_is_on(variant):
    found = GUARDIAN.scenario(variant)
    bench = make_workbench(scenario=found, part=GUARDIAN.part(1), start=found.crisis.replace(frames=20_000))
    view = TraceView(bench=bench)
    bench.frame = view._trace.slowest(1)[0]
    view.tabled = True
    shown = everything_shown(view)

    for name in view._trace.names:
        assert name not in view.head.text + view.ladder.text + view.frames.said.text + view.frames.rows.text
    assert not view.frames._traced.visible
    assert view.frames.chart.bars.data["stage"] == []
    assert view.frames.chart.figure.tags == []
    assert guilty(found).name not in shown
    assert "Time stamps say no more" in view.frames.said.text


@pytest.mark.parametrize("variant", range(12))
def test_facts_leave_out_what_the_diagnosis_asks(variant):
    found = GUARDIAN.scenario(variant)
    bench = make_workbench(scenario=found, part=GUARDIAN.part(1), start=found.crisis)
    view = PeekView(bench=bench)

    bench.sourcing = bench.peeking = True

    for spike in found.spikes:
        assert spike.name not in view.sources.text + view.formulas.text
    for word in ("cured by", "stage ", "periodic", "slowdown"):
        assert word not in view.sources.text
    assert "chance" in view.sources.text
    assert "What you are to find" in view.sources.text


def test_turning_tracing_off_takes_the_stages_away_again(bench):
    view = picked(bench)
    assert view.frames._traced.visible

    bench.profiler = "off"

    assert not view.frames._traced.visible
    assert view.frames.rows.text == ""
    assert view.frames.chart.bars.data["stage"] == []
    assert view.frames.chart.figure.tags == []


def test_the_picked_frame_is_laid_beside_the_typical_one_stage_by_stage(bench):
    view = picked(bench)
    trace, frame = view._trace, bench.frame
    head, *rows, whole = cells(view)

    assert [row[0].removesuffix(", longer") for row in rows] == list(trace.names)
    for at, (_, typical, longer, more_waiting, more_running) in enumerate(rows):
        times = [(float(trace.waiting_s[each, at]), float(trace.running_s[each, at])) for each in (trace.typical, frame)]
        assert [float(each) for each in typical.split(" + ")] == pytest.approx([1e3 * each for each in times[0]], abs=0.0051)
        assert [float(each) for each in longer.split(" + ")] == pytest.approx([1e3 * each for each in times[1]], abs=0.0051)
        assert float(more_waiting) == pytest.approx(1e3 * (times[1][0] - times[0][0]), abs=0.0051)
        assert float(more_running) == pytest.approx(1e3 * (times[1][1] - times[0][1]), abs=0.0051)
    whole_ms = [1e3 * trace.frame_s[each] for each in (trace.typical, frame)]
    assert [float(each) for each in whole[1:3]] == pytest.approx(whole_ms, abs=0.0051)
    assert head[3:] == ["Waits longer by", "Runs longer by"]


def test_the_words_name_the_stage_that_waits_and_by_how_much(bench):
    view = picked(bench)
    trace, frame = view._trace, bench.frame
    copy = trace.names.index("Image copy")
    more_s = float(trace.waiting_s[frame, copy] - trace.waiting_s[trace.typical, copy])

    assert f"Image copy waits {format_time(more_s)} longer" in view.frames.said.text
    assert "runs" not in view.frames.said.text
    assert format_time(trace.frame_s[frame]) in view.frames.said.text
    assert view.frames.said.text.count("Image copy") == view.frames.chart.figure.tags[0].count("Image copy") == 1


def test_a_frame_that_is_only_a_little_late_has_no_spike(bench):
    view = TraceView(bench=bench)
    bench.profiler = "on"
    trace = view._trace

    bench.frame = min(trace.slow, key=trace.frame_s.__getitem__)

    assert "no spike" in view.frames.said.text
    assert not any(name in view.frames.said.text for name in trace.names)


def test_a_tapped_triangle_is_picked_ringed_and_chosen_in_the_list(bench):
    view = TraceView(bench=bench)
    frame = view.chart.frames_drawn[2]

    view.chart.slow.selected.indices = [2]

    assert bench.frame == frame
    assert view.chart.ringed.data["frame"] == [frame]
    assert view.chart.ringed.data["time"] == pytest.approx([1e3 * view._trace.frame_s[frame]])
    assert view.frames.list.value == str(frame)
    assert format_time(view._trace.frame_s[frame]) in view.frames.said.text


def test_a_tap_on_several_goes_from_one_to_the_next_and_a_tap_beside_them_changes_nothing(bench):
    view = TraceView(bench=bench)
    frames, selected = view.chart.frames_drawn, view.chart.slow.selected
    picks = []

    for places in ([1, 2], [1, 2], [1, 2], []):
        selected.indices = places
        picks.append(bench.frame)

    assert picks == [frames[1], frames[2], frames[1], frames[1]]
    assert selected.indices == [1]


def test_a_frame_chosen_from_the_list_is_ringed_and_can_be_left_again(bench):
    view = TraceView(bench=bench)
    offered = [value for value, _ in view.frames.list.options]
    assert offered == ["none", *map(str, sorted(view._trace.slow, key=lambda each: -view._trace.frame_s[each]))]

    view.frames.list.value = offered[1]
    assert view.chart.slow.selected.indices == [view.chart.frames_drawn.index(int(offered[1]))]

    view.frames.list.value = "none"
    assert (bench.frame, view.chart.slow.selected.indices, view.chart.ringed.data["frame"]) == (None, [], [])


def test_a_picked_frame_stays_picked_while_it_is_slow_and_goes_with_the_cure(bench):
    view = picked(bench)
    frame = bench.frame

    bench.precision = "int8"
    assert bench.frame == frame
    assert view.frames.said.text.count(format_time(view._trace.frame_s[frame])) == 1

    bench.input_path = "pinned"
    assert bench.frame is None
    assert not view.frames._traced.visible


def test_recording_again_gives_other_frames_of_the_same_long_run(bench):
    view = TraceView(bench=bench)
    before, head = view._trace, view.head.text

    bench.param.trigger("record_again")

    assert bench.recording == 2
    assert "Recording 2: p99.9" in view.head.text and "Recording 1: p99.9" in head
    assert not (view._trace.frame_s == before.frame_s).any()
    assert f"in the long run p99.9 is {format_time(bench.outcome().p999_s)}" in view.head.text
    bench.recording = 1
    assert view.head.text == head


@pytest.mark.parametrize("variant", range(0, 40, 2))
@pytest.mark.parametrize("recording", (1, 2, 3))
def test_an_interval_holds_the_long_run_or_the_screen_says_that_it_does_not(variant, recording):
    found = GUARDIAN.scenario(variant)
    bench = make_workbench(scenario=found, part=GUARDIAN.part(1), start=found.crisis.replace(frames=20_000))
    bench.recording = recording
    view = TraceView(bench=bench)
    low, high = view._trace.interval_s(0.999)
    exact = float(bench.outcome().p999_s)

    ends = [format_time(each) for each in (low, high)]
    assert f"95% interval: {ends[0]} to {ends[1]}; in the long run p99.9 is {format_time(exact)}" in view.head.text
    misses = not low <= exact <= high and format_time(exact) not in ends
    assert ("this is one of the few recordings" in view.head.text) == misses
    assert (view.chart.reach.left, view.chart.marks.data["time"][-1]) == (1e3 * low, 1e3 * exact)


def test_nineteen_of_twenty_recordings_hold_the_long_run():
    held = []
    for variant in range(10):
        found = GUARDIAN.scenario(variant)
        design = found.crisis.replace(frames=20_000)
        outcome = evaluate(found, design)
        for recording in range(1, 11):
            low, high = loop_trace(found, design, outcome, recording=recording).interval_s(0.999)
            held.append(low <= float(outcome.p999_s) <= high)

    assert 0.9 <= sum(held) / len(held) <= 1  # 0.95 give or take 2.2 standard deviations of 100 draws


def test_a_difference_is_pinned_with_its_frame_and_computed_again_from_the_ledger(bench):
    view = picked(bench)
    trace, frame = view._trace, bench.frame
    copy = trace.names.index("Image copy")
    bench.layer = "copy"
    read = {each: bench.reading(each) for each in ("trace-waiting", "trace-running")}

    for name, times in (("trace-waiting", trace.waiting_s), ("trace-running", trace.running_s)):
        assert read[name].value == pytest.approx(times[frame, copy] - times[trace.typical, copy])
        assert (read[name].unit, read[name].layer, read[name].frame) == ("s", "copy", f"1-{frame}")
    ledger = Ledger.new(NOW, "learner", 0)
    for each in read.values():
        ledger = append(ledger, pinned(setting("edge-guardian", 1, 0), bench.design(), each, at=NOW))
    assert replay(parse(dump(ledger))).differences == ()
    assert [each.frame for each in parse(dump(ledger)).entries] == [f"1-{frame}"] * 2
    assert '"frame"' not in dump(append(Ledger.new(NOW, "learner", 0), pinned(setting("edge-guardian", 1, 0), bench.design(), bench.reading("mbu"), at=NOW)))


@pytest.mark.parametrize(
    ("changes", "frame", "words"),
    [
        ({"profiler": "off"}, "1-7", "only while the tracing profiler is on"),
        ({}, "", "No frame ''"),
        ({}, "1-2000", "No frame '1-2000' among the 2000"),
        ({}, "0-7", "No frame '0-7'"),
        ({}, "1-x", "No frame '1-x'"),
    ],
)
def test_what_was_not_recorded_cannot_be_read(changes, frame, words):
    place = setting("edge-guardian", 1, 0)
    design = place.start.replace(**({"profiler": "on"} | changes))

    with pytest.raises(BadDesign, match=words):
        reading(place.scenario, place.part, design, "trace-waiting", "copy", frame=frame)


def test_a_press_that_comes_when_nothing_is_shown_is_answered_in_words(bench):
    bench.pin("trace-waiting")

    assert bench.pinned is None
    assert "tracing profiler" in bench.notice


def test_what_is_looked_at_can_be_kept_and_looked_at_again(bench):
    bench.param.update(layer="nms", recording=3, frame=12)
    kept, other = bench.look, bench_of()

    other.look_at(kept)
    assert (other.layer, other.recording, other.frame) == ("nms", 3, 12)

    other.look_at({"layer": "copy"})  # as it was kept before there were frames to look at
    assert (other.layer, other.recording, other.frame) == ("copy", 1, None)


def test_the_level_of_profiling_is_named_with_its_price(bench):
    view = TraceView(bench=bench)
    price = format_fraction(bench.scenario.calibration.observer_fraction)
    assert "Application level, on:" in view.ladder.text
    assert f"Adds {price} to every stage, assumed" in view.ladder.text
    before = bench.outcome().stages.full.time_s.sum()

    bench.profiler = "on"

    assert "Trace level, on:" in view.ladder.text
    assert "Application level:" in view.ladder.text
    assert bench.outcome().stages.full.time_s.sum() / before - 1 == pytest.approx(bench.scenario.calibration.observer_fraction)


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

