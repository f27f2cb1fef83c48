"""The instruments of part 3: gains and trail; and the attempts of parts 2 and 3."""

import pytest

from rooflab.analyses.attempts import score_attempt
from rooflab.analyses.search import best_designs
from rooflab.evaluate import evaluate
from rooflab.lab.steps.attempts import Verdict
from rooflab.units import format_ratio
from rooflab.views.instruments.gains import OptimizationWaterfall
from rooflab.views.instruments.peek import PeekView
from rooflab.views.instruments.trail import MOVES_SHOWN, TrailView
from rooflab.views.steps.scoring import ScoringView
from rooflab.views.steps.attempts import AttemptsView
from rooflab.workbench import make_workbench
from rooflab.workbench.boards import AttemptsBoard
from tests.unit import chain_lab
from tests.unit.chain_lab import CONTROLS, design, mission, part

BEST = {"fusion": "111", "batch": 256, "precision": "narrow", "algorithm": "half"}


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def bench(start=None, **limits):
    task = mission(**limits)
    return make_workbench(scenario=task.scenario, part=part(**limits), mission=task, start=start or task.baseline)


def time_s(**changes):
    return float(evaluate(mission().scenario, design(**changes)).output_time_s)


def test_math_peek_has_the_formulas_of_the_shared_instruments():
    view = PeekView(bench=bench())

    view.bench.peeking = True
    view.bench.fusion = "111"

    assert "S = T<sub>start</sub> / T<sub>now</sub>" in view.formulas.text
    assert f"= {format_ratio(time_s() / time_s(fusion='111'))}" in view.formulas.text


def test_gains_start_with_nothing_changed():
    view = OptimizationWaterfall(bench=bench())

    assert "Nothing is changed yet" in view.head.text
    assert view.bars.text == "" and not view.levers.visible


def test_gains_state_the_speed_up_and_each_factor():
    view = OptimizationWaterfall(bench=bench())

    view.bench.param.update(fusion="111", precision="narrow")

    assert f"{format_ratio(time_s() / time_s(fusion='111', precision='narrow'))} as fast as at the start" in view.head.text
    assert "mean over all orders" in view.head.text
    assert view.bars.text.count('class="rp-saved" style') == 2


def test_slower_than_before_is_a_state_with_a_way_back():
    view = OptimizationWaterfall(bench=bench(design(fusion="111")))

    view.bench.fusion = "000"

    assert "Slower than before" in view.head.text
    assert 'class="rp-failed"' in view.head.text
    assert "Fusion costs speed" in view.head.text
    assert "The way back: without it, the rest gives 1.00×" in view.head.text
    assert f"{format_ratio(time_s(fusion='111') / time_s())}, slower" in view.bars.text


def test_a_loss_inside_a_gain_is_named():
    view = OptimizationWaterfall(bench=bench(design(fusion="111")))

    view.bench.param.update(fusion="000", precision="narrow")

    assert "as fast as at the start" in view.head.text
    assert "Fusion costs speed" in view.head.text
    assert 'class="rp-added" style' in view.bars.text


def test_the_trail_keeps_twelve_moves_and_their_numbers():
    view = TrailView(bench=bench())

    for move in range(20):
        view.bench.batch = (1, 64)[move % 2]

    assert list(view.chart.source.data["move"]) == list(range(21 - MOVES_SHOWN, 21))


def test_the_trail_has_the_roofs_of_the_scenario():
    view = TrailView(bench=bench())

    assert view.chart.own_roof.data["y"][1] == chain_lab.PEAK_FLOP_PER_S
    assert view.chart.own_roof.data["x"][1] == 100  # 10 GFLOP/s over 100 MB/s
    assert len(view.chart.other_roofs.data["xs"]) == 1
    assert view.chart.roof_label.text == "Imaginary"


def board(*designs, left, **limits):
    task = mission(**limits)
    attempts = [score_attempt(task, each, number=number) for number, each in enumerate(designs, 1)]
    return AttemptsBoard(controls=CONTROLS, objective=task.objective, start=task.baseline, attempts=attempts, left=left)


def test_a_fresh_board_says_what_is_asked_and_how_much_is_left():
    view = AttemptsView(board=board(left=10))

    assert "Nothing is scored yet. More is better: Rows a second." in view.head.text
    assert "10 attempts are left" in view.head.text
    assert not ScoringView(board=view.board).finish.visible


def test_each_attempt_tells_its_changes_its_figure_and_the_best_so_far():
    view = AttemptsView(board=board(design(fusion="111"), design(fusion="111", batch=256), design(batch=1), left=7))

    rows = view.log.text.split("<tr>")[2:]
    assert len(rows) == 3
    assert "Fusion: None to Full" in rows[0]
    assert "Batch: 16 rows to 256 rows" in rows[1]
    assert "(this one)" in rows[1]
    assert "Fusion: Full to None" in rows[2] and "Batch: 256 rows to 1 row" in rows[2]
    assert "The best so far is attempt 2" in view.head.text


def test_an_infeasible_attempt_gives_its_reasons():
    view = AttemptsView(board=board(design(batch=256), left=9, step_s=0.01))

    assert "Not feasible" in view.log.text
    assert "Time of a step: " in view.log.text
    assert "No attempt is feasible yet. The one attempt misses a target." in view.head.text
    assert ScoringView(board=view.board).finish.label == "End without a feasible design"


def test_a_spent_budget_is_a_state_with_a_way_on():
    view = AttemptsView(board=board(*[design()] * 10, left=0))

    assert "No attempt is left" in view.head.text
    assert ScoringView(board=view.board).finish.visible


def ended(*designs):
    shown = board(*designs, left=10 - len(designs))
    task = mission()
    found = best_designs(task, CONTROLS)
    final = shown.best
    regret = found.regret(final.value, maximise=True)
    shown.named = True
    shown.revealed = Verdict(final=final, optimum=found, regret_fraction=regret, reached_at=final.number if regret < 1e-9 else None)
    return AttemptsView(board=shown), regret


def test_the_end_lays_the_best_design_beside_ones_own():
    view, regret = ended(design(fusion="111", batch=256))

    assert f"{100 * regret:.0f}% below the best feasible design" in view.end.text
    rows = view.end.text.split("<tr>")[2:]
    assert ["Precision" in row for row in rows] == [True, False]
    assert "Wide, 4 bytes" in rows[0] and "Narrow, 2 bytes" in rows[0]
    assert not ScoringView(board=view.board).finish.visible
    assert f"{8 * 4 * 2 * 2} designs" in view.end.text


def test_who_finds_the_best_is_told_so():
    view, _ = ended(design(), design(**BEST))

    assert "You found the best: attempt 2 of 2." in view.end.text
    assert "differs" not in view.end.text


def test_nothing_of_the_best_is_written_before_the_end():
    view = AttemptsView(board=board(design(), left=9))

    assert (view.end.text, view.end.visible) == ("", False)
