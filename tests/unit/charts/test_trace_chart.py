"""The recording's three figures hold what was recorded, however long it is."""

import numpy as np
from bokeh.models import TapTool

from rooflab.charts.theme import LIMIT, MACHINE
from rooflab.charts.trace import BINS, MARKS, MOST_DOTS, TraceChart, binned

RNG_FRAMES = 8e-3 * np.exp(0.03 * np.sin(np.arange(3000) * 12.9898))


def recording(slow=(700, 1700, 2700)):
    frame_s = RNG_FRAMES.copy()
    frame_s[list(slow)] = 55e-3
    return {
        "frame_s": frame_s,
        "slow": slow,
        "gaps_count": np.diff(slow),
        "deadline_s": 10e-3,
        "marks_s": {"mean": 8.1e-3, "p50": 8e-3, "p99": 8.6e-3, "p999": 55e-3, "long_run": 54e-3},
        "reach_s": (8.7e-3, 57e-3),
    }


def drawn(**changes):
    chart = TraceChart()
    chart.show(**{**recording(), **changes})
    return chart


def test_every_slow_frame_is_a_dot_at_its_place():
    chart = drawn()

    assert list(chart.slow.data["frame"]) == [700, 1700, 2700]
    assert np.allclose(chart.slow.data["time"], 55.0)


def test_the_band_holds_the_shortest_and_the_longest_frame():
    chart = drawn()
    times = 1e3 * recording()["frame_s"]

    assert max(chart.band.data["high"]) == times.max()
    assert min(chart.band.data["low"]) == times.min()
    assert len(chart.band.data["frame"]) <= BINS


def test_long_recordings_draw_no_more_than_a_screen_can_show():
    many = tuple(range(0, 3000, 3))
    chart = drawn(**recording(many))

    assert len(chart.slow.data["frame"]) == MOST_DOTS
    assert len(binned(np.ones(20_000), BINS)["high"]) == BINS


def test_every_frame_is_counted_once_and_coloured_by_its_side_of_the_deadline():
    bars = drawn().bars.data

    assert sum(bars["count"]) == 3000
    for left, colour in zip(bars["left"], bars["colour"], strict=True):
        assert (colour == LIMIT) == (left >= 9.999)
    assert {LIMIT, MACHINE} == set(bars["colour"])


def test_marks_stand_at_the_statistics():
    chart = drawn()

    times_ms = dict(zip(MARKS, chart.marks.data["time"], strict=True))
    assert (times_ms["mean"], times_ms["p999"], times_ms["long_run"]) == (8.1, 55.0, 54.0)
    assert (chart.reach.left, chart.reach.right) == (8.7, 57.0)
    assert chart.mark_labels["p99"].text == "p99"
    assert chart.deadline.location == 10.0


def test_distances_of_slow_frames_are_counted():
    chart = drawn()

    assert sum(chart.gaps.data["count"]) == 2
    assert drawn(slow=(), gaps_count=np.array([])).gaps.data["count"] == []


def test_an_interval_without_an_upper_end_reaches_to_the_edge():
    chart = drawn(reach_s=(8.7e-3, np.inf))

    assert chart.reach.right == chart.times.end


def test_the_ring_is_about_the_picked_frame():
    chart = drawn()

    chart.ring(1700)
    assert (chart.ringed.data["frame"], chart.slow.selected.indices) == ([1700], [1])

    chart.ring(None)
    assert (chart.ringed.data["frame"], chart.slow.selected.indices) == ([], [])


def test_a_slow_frame_can_be_hit_with_a_finger_and_keeps_its_look():
    chart = drawn()
    (tap,) = [each for each in chart.over_time.tools if isinstance(each, TapTool)]
    (target,) = tap.renderers

    assert target.data_source is chart.slow
    assert target.glyph.size >= 24
    assert target.nonselection_glyph is None


def test_figures_stay_and_data_are_replaced():
    chart = drawn()
    figures, source = chart.figures, chart.slow

    chart.show(**recording(()))

    assert chart.figures == figures
    assert chart.slow is source
    assert len(source.data["frame"]) == 0
