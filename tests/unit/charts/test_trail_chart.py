"""The trail: moves in order, the present one ringed, states by shape, nothing outside the axes."""

import pytest
from bokeh.models import HoverTool

from rooflab.analyses.trail import TrailPoint
from rooflab.charts.roofline import INTENSITIES
from rooflab.charts.theme import LIMIT
from rooflab.charts.trail import DesignTrail
from rooflab.specs import Roof


def point(intensity, attained, bound="memory"):
    return TrailPoint(intensity_flop_per_byte=intensity, attained_flop_per_s=attained, ceiling_flop_per_s=1e14, ridge_flop_per_byte=50.0, bound=bound)


@pytest.fixture
def chart():
    chart = DesignTrail(peak_flop_per_s=300e12)
    chart.show_roofs((
        Roof(name="A100", peak_flop_per_s=300e12, hbm_bytes_per_s=2e12),
        Roof(name="H100", peak_flop_per_s=900e12, hbm_bytes_per_s=3e12),
    ))
    chart.show((point(1.0, 1e11), point(8.0, 4e11, "latency"), point(100.0, 5e13, "compute")), first_move=4)
    return chart


def test_the_present_move_is_larger_and_ringed_red(chart):
    assert list(chart.present.data["x"]) == [100.0]
    assert {each.glyph.line_color for each in chart.figure.renderers if each.data_source is chart.present} == {LIMIT}
    sizes = list(chart.source.data["size"])
    assert sizes == sorted(set(sizes))


def test_the_own_roof_is_named_and_the_others_are_beside_it(chart):
    assert chart.own_roof.data["x"][1] == 150  # 300 TFLOP/s over 2 TB/s
    assert chart.roof_label.text == "A100"
    assert chart.other_roofs.data["ys"][0][1] == 900e12


def test_a_next_move_replaces_data_and_keeps_the_figure(chart):
    figure, source = chart.figure, chart.source

    chart.show((point(2.0, 1e12),), first_move=7)

    assert (chart.figure, chart.source) == (figure, source)
    assert list(source.data["x"]) == [2.0]


def test_no_move_leaves_the_axes(chart):
    chart.show((point(1e-9, 1.0), point(1e9, 1e30)), first_move=0)

    assert list(chart.source.data["x"]) == list(INTENSITIES)
    assert list(chart.source.data["y"]) == list(chart.rates)


def test_nothing_in_the_figure_needs_eval_or_traps_a_scroll(chart):
    assert [type(tool) for tool in chart.figure.tools] == [HoverTool]
    assert not [model for model in chart.figure.references() if type(model).__name__.startswith("CustomJS")]
