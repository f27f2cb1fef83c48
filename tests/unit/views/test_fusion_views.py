"""The instruments of fusion: traffic, memory and tiling say what the model says, and the way back where it fails."""

import html
import re
from dataclasses import replace

import pytest

from rooflab.analyses.tiles import best_tiles
from rooflab.facts.sources import L2_ASSUMPTION
from rooflab.model.roofline import LATENCY
from rooflab.specs import TileMemory
from rooflab.units import format_bytes, format_count, format_fraction, format_time
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
    assert "Launches: 1, unfused 4." in view.head.text


def test_what_is_left_is_weights_and_the_reason_is_given():
    view = TrafficView(bench=bench(design(fusion="111")))

    assert f"{format_bytes(W + X + Y)} left, 95% of them weights" in view.head.text  # 2.00 of 2.10 MB
    assert "which no fusion removes" in view.head.text


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


def test_what_fills_the_memory_is_drawn_up_to_its_end():
    view = MemoryView(bench=bench(memory_bytes=2 * W))

    needed = W + 16 * ROW
    assert f"It fits: {format_bytes(needed)} of {format_bytes(2 * W)} needed" in view.head.text
    assert widths(view.bars.text, "rp-part-0") == [50.0]
    assert "The largest part is weights" in view.head.text


def test_out_of_memory_names_the_change_that_frees_most():
    view = MemoryView(bench=bench(memory_bytes=W + 100 * ROW))

    view.bench.batch = 256

    lacking = format_bytes(156 * ROW)
    assert f"Out of memory: {format_bytes(W + 256 * ROW)} needed" in view.head.text
    assert f"{lacking} too little" in view.head.text
    assert "The way back: Batch frees most by itself." in view.head.text
    assert f"Batch: 64 rows frees {format_bytes(192 * ROW)}: it fits." in view.head.text


def test_the_way_back_leads_back():
    view = MemoryView(bench=bench(design(batch=256), memory_bytes=W + 100 * ROW))

    view.bench.batch = 64

    assert "It fits" in view.head.text
    assert "way back" not in view.head.text


def tiling(**changes):
    learner = bench()
    problem = replace(learner.part.tiling(learner.scenario, learner.start), **changes)
    return TilingView(bench=learner, form=TilingForm(problem=problem))


def table_of(view):
    """Return the rows of the last table of the result: name to cells, by the words of the head."""
    drawn = view.result.text.split("<table")[-1]
    cells = [re.sub("<[^>]*>", "", each) for each in re.findall("<t[hd][^>]*>.*?</t[hd]>", drawn)]
    head = cells[: cells.index("Yours")]
    width = len(head)
    rows = [cells[at : at + width] for at in range(width, len(cells), width)]
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def lanes_of(view):
    """Return, for each bar, what it is of, where its last segment ends as a fraction, and the words of its time."""
    found = {}
    for row in re.findall("<tr[^>]*>.*?</tr>", view.result.text.split("<table")[1]):
        name, *rest = re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row)
        edges = [float(left) + float(width) for left, width in re.findall("left:([0-9.]+)%;width:([0-9.]+)%", rest[0])]
        if edges:
            found[name] = (max(edges) / 100, rest[-1])
    return found


def test_nothing_of_the_times_is_written_before_a_tiling_is_proposed():
    view = tiling()

    assert (view.result.text, view.result.visible) == ("", False)
    assert "16 × 500 outputs, each a sum over 1\N{NO-BREAK SPACE}000. 8 tiles at once" in view.head.text
    assert "Operands come at 100 GB/s, assumed, from LPDDR5; no cache serves re-reads." in view.head.text


def test_the_dispatch_of_the_baseline_is_told_with_its_share():
    view = tiling()
    times_s = view.bench.outcome().bound_times_s
    share = times_s[LATENCY] / times_s.sum()

    assert f"launch overhead and gaps take {format_fraction(share)} of a step" in view.head.text
    assert ("dispatch dominates" in view.head.text) == (times_s[LATENCY] == times_s.max())


def test_the_product_stays_that_of_the_baseline():
    view = tiling()

    view.bench.batch = 256

    assert "16 × 500 outputs" in view.head.text
    assert view.form.problem.rows == 16


def test_both_tilings_have_their_figures_and_bars_to_scale():
    view = tiling(cache=TileMemory(name="L2", bytes_per_s=300e9, source=L2_ASSUMPTION))
    problem = view.form.problem

    view.form.propose(problem, tile_rows=16, tile_columns=128, split=1)

    yours, best = view.form.proposed.tiles, best_tiles(problem).best
    rows, lanes = table_of(view), lanes_of(view)
    longest_s = max(float(each) for tiles in (yours, best) for each in (tiles.waves_s, tiles.memory_s, tiles.cache_s))
    for name, tiles in (("Yours", yours), ("Best", best)):
        assert [rows[name][each] for each in ("Tiles", "Waves", "Useful", "Busy", "Moved")] == [
            format_count(tiles.tiles_count), format_count(tiles.waves_count), format_fraction(float(tiles.tile_fraction)),
            format_fraction(float(tiles.wave_fraction)), format_bytes(tiles.moved_bytes),
        ]  # fmt: skip
        assert [rows[name][each] for each in ("Waves take", "Bytes take", "Kernel")] == [
            format_time(float(each)) for each in (tiles.waves_s, max(tiles.memory_s, tiles.cache_s), tiles.kernel_s)
        ]
        times_s = {"waves": tiles.waves_s, "LPDDR5": tiles.memory_s, "L2": tiles.cache_s}
        assert rows[name]["What binds"] == max(times_s, key=times_s.get)
        for what, time_s in times_s.items():
            end, words = lanes[f"{name}: {what}"]
            assert end == pytest.approx(float(time_s) / longest_s, abs=2e-4)
            assert words == format_time(float(time_s)) + (", binds" if what == rows[name]["What binds"] else "")


def test_a_kernel_too_small_is_told_so():
    view = tiling()

    view.form.propose(view.form.problem, tile_rows=16, tile_columns=128, split=1)

    # 500 columns need four tiles of 128 for eight places: half of them idle, 12 of 512 columns over the edge.
    assert "4 tiles in 1 wave over 8 places" in view.result.text
    assert "Too few tiles: 50% of the places have nothing to do." in view.result.text
    assert "2.3% of the tiles' area hangs over the edge" in html.unescape(view.result.text)


def test_a_proposal_shows_its_formulas_with_its_numbers():
    view = tiling()

    view.form.propose(view.form.problem, tile_rows=16, tile_columns=128, split=1)

    # Four tiles of 16 x 128 in one wave over eight places of 1 TFLOP/s together.
    assert "⌈4 / 8⌉ × 2 × 16 × 128 × 1000 / (1.00 TFLOP/s / 8)" in view.result.text
    assert f"= {format_time(float(view.form.proposed.tiles.kernel_s))}" in view.result.text


def test_the_best_on_offer_is_told_so():
    view = tiling()
    best = best_tiles(view.form.problem).best

    view.form.propose(view.form.problem, tile_rows=best.tile_rows, tile_columns=best.tile_columns, split=best.splits)

    assert "is as fast as any on offer" in view.result.text


def test_a_tile_that_does_not_fit_cannot_run_and_has_no_figures():
    view = tiling(on_chip_bytes=30e3)

    view.form.propose(view.form.problem, tile_rows=64, tile_columns=128, split=1)  # 32 kB of sums alone

    yours = table_of(view)["Yours"]
    assert 'class="rp-failed">Your tiling cannot run: it does not fit on the chip.' in view.result.text
    assert yours.pop("What binds") == "cannot run"
    assert {yours[each] for each in yours if each not in ("Tiling", "Tile", "On chip")} == {"–"}
    assert {name.split(":")[0] for name in lanes_of(view)} == {"Best"}


def test_a_chip_too_small_for_every_tile_is_a_state():
    view = tiling(on_chip_bytes=1000.0)

    view.form.propose(view.form.problem, tile_rows=16, tile_columns=64, split=1)

    assert "No tile on offer fits on the chip." in view.result.text


def test_an_unfinished_tiling_says_what_is_missing():
    form = tiling().form
    form.tile_rows = 64

    assert form.missing() == ["columns of a tile", "split-K"]


def test_bars_stay_inside_their_lane():
    assert bar("rp-run", -0.5, 1.5) == '<i class="rp-run" style="left:0.00%;width:100.00%"></i>'
    assert bar("rp-run", 0.75, 0.25) == '<i class="rp-run" style="left:25.00%;width:50.00%"></i>'


def test_a_waterfall_is_a_named_table_that_escapes_its_words():
    drawn = waterfall("<b>", ("a", "b", "c"), [("<i>", (), ("<u>",))], mark=0.5)

    assert 'aria-label="&lt;b&gt;"' in drawn
    assert not re.search("<b>|<i>|<u>", drawn)
    assert '<b class="rp-line" style="left:50.00%"></b>' in drawn
