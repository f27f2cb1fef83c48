"""The heat chart: the limit in red, the trace where the model puts it, one mark a switch."""

import numpy as np
import pytest
from bokeh.models import HoverTool

from rooflab.charts.heat import HeatChart
from rooflab.charts.theme import LIMIT, MACHINE

TRACE = {
    "times_s": np.arange(0.0, 360.0, 60.0),
    "skin_c": np.array([25.0, 38.0, 42.0, 41.5, 42.5, 41.8]),
    "frames_per_s": np.array([60.0, 60.0, 60.0, 30.0, 60.0, 30.0]),
    "clock_fraction": np.array([1.0, 1.0, 1.0, 0.5, 1.0, 0.5]),
    "limit_c": 43.0,
    "resume_c": 41.0,
    "words": ("43 °C", "41 °C, assumed"),
    "asked_per_s": 60.0,
}


@pytest.fixture
def chart():
    chart = HeatChart(minutes=5)
    chart.show(**TRACE)
    return chart


def test_the_curve_is_the_skin_over_minutes(chart):
    assert list(chart.source.data["minute"]) == [0, 1, 2, 3, 4, 5]
    assert list(chart.source.data["skin"]) == list(TRACE["skin_c"])


def test_the_limit_is_red_and_says_its_temperature(chart):
    assert chart.limit.line_color == LIMIT
    assert chart.limit.location == 43
    assert chart.limit_label.text == f"Limit {TRACE['words'][0]}"
    assert chart.resume_label.text == f"Resumes at {TRACE['words'][1]}"


def test_each_time_the_governor_begins_to_hold_back_is_marked(chart):
    assert list(chart.switches.data["minute"]) == [3, 5]


def test_the_axes_hold_the_trace_and_the_limit(chart):
    assert chart.temperatures.start < 25
    assert chart.temperatures.end > 43
    assert chart.rates.end > 60


def test_a_limit_out_of_reach_is_still_drawn():
    chart = HeatChart(minutes=5)
    chart.show(**(TRACE | {"skin_c": np.full(6, 30.0), "clock_fraction": np.ones(6)}))

    assert chart.temperatures.start < 30
    assert chart.temperatures.end > 43
    assert list(chart.switches.data["minute"]) == []


def test_showing_again_replaces_data_and_keeps_the_figures(chart):
    figures, source = chart.figures, chart.source

    chart.show(**(TRACE | {"skin_c": np.full(6, 30.0)}))

    assert (chart.figures, chart.source) == (figures, source)
    assert set(source.data["skin"]) == {30.0}


def test_axes_carry_units_and_both_figures_share_their_minutes(chart):
    temperature, rate = chart.figures

    assert temperature.yaxis[0].axis_label == "Skin (°C)"
    assert rate.yaxis[0].axis_label == "Frames/s"
    assert temperature.x_range is rate.x_range
    for each in chart.figures:
        assert each.xaxis[0].axis_label.startswith("Minutes")
        assert each.toolbar_location is None
        assert [type(tool) for tool in each.tools] == [HoverTool]


def test_lines_keep_their_colours(chart):
    lines = [each.glyph.line_color for figure in chart.figures for each in figure.renderers if hasattr(each.glyph, "line_color")]

    assert MACHINE in lines
    assert LIMIT in lines
