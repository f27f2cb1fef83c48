"""The roofline: roofs through the ridge, dots where the model puts them, states by shape."""

import math

import pytest
from bokeh.models import HoverTool, Scatter

from rooflab.charts.palette import DARK, LIGHT
from rooflab.charts.roofline import INTENSITIES, DynamicRooflineVisualizer, ceiling, rate_ticks, rates, roof, roof_words
from rooflab.charts.theme import BOUND_COLOURS, BOUND_MARKERS, LIMIT, MACHINE, QUIET
from rooflab.evaluate import BOUNDS
from rooflab.specs import Roof

PEAK = 989e12
PAPERS = (LIGHT["paper"], DARK["paper"])


@pytest.fixture
def chart():
    chart = DynamicRooflineVisualizer(peak_flop_per_s=PEAK)
    chart.show(
        names=("Attention", "Down projection", "Embedding lookup"),
        intensity=[0.5, 300.0, 0.0],
        attained=[1e12, 2e14, 0.0],
        bounds=["memory", "compute", "latency"],
        peaks=[2e14, 4e14, 0.0],
        ridges=[80.0, 200.0, 0.0],
        selected=0,
    )
    return chart


def test_the_roof_bends_at_the_ridge():
    traced = roof(300e12, 2e12)

    assert traced["x"][1] == 150  # 300 TFLOP/s over 2 TB/s
    assert traced["y"] == [INTENSITIES[0] * 2e12, 300e12, 300e12]


def test_dots_stand_at_intensity_and_rate(chart):
    assert list(chart.source.data["x"][:2]) == [0.5, 300.0]
    assert list(chart.source.data["y"][:2]) == [1e12, 2e14]


def test_an_operator_without_arithmetic_is_not_drawn(chart):
    assert math.isnan(chart.source.data["x"][2])


def test_the_chosen_dot_is_red_and_ringed(chart):
    over = [glyph.glyph for glyph in chart.figure.renderers if glyph.data_source is chart.chosen]
    assert {glyph.line_color for glyph in over if isinstance(glyph, Scatter)} == {LIMIT} == {LIGHT["limit"]}
    assert list(chart.chosen.data["x"]) == [0.5]
    assert chart.chosen.data["marker"] == ["circle"]
    assert chart.layer_label.text == "Attention"


def test_moving_a_dot_replaces_data_and_keeps_the_figure(chart):
    figure, source = chart.figure, chart.source

    chart.show(names=("Attention",), intensity=[8.0], attained=[2e12], bounds=["memory"], peaks=[1e14], ridges=[90.0], selected=0)

    assert (chart.figure, chart.source) == (figure, source)
    assert list(source.data["x"]) == [8.0]


@pytest.mark.parametrize("peak", [31e6, 4e12, 170e12, 989e12])
def test_the_axis_has_room_above_any_chip_and_ends_at_powers_of_ten(peak):
    low, high = rates(peak)

    assert 4 * peak <= high < 40 * peak
    assert high / low == pytest.approx(1e7)


def test_both_roofs_are_drawn_and_named_with_their_ridges(chart):
    own = Roof(name="A100", peak_flop_per_s=312e12, hbm_bytes_per_s=2.039e12)
    other = Roof(name="H100", peak_flop_per_s=989e12, hbm_bytes_per_s=3.35e12)
    chart.show_roofs(own, other)

    assert [each.data["y"][-1] for each in (chart.own_roof, chart.other_roof)] == [312e12, 989e12]
    assert (roof_words(own), roof_words(other)) == ("A100, ridge 153", "H100, ridge 295")  # 312 / 2.039, 989 / 3.35


def test_the_ceiling_and_the_ridge_are_those_of_the_chosen_layer(chart):
    assert chart.chosen.data["ceiling_x"] == [[INTENSITIES[0], 80.0, INTENSITIES[1]]]
    assert chart.chosen.data["ceiling_y"] == [[2e14 * INTENSITIES[0] / 80, 2e14, 2e14]]
    assert (chart.chosen.data["ridge"], chart.ridge_label.x, chart.ridge_label.visible) == ([80], 80, True)

    chart.show(
        names=("Add",), intensity=[300.0], attained=[2e14], bounds=["compute"], peaks=[4e14], ridges=[200.0], selected=0
    )

    assert chart.chosen.data["ridge"][0] == chart.chosen.data["ceiling_x"][0][1] == 200
    assert chart.chosen.data["ceiling_y"][0][1] == 4e14


def test_a_layer_that_waits_for_no_traffic_has_a_flat_ceiling_and_no_slope():
    assert ceiling(5e12, 0.0)["y"] == [5e12] * 3


def test_every_state_has_a_shape_and_a_colour_of_its_own():
    assert len(set(BOUND_MARKERS.values())) == len(BOUNDS) == len(set(BOUND_COLOURS.values()))
    assert set(BOUND_MARKERS) == set(BOUNDS)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("colour", sorted({LIMIT, MACHINE, QUIET, *BOUND_COLOURS.values()}))
def test_glyphs_stand_out_on_both_papers(colour, paper):
    assert contrast(colour, paper) >= 3  # WCAG 1.4.11, graphical objects


def test_no_dot_leaves_the_axes():
    chart = DynamicRooflineVisualizer(peak_flop_per_s=PEAK)

    chart.show(names=("a", "b"), intensity=[1e-9, 1e9], attained=[1.0, 1e30], bounds=["memory", "compute"], peaks=[1e14, 1e14], ridges=[1e-6, 1e8], selected=1)

    assert list(chart.source.data["x"]) == list(INTENSITIES)
    assert list(chart.source.data["y"]) == list(rates(PEAK))


def test_nothing_in_the_figure_needs_eval_or_traps_a_scroll(chart):
    assert [type(tool) for tool in chart.figure.tools] == [HoverTool]
    assert not [model for model in chart.figure.references() if type(model).__name__.startswith("CustomJS")]
    assert all(isinstance(words, tuple) for words in chart.figure.tools[0].tooltips)


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_rates_are_named_at_each_power_of_ten_with_one_digit():
    assert list(rate_ticks((1e9, 1e16))) == [1e9, 1e11, 1e13, 1e15]  # every other one of seven decades
    assert rate_ticks((1e9, 1e12)) == {1e9: "1 G", 1e10: "10 G", 1e11: "100 G", 1e12: "1 T"}
