"""The instruments of fusion: traffic, memory and tiling say what the model says, and the way back where it fails."""

import re
from dataclasses import replace

import pytest

from rooflab.evaluate import evaluate
from rooflab.units import format_bytes
from rooflab.views.instruments.memory import MemoryView
from rooflab.views.instruments.traffic import TrafficView
from rooflab.views.instruments.waterfall import bar, waterfall
from rooflab.views.steps.tiling import TilingView
from rooflab.workbench import make_workbench
from rooflab.workbench.boards import TilingForm
from tests.unit import chain_lab
from tests.unit.chain_lab import design, mission, part

Y = 16 * 500 * 4
X = 16 * 1000 * 4
W = 1000 * 500 * 4
ROW = (1000 + 2 * 500) * 4


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def bench(start=None, **limits):
    task = mission(**limits)
    return make_workbench(scenario=task.scenario, part=part(**limits), mission=task, start=start or task.baseline)


def widths(markup, class_):
    return [float(each) for each in re.findall(rf'class="{class_}" style="left:[\d.]+%;width:([\d.]+)%"', markup)]


def test_the_waterfall_says_what_fusing_saves_and_that_operations_stay():
    view = TrafficView(bench=bench(design(fusion="111")))

    # 16 rows: 2 x 1000 x 500 operations in Linear and 3 x 500 after it.
    assert f"Fusing 3 boundaries saves {format_bytes(7 * Y)}" in view.head.text
    assert "operations stay 16.0 MFLOP" in view.head.text
    assert "Launches: 4 with nothing fused, 1 now." in view.head.text


def test_what_is_left_is_weights_and_the_reason_is_given():
    view = TrafficView(bench=bench(design(fusion="111")))

    assert f"{format_bytes(W + X + Y)} are left, 95% of them weights" in view.head.text  # 2.00 of 2.10 MB
    assert "no grouping of the operators takes that reading away" in view.head.text


def test_every_fused_boundary_has_a_bar_and_the_bars_bridge_the_two_ends():
    view = TrafficView(bench=bench(design(fusion="111")))

    saved = widths(view.bars.text, "rp-saved")
    assert len(saved) == 3
    assert sum(saved) == pytest.approx(100 * 7 * Y / (W + X + 8 * Y), abs=0.02)
    assert widths(view.bars.text, "rp-flop") == [100, 100]


def test_without_the_weights_the_same_savings_are_drawn_larger():
    view = TrafficView(bench=bench(design(fusion="111")))

    view.without_weights = True

    assert sum(widths(view.bars.text, "rp-saved")) == pytest.approx(100 * 7 * Y / (X + 8 * Y), abs=0.02)


def test_the_waterfall_follows_the_design():
    view = TrafficView(bench=bench())
    assert "Nothing is fused" in view.head.text

    view.bench.fusion = "010"

    assert "Fusing 1 boundary saves 64.0 kB" in view.head.text  # a write and a read of 32 kB
    assert "Scale + ReLU" in view.bars.text


def test_the_tables_of_levels_and_kernels_are_written_only_while_they_are_open():
    view = TrafficView(bench=bench(design(fusion="100")))
    assert (view.rows.text, view.rows.visible) == ("", False)

    view.tabled = True

    assert view.rows.text.count('scope="row"') == 4 + 4  # three levels and one's own, four kernels
    assert "Your grouping" in view.rows.text


def test_what_fills_the_memory_is_drawn_up_to_its_end():
    view = MemoryView(bench=bench(memory_bytes=2 * W))

    needed = W + 16 * ROW
    assert f"It fits: {format_bytes(needed)} of {format_bytes(2 * W)} are needed" in view.head.text
    assert widths(view.bars.text, "rp-part-0") == [50.0]
    assert "The largest part of it is weights" in view.head.text


def test_out_of_memory_names_the_change_that_frees_most():
    view = MemoryView(bench=bench(memory_bytes=W + 100 * ROW))

    view.bench.batch = 256

    lacking = format_bytes(156 * ROW)
    assert f"Out of memory: {format_bytes(W + 256 * ROW)} are needed" in view.head.text
    assert f"{lacking} too little" in view.head.text
    assert "The way back: Batch makes most room by itself." in view.head.text
    assert f"Batch: 64 rows makes {format_bytes(192 * ROW)} of room: it fits." in view.head.text


def test_the_way_back_leads_back():
    view = MemoryView(bench=bench(design(batch=256), memory_bytes=W + 100 * ROW))

    view.bench.batch = 64

    assert "It fits" in view.head.text
    assert "way back" not in view.head.text


def tiling(start=None):
    learner = bench(start)
    return TilingView(bench=learner, form=TilingForm(problem=learner.part.tiling(learner.scenario, learner.design())))


def test_nothing_of_the_score_is_written_before_a_tiling_is_proposed():
    view = tiling()

    assert (view.result.text, view.result.visible) == ("", False)
    assert "16 × 500 outputs, each a sum over 1\N{NO-BREAK SPACE}000" in view.head.text


def test_a_kernel_too_small_is_told_its_tiles_and_places():
    view = tiling()

    view.form.propose(view.form.problem, tile_rows=16, tile_columns=128, split=1)

    # 500 columns need four tiles of 128 for eight places: half of them idle, 12 of 512 columns over the edge.
    assert "4 tiles for 8 places, so 50% of them have nothing to do" in view.result.text
    assert f"Your tiling keeps {100 * 500 / 512 / 2:.0f}% of the hardware busy; the best on offer {100 * 500 / 512:.0f}%" in view.result.text


def test_a_proposal_shows_its_formula_with_its_numbers():
    view = tiling()

    view.form.propose(view.form.problem, tile_rows=16, tile_columns=128, split=1)

    # 16 x 500 outputs in four tiles of 16 x 128, in one wave over eight places.
    assert "η = 16 × 500 / (16 × 512) × 4 / (1 × 8)" in view.result.text


def test_the_best_on_offer_is_told_so():
    view = tiling()

    view.form.propose(view.form.problem, tile_rows=16, tile_columns=64, split=1)  # eight tiles, eight places

    assert "no other on offer does better" in view.result.text


def test_a_chip_too_small_for_every_tile_is_a_state():
    view = tiling()
    cramped = replace(view.form.problem, on_chip_bytes=1000.0)

    view.form.propose(cramped, tile_rows=16, tile_columns=64, split=1)

    assert "No tile on offer fits on the chip." in view.result.text


def test_the_product_follows_the_design_and_the_proposal_keeps_its_own():
    view = tiling()
    view.form.propose(view.form.problem, tile_rows=16, tile_columns=128, split=1)

    view.bench.batch = 256
    before = view.result.text

    assert "256 × 500 outputs" in view.head.text
    assert view.result.text == before
    assert view.form.problem.rows == 256


def test_an_unfinished_tiling_says_what_is_missing():
    form = tiling().form
    form.tile_rows = 64

    assert form.missing() == ["columns of a tile", "parts of the depth"]


def test_bars_stay_inside_their_lane():
    assert bar("rp-run", -0.5, 1.5) == '<i class="rp-run" style="left:0.00%;width:100.00%"></i>'
    assert bar("rp-run", 0.75, 0.25) == '<i class="rp-run" style="left:25.00%;width:50.00%"></i>'


def test_a_waterfall_is_a_named_table_that_escapes_its_words():
    drawn = waterfall("<b>", ("a", "b", "c"), [("<i>", (), ("<u>",))], mark=0.5)

    assert 'aria-label="&lt;b&gt;"' in drawn
    assert not re.search("<b>|<i>|<u>", drawn)
    assert '<b class="rp-line" style="left:50.00%"></b>' in drawn


def test_figures_agree_with_the_evaluation():
    view = TrafficView(bench=bench(design(fusion="011", batch=64)))

    moved = evaluate(view.bench.scenario, view.bench.design()).operators.hbm_bytes.sum()
    assert format_bytes(moved) in view.bars.text
