"""The matrix instrument draws how vectors and lines cut the rows, and says what is wasted."""

from dataclasses import replace

import pytest

from rooflab.tracks import track
from rooflab.views.instruments.matrix import MatrixView
from rooflab.workbench import make_workbench

PIONEER = track("tiny-pioneer")
FUSION = next(each for each in PIONEER.part(2).controls if each.id == "fusion")


@pytest.fixture
def bench():
    """Part 1 with the fusion control of part 2: both are under the matrix."""
    scenario, part = PIONEER.scenario(0), PIONEER.part(1)
    return make_workbench(
        scenario=scenario, part=replace(part, controls=(*part.controls, FUSION)), start=scenario.crisis
    )


@pytest.fixture
def view(bench):
    bench.param.update(chip_id="esp32-s3", weights="int8")
    return MatrixView(bench=bench)


def test_the_misaligned_rows_are_said_in_words_and_numbers(view):
    # 164 bytes in 11 vectors of 16 and 6 lines of 32: 12 + 16 of 192 bytes fill up, in 400 rows.
    assert "15% of what lies in flash on a quad bus at 40 MHz fills up rows: 11.2 kB in 400 rows" in view.head.text
    assert "11 vectors of 16 and 6 lines of 32 B" in view.head.text
    assert view.chart.figure.tags[0].startswith("rooflab:alt:The weight matrix as it lies in memory. 15%")


def test_what_fills_up_is_drawn_behind_the_weights(view):
    fills = view.chart.fills.data

    assert fills["left"] == [164, 176]  # after the weights, after the last vector
    assert fills["right"] == [176, 192]
    assert fills["top"] == [0, 0]
    assert fills["bottom"] == [400, 400]


def test_parts_are_named_on_the_matrix_and_not_by_colour_alone(view):
    assert [(each.text, each.x) for each in view.chart.labels] == [("inputs", 32), ("states", 114)]


def test_an_aligned_row_wastes_nothing(bench, view):
    bench.hidden = 96

    assert "No byte is wasted" in view.head.text
    assert view.chart.fills.data["left"] == []


def test_sram_has_no_lines(bench, view):
    bench.placement = "sram"

    assert view.chart.lines.data["x"] == []
    assert "no cache in front" in view.head.text
    assert "6.8% of what lies in SRAM" in view.head.text  # 12 of 176 bytes


def test_a_scalar_kernel_has_no_vectors(bench, view):
    bench.chip_id = "esp32"

    assert view.chart.vectors.data["x"] == []
    assert "164 single values" in view.head.text


def test_products_of_their_own_are_two_matrices(bench, view):
    bench.fusion = "00111"

    assert len(view.chart.parts.data["left"]) == 2
    assert view.chart.parts.data["right"][0] < view.chart.parts.data["left"][1]  # apart
    assert view.chart.fills.data["left"]  # 100 states fill 7 vectors to 112


def test_a_memory_that_is_not_there_is_a_failure_with_words(bench, view):
    bench.param.update(chip_id="apollo4-plus", placement="psram")

    assert "nowhere to lie" in view.head.text
    assert "rp-failed" in view.head.text


def test_glyphs_do_not_grow_with_the_weights(bench, view):
    bench.param.update(weights="float32", hidden=128)

    data = (view.chart.parts, view.chart.fills, view.chart.vectors, view.chart.lines, view.chart.gates)
    assert sum(len(next(iter(each.data.values()))) for each in data) < 120  # for 98 304 weights


def test_the_figure_stays_and_its_data_are_replaced(bench, view):
    figure, source = view.chart.figure, view.chart.parts

    bench.hidden = 128

    assert view.chart.figure is figure
    assert view.chart.parts is source


def test_the_pin_is_the_line_efficiency(bench, view):
    bench.pin("lines")

    assert bench.pinned.value == pytest.approx(164 / 192)
