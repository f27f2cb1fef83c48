"""Two frames on one time axis: every bar is a stage's waiting or running, where it began and as long as it took."""

import numpy as np
import pytest

from rooflab.charts.frames import FramesChart
from rooflab.systems.vehicle.recording import FrameComparison, FrameSpans

NAMES = ("Image copy", "Backbone", "Track and decide")


def spans(frame, waiting_ms, running_ms):
    waiting_s, running_s = np.array(waiting_ms) / 1e3, np.array(running_ms) / 1e3
    whole = waiting_s + running_s
    return FrameSpans(
        frame=frame, time_s=float(whole.sum()), starts_s=np.cumsum(whole) - whole, waiting_s=waiting_s, running_s=running_s
    )


COMPARED = FrameComparison(
    names=NAMES,
    deadline_s=10e-3,
    typical=spans(7, [0.0, 2.0, 0.5], [1.0, 3.0, 1.5]),
    picked=spans(42, [40.0, 2.2, 0.5], [1.1, 12.0, 1.5]),
)


def drawn():
    chart = FramesChart(stages=NAMES)
    chart.show(COMPARED)
    return chart


def bar(chart, frame, stage, does):
    data = chart.bars.data
    rows = [dict(zip(data, each, strict=True)) for each in zip(*data.values(), strict=True)]
    (found,) = [each for each in rows if (each["frame"], each["stage"], each["does"]) == (frame, stage, does)]
    return found


@pytest.mark.parametrize(
    ("frame", "stage", "does", "left", "right"),
    [
        ("typical, 7", "Image copy", "runs", 0, 1),
        ("typical, 7", "Backbone", "waits", 1, 3),
        ("typical, 7", "Backbone", "runs", 3, 6),
        ("typical, 7", "Track and decide", "waits", 6, 6.5),
        ("picked, 42", "Image copy", "waits", 0, 40),
        ("picked, 42", "Image copy", "runs", 40, 41.1),
        ("picked, 42", "Backbone", "waits", 41.1, 43.3),
        ("picked, 42", "Backbone", "runs", 43.3, 55.3),
    ],
)
def test_a_bar_begins_where_the_one_before_ends(frame, stage, does, left, right):
    found = bar(drawn(), frame, stage, does)

    assert (found["left"], found["right"], found["time"]) == pytest.approx((left, right, right - left))


def test_what_takes_no_time_has_no_bar():
    assert len(drawn().bars.data["left"]) == 2 * 2 * 3 - 1  # the typical copy does not wait


def test_waiting_is_hatched_and_running_solid_and_the_picked_frame_is_below():
    chart = drawn()
    waits, runs = (bar(chart, "picked, 42", "Backbone", each) for each in ("waits", "runs"))
    above = bar(chart, "typical, 7", "Backbone", "runs")

    assert (waits["alpha"], runs["alpha"]) == (0, 1)
    assert waits["hatch"] != runs["hatch"] == "blank"
    assert above["bottom"] < runs["top"] < runs["bottom"]  # the axis points down


def test_the_dashed_outlines_are_what_is_longer_and_nothing_else():
    data = drawn().stretches.data

    # 40 of 40 ms of waiting in the copy, 9 of 12 ms of running in the backbone; 0.1 and 0.2 ms are scatter.
    assert data["left"] == pytest.approx([0, 46.3])
    assert data["right"] == pytest.approx([40, 55.3])
    assert [round(each) for each in data["bottom"]] == [0, 1]


def test_the_deadline_is_on_the_same_axis_and_all_of_the_picked_frame():
    chart = drawn()

    assert chart.deadline.location == 10
    assert chart.times.end > 1e3 * COMPARED.picked.time_s
    assert chart.figure.yaxis[0].major_label_overrides[2] == "Track and\ndecide"


def test_the_figure_can_be_emptied():
    chart = drawn()

    chart.clear()

    assert not any(map(len, (*chart.bars.data.values(), *chart.stretches.data.values())))
