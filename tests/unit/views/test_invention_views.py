"""The instruments of part 3: gains, trail and the stakeholder; and the attempts of parts 2 and 3."""

import pytest

from rooflab.analyses.attempts import score_attempt
from rooflab.analyses.demand import answer_demand, judge_reply
from rooflab.analyses.search import best_designs
from rooflab.charts.theme import LIMIT
from rooflab.evaluate import evaluate
from rooflab.lab.steps.attempts import Verdict
from rooflab.units import format_ratio
from rooflab.views.instruments.gains import OptimizationWaterfall
from rooflab.views.instruments.peek import PeekView
from rooflab.views.instruments.trail import MOVES_SHOWN, TrailView
from rooflab.views.steps.attempts import AttemptsView
from rooflab.views.steps.stakeholder import StakeholderView
from rooflab.workbench import make_workbench
from rooflab.workbench.boards import AttemptsBoard, DemandForm
from tests.unit import chain_lab
from tests.unit.chain_lab import CONTROLS, DEMAND, design, mission, part

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

    assert "S = T_start / T_now" in view.formulas.text
    assert f"= {format_ratio(time_s() / time_s(fusion='111'))}" in view.formulas.text


def test_gains_start_with_nothing_changed():
    view = OptimizationWaterfall(bench=bench())

    assert "Nothing is changed yet" in view.head.text
    assert view.bars.text.count("unchanged") == 3


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


def test_the_trail_adds_a_point_a_move_and_rings_the_present_one():
    view = TrailView(bench=bench())

    view.bench.batch = 256

    outcome = view.bench.outcome()
    source = view.chart.source.data
    assert list(source["move"]) == [0, 1]
    assert source["x"][-1] == pytest.approx(outcome.operators.flop.sum() / outcome.operators.hbm_bytes.sum())
    assert source["y"][-1] == pytest.approx(outcome.operators.flop.sum() / outcome.step_time_s)
    assert list(view.chart.present.data["x"]) == [source["x"][-1]]
    ringed = [each.glyph for each in view.chart.figure.renderers if each.data_source is view.chart.present]
    assert {each.line_color for each in ringed} == {LIMIT}
    assert "Move 1: " in view.head.text
    assert view.chart.figure.tags[0].startswith("rooflab:alt:Trail of the design on the roofline. Move 1")


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


def test_the_table_of_moves_is_written_only_while_it_is_open():
    view = TrailView(bench=bench())
    assert view.rows.text == ""

    view.tabled = True
    view.bench.batch = 64

    assert view.rows.text.count('scope="row"') == 2


def board(*designs, left, **limits):
    task = mission(**limits)
    attempts = [score_attempt(task, each, number=number) for number, each in enumerate(designs, 1)]
    return AttemptsBoard(controls=CONTROLS, objective=task.objective, start=task.baseline, attempts=attempts, left=left)


def test_a_fresh_board_says_what_is_asked_and_how_much_is_left():
    view = AttemptsView(board=board(left=10))

    assert "Nothing is scored yet. More is better: Rows a second." in view.head.text
    assert "10 attempts are left" in view.head.text
    assert view._submit.visible
    assert not view._finish.visible


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
    assert view._finish.label == "End without a feasible design"


def test_a_spent_budget_is_a_state_with_a_way_on():
    view = AttemptsView(board=board(*[design()] * 10, left=0))

    assert "The budget is spent" in view.head.text
    assert not view._submit.visible
    assert view._finish.visible


def ended(*designs):
    shown = board(*designs, left=10 - len(designs))
    task = mission()
    found = best_designs(task, CONTROLS)
    final = shown.best
    regret = found.regret(final.value, maximise=True)
    shown.revealed = Verdict(final=final, optimum=found, regret_fraction=regret, reached_at=final.number if regret < 1e-9 else None)
    return AttemptsView(board=shown), regret


def test_the_end_lays_the_best_design_beside_ones_own():
    view, regret = ended(design(fusion="111", batch=256))

    assert f"Regret {100 * regret:.0f}%" in view.end.text
    rows = view.end.text.split("<tr>")[2:]
    assert ["Precision" in row for row in rows] == [True, False]
    assert "Wide, 4 bytes" in rows[0] and "Narrow, 2 bytes" in rows[0]
    assert not view._finish.visible
    assert f"{8 * 4 * 2 * 2} designs" in view.end.text


def test_who_finds_the_best_is_told_so():
    view, _ = ended(design(), design(**BEST))

    assert "You found the best: attempt 2 of 2." in view.end.text
    assert "differs" not in view.end.text


def test_nothing_of_the_best_is_written_before_the_end():
    view = AttemptsView(board=board(design(), left=9))

    assert (view.end.text, view.end.visible) == ("", False)


def dialogue(present=None, **limits):
    learner = bench(present, **limits)
    return StakeholderView(bench=learner, form=DemandForm(mission=mission(**limits), demand=DEMAND))


def answer(view, reply, **limits):
    task = mission(**limits)
    view.form.answer = answer_demand(task, CONTROLS, DEMAND)
    view.form.judged = judge_reply(task, DEMAND, view.form.answer, reply=reply, present=view.bench.design())


def test_the_present_design_is_the_evidence():
    view = dialogue()
    assert "The design on the bench: 1.00× of the 2.00× asked." in view.evidence.text

    view.bench.param.update(**BEST)

    gained = time_s() / time_s(**BEST)
    assert f"{format_ratio(gained)} of the 2.00× asked" in view.evidence.text
    assert "every target is met" in view.evidence.text


def test_the_replies_name_the_targets():
    form = dialogue().form

    assert list(form.param.choice.objects.values()) == ["accept", "memory", "deadline", "reach"]
    assert form.missing() == ["an answer"]


def test_a_possible_demand_is_answered_with_the_best_design():
    view = dialogue()

    answer(view, "memory")

    assert "Your answer does not hold" in view.reply.text
    assert "Of 128 designs the best within every target gives" in view.reply.text
    assert "2.00× is possible" in view.reply.text
    assert "Half left out" in view.reply.text


def test_accepting_with_a_design_that_falls_short_is_told_so():
    view = dialogue()

    answer(view, "accept")

    assert "falls short of 2.00×" in view.reply.text


# Half the narrow weights alone take 5 ms at 100 MB/s; 16 rows and their outputs 0.48 ms more.
TIGHT = {"step_s": 5.2e-3}


@pytest.mark.parametrize(("reply", "holds"), [("accept", False), ("memory", False), ("reach", False), ("deadline", True)])
def test_an_impossible_demand_names_the_violated_number(reply, holds):
    view = dialogue(**TIGHT)

    answer(view, reply, **TIGHT)

    assert ("Your answer holds" in view.reply.text) is holds
    assert "2.00× is out of reach" in view.reply.text
    assert "Time of a step: 5.49 ms, at most 5.20 ms asked; missed by 5.6%." in view.reply.text


def test_nothing_is_weighed_before_the_learner_answers():
    view = dialogue()

    assert (view.reply.text, view.reply.visible) == ("", False)
