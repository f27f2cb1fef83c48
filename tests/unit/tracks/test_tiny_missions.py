"""Parts 2 and 3 of Tiny Pioneer, over their whole spaces of designs."""

import re
from collections import Counter
from functools import lru_cache

import numpy as np
import pytest

from rooflab.analyses.demand import answer_demand
from rooflab.analyses.gains import gains
from rooflab.analyses.search import best_designs
from rooflab.analyses.tiles import score_tiles
from rooflab.analyses.traffic import traffic
from rooflab.evaluate import evaluate, sweep
from rooflab.tracks.tiny_pioneer import TINY_PIONEER
from rooflab.tracks.tiny_pioneer.fuse_mission import fuse_mission
from rooflab.tracks.tiny_pioneer.invent_mission import invent_mission

MISSIONS = {2: fuse_mission, 3: invent_mission}
VARIANTS = range(5)
MANY = range(40)
each_mission = pytest.mark.parametrize(
    ("number", "variant"), [(number, variant) for number in MISSIONS for variant in VARIANTS]
)


@lru_cache
def mission(number, variant):
    return MISSIONS[number](variant)


@lru_cache
def found(number, variant):
    return best_designs(mission(number, variant), TINY_PIONEER.part(number).controls)


def space(number, variant, *figures):
    axes = np.meshgrid(*(np.asarray(each.space) for each in TINY_PIONEER.part(number).controls), indexing="ij")
    columns = {each.id: axis.ravel() for each, axis in zip(TINY_PIONEER.part(number).controls, axes, strict=True)}
    made = mission(number, variant)
    return columns, sweep(made.scenario, made.baseline.replace(**columns), figures=figures)


@each_mission
def test_exactly_one_design_is_best_and_less_than_half_are_feasible(number, variant):
    search = found(number, variant)

    assert len(search.best) == 1
    assert 500 <= search.designs_count <= 100_000
    assert 1 <= search.feasible_count < search.designs_count / 2


@each_mission
def test_the_baseline_fails_or_falls_short(number, variant):
    made, best = mission(number, variant), found(number, variant)
    outcome = evaluate(made.scenario, made.baseline)
    value = float(getattr(outcome, made.objective.quantity))

    assert not outcome.feasible or best.regret(value, maximise=made.objective.maximise) > 0.10


@each_mission
def test_the_tempting_design_is_better_in_one_figure_and_fails_for_a_reason_that_can_be_seen(number, variant):
    made = mission(number, variant)
    baseline, tempting = (evaluate(made.scenario, each) for each in (made.baseline, made.tempting))

    assert not tempting.feasible
    assert tempting.capacity.fits
    if number == 2:
        assert tempting.mfu_fraction > 1.05 * baseline.mfu_fraction
        assert [each.target.id for each in tempting.targets if not each.met] == ["delay"]
        assert "Delay" in tempting.reasons[0]
    else:
        assert tempting.hop_time_s < baseline.hop_time_s
        assert [each.target.id for each in tempting.targets if not each.met] == ["power"]
        assert "Power" in tempting.reasons[0]
    assert not re.search(r"\d", made.tempting_reason)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_tempting_chip_is_over_budget_asleep_and_faster_than_the_best_design(variant):
    made, best = mission(3, variant), found(3, variant).best[0]
    chip, earbud = made.scenario.chip("esp32-s3"), made.scenario.earbud

    assert made.tempting.chip_id == "esp32-s3"
    assert chip.sleep_w + earbud.front_end_w > 1e-3
    assert evaluate(made.scenario, made.tempting).hop_time_s < evaluate(made.scenario, best).hop_time_s


@each_mission
def test_no_esp32_reaches_a_milliwatt(number, variant):
    columns, figures = space(number, variant, "power_w")
    chips = columns.get("chip_id", np.full(len(figures["power_w"]), mission(number, variant).baseline.chip_id))

    assert figures["power_w"][np.char.startswith(chips.astype(str), "esp32")].min() > 1e-3


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_best_design_of_part_two_is_one_hop_in_one_kernel_in_sram_on_whole_vectors(variant):
    best = found(2, variant).best[0]
    outcome = evaluate(mission(2, variant).scenario, best)

    assert (best.placement, best.fusion, best.hops_batched, best.weights) == ("sram", "11111", 1, "int8")
    assert outcome.vector_fraction == 1


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_best_design_of_part_three_changes_chip_and_algorithm(variant):
    made, best = mission(3, variant), found(3, variant).best[0]
    outcome = evaluate(made.scenario, best)

    assert best.chip_id != made.baseline.chip_id
    assert best.gate != "none"
    assert outcome.power_w < 1e-3


def test_variants_have_different_best_designs():
    for number in MISSIONS:
        assert len({str(found(number, variant).best[0].to_json()) for variant in range(20)}) >= 3


@pytest.mark.parametrize("number", MISSIONS)
def test_every_choice_is_right_somewhere(number):
    question = TINY_PIONEER.part(number).questions[1]
    right = Counter(question.answer(mission(number, variant).scenario) for variant in MANY)

    assert set(right) == {each.id for each in question.choices}
    assert min(right.values()) >= 2


@each_mission
def test_feedback_speaks_to_the_mechanism_of_every_choice(number, variant):
    scenario = mission(number, variant).scenario
    for question in TINY_PIONEER.part(number).questions:
        words = {each.id: question.explain(scenario, each.id) for each in question.choices}
        right = words[question.answer(scenario)]
        assert all(each.startswith(right) for each in words.values())
        assert all(len(each) < 900 for each in words.values())
        assert re.search(r"\d", right)
        assert "nan" not in right


def test_the_quantified_answers_are_what_the_bench_shows():
    for variant in VARIANTS:
        two, three = mission(2, variant), mission(3, variant)
        hops = [float(evaluate(two.scenario, two.baseline.replace(fusion=each)).hop_time_s) for each in ("00000", "11111")]
        fall = 1 - hops[1] / hops[0]
        if two.baseline.fusion == "00000":
            expected = "large" if fall > 0.3 else "middle" if fall > 0.05 else "small"
            assert TINY_PIONEER.part(2).questions[1].answer(two.scenario) == expected
        watts = [float(evaluate(three.scenario, three.baseline.replace(gate=each)).power_w) for each in ("none", "cautious")]
        fall = 1 - watts[1] / watts[0]
        expected = "large" if fall > 0.3 else "middle" if fall > 0.1 else "small"
        assert TINY_PIONEER.part(3).questions[1].answer(three.scenario) == expected


def test_the_demand_holds_in_some_places_only():
    part = TINY_PIONEER.part(3)
    right = Counter(answer_demand(mission(3, variant), part.controls, part.demand).right for variant in range(20))

    assert right[("accept",)] >= 2
    assert sum(count for reply, count in right.items() if "memory" in reply) >= 2


def test_experts_reach_the_demand_by_footprint_and_not_by_work():
    made = next(
        mission(3, variant)
        for variant in MANY
        if answer_demand(mission(3, variant), TINY_PIONEER.part(3).controls, TINY_PIONEER.part(3).demand).possible
    )
    answer = answer_demand(made, TINY_PIONEER.part(3).controls, TINY_PIONEER.part(3).demand)
    before = evaluate(made.scenario, made.baseline)
    after = evaluate(made.scenario, answer.best)

    assert answer.best.experts > 1
    assert after.footprint_bytes > before.footprint_bytes
    assert after.feasible


@pytest.mark.parametrize("variant", VARIANTS)
def test_fusion_takes_away_values_and_starts_but_no_weight(variant):
    made = mission(2, variant)
    control = TINY_PIONEER.part(2).controls[0]
    full = traffic(made.scenario, made.baseline.replace(fusion="11111"), control.id, control)
    none, partial, all_ = full.levels

    assert none.flop == partial.flop == all_.flop
    assert none.activation_bytes > partial.activation_bytes > all_.activation_bytes
    assert [none.launches, partial.launches, all_.launches] == [20, 3, 1]
    assert full.saved_fraction < 0.3


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_block_of_rows_is_a_call_on_the_one_core_that_the_hop_runs_on(variant):
    made, best = mission(2, variant), found(2, variant).best[0]
    problem = TINY_PIONEER.part(2).tiling(made.scenario, best)
    chip = made.scenario.chip(best.chip_id)
    small = score_tiles(problem, tile_rows=4, tile_columns=1, splits=1)

    assert (problem.rows, problem.columns, problem.slots) == (4 * best.hidden, 1, 1)
    assert problem.tile_start_s == chip.kernels[best.weights, best.kernel].call_cycles / chip.clock_hz
    assert small.waves_count == best.hidden
    assert not score_tiles(problem, tile_rows=256, tile_columns=1, splits=1).fits
    assert score_tiles(problem, tile_rows=16, tile_columns=2, splits=1).tile_fraction == 0.5  # one hop fills half


@pytest.mark.parametrize("variant", VARIANTS)
def test_gains_multiply_to_the_total(variant):
    made, best = mission(3, variant), found(3, variant).best[0]
    shared = gains(made.scenario, made.baseline, best, TINY_PIONEER.part(3).levers)

    assert not shared.problem
    assert np.prod([each.factor for each in shared.gains]) == pytest.approx(shared.total_factor)
    assert all(each.lever_id != "other" for each in shared.gains)


def test_a_variant_is_the_same_every_time():
    for make in MISSIONS.values():
        before = make(3)
        make.cache_clear()
        assert make(3).baseline == before.baseline
        assert make(3).scenario.earbud.sram_bytes == before.scenario.earbud.sram_bytes


def test_controls_can_express_baseline_and_tempting_design():
    for number in MISSIONS:
        for variant in VARIANTS:
            made = mission(number, variant)
            for control in TINY_PIONEER.part(number).controls:
                assert getattr(made.baseline, control.id) in control.space
                assert getattr(made.tempting, control.id) in control.space


@pytest.mark.parametrize("variant", range(12))
def test_feedback_speaks_of_waking_only_where_the_chip_sleeps(variant):
    part = TINY_PIONEER.part(3)
    place = part.mission(variant).scenario
    before = evaluate(place, place.crisis)
    words = part.questions[1].explain(place, "large")

    sleeps = before.step_time_s + place.chip(place.crisis.chip_id).wake_s < place.earbud.hop_s
    assert ("Waking takes" in words) == bool(sleeps) == bool(before.sleep_power_w > 0)
    assert ("too soon to sleep in between" in words) == (not sleeps)
