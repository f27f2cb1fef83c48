"""The heat instrument says whether the glasses keep their clock, and where the watts go."""

from dataclasses import replace

import pytest

from rooflab.tracks import track
from rooflab.views.instruments.heat import HeatView
from rooflab.workbench import make_workbench

NOMAD = track("mobile-nomad")
FUSION = next(each for each in NOMAD.part(3).controls if each.id == "fusion")


@pytest.fixture
def bench():
    """Part 1 with the fusion control of part 3: both are under the heat instrument."""
    scenario, part = NOMAD.scenario(0), NOMAD.part(1)
    return make_workbench(
        scenario=scenario, part=replace(part, controls=(*part.controls, FUSION)), start=scenario.crisis
    )


def test_throttling_is_said_in_words_with_its_minute(bench):
    view = HeatView(bench=bench)

    assert "Throttled after 8 min 16 s: 2.23 W is more than the 1.80 W" in view.head.text
    assert "rp-failed" in view.head.text
    assert view.chart.temperature.tags[0].startswith("rooflab:alt:Skin temperature over time. Throttled after")


def test_a_cool_design_keeps_its_clock_for_good(bench):
    view = HeatView(bench=bench)

    bench.param.update(fusion="11111", precision="w8a8")

    assert "Never throttles" in view.head.text
    assert "60.0 FPS throughout" in view.head.text
    assert "rp-failed" not in view.head.text


def test_air_too_warm_even_for_the_throttled_glasses_is_said(bench):
    view = HeatView(bench=bench)

    bench.ambient_c = 38  # (43 - 38) / 10 = 0.5 W: less than display and radio

    assert "Even throttled it draws" in view.head.text
    assert max(view.chart.source.data["skin"]) > 43


def test_the_figures_stay_and_their_data_are_replaced(bench):
    view = HeatView(bench=bench)
    figures, source = view.chart.figures, view.chart.source
    before = list(source.data["skin"])

    bench.fusion = "10101"

    assert view.chart.figures == figures
    assert view.chart.source is source
    assert list(source.data["skin"]) != before


def test_the_table_is_written_only_when_it_is_open(bench):
    view = HeatView(bench=bench)
    assert view.rows.text == ""

    view.tabled = True

    assert view.rows.visible
    assert view.rows.text.count("<tr>") == 1 + 16  # a head, and one row in two minutes of thirty
    assert "throttled" in view.rows.text


def test_the_pin_is_the_power_against_the_limit(bench):
    HeatView(bench=bench)

    bench.pin("heat")

    assert bench.pinned.value == pytest.approx(float(bench.outcome().power_w) / 1.8)
