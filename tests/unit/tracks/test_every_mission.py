"""What must be true of all twelve parts alike, whatever the track: the proofs of the missions and the means to solve them."""

import re
from functools import cache
from math import isfinite, isnan

import numpy as np
import pytest

from rooflab.analyses.demand import ACCEPT, answer_demand, replies
from rooflab.analyses.search import best_designs
from rooflab.errors import BadDesign, LabError
from rooflab.evaluate import BOUNDS, evaluate, kind_of
from rooflab.lab.instruments import INSTRUMENTS
from rooflab.lab.setting import setting
from rooflab.specs import Confidence
from rooflab.tracks import TRACKS

VARIANTS = range(5)
LEAST_SHORTFALL = 0.10
EVERY = [(each, part) for each in TRACKS for part in each.parts]
MISSIONS = [(each, part) for each, part in EVERY if part.mission]
SHARED = {
    1: "If a layer sits on the sloped section of the roofline, will adding more TFLOPS speed it up?",
    2: "Does fusing Linear + ReLU reduce the total number of operations (O) or the total data moved (D_vol)?",
    3: "If a tiny draft model predicts tokens, does the total FLOPs per final token increase or decrease?",
}
SHARED_ANSWER = {1: "no", 2: "data", 3: "increase"}


def over(parts):
    return pytest.mark.parametrize(("track", "part"), parts, ids=[f"{each.id}-{part.number}" for each, part in parts])


each_part, each_mission = over(EVERY), over(MISSIONS)
each_variant = pytest.mark.parametrize("variant", VARIANTS)


def place_of(track, part, variant):
    return setting(track.id, part.number, variant)


@cache
def found(track_id, number, variant):
    place = setting(track_id, number, variant)
    return best_designs(place.mission, place.part.controls)


def figure(outcome, name):
    return float(getattr(outcome, name))


# The proofs of a mission


@each_mission
@each_variant
def test_the_baseline_misses_a_target_or_is_far_from_the_best(track, part, variant):
    mission = place_of(track, part, variant).mission
    outcome = evaluate(mission.scenario, mission.baseline)
    best = found(track.id, part.number, variant)
    regret = best.regret(figure(outcome, mission.objective.quantity), maximise=mission.objective.maximise)

    assert not outcome.feasible or regret > LEAST_SHORTFALL
    assert bool(outcome.reasons) != bool(outcome.feasible)  # where it fails, it says why


@each_mission
@each_variant
def test_the_tempting_design_looks_better_in_a_figure_on_the_bench_and_fails_for_a_named_reason(track, part, variant):
    mission = place_of(track, part, variant).mission
    before, tempting = (evaluate(mission.scenario, each) for each in (mission.baseline, mission.tempting))
    wanted = [
        (mission.objective.quantity, mission.objective.maximise),
        *([(part.demand.quantity, part.demand.maximise)] if part.demand else []),
        *((target.quantity, target.at_least) for target in mission.scenario.targets),
        ("mean_frame_s", False),
    ]
    shown = {gauge.quantity for gauge in part.gauges} | {mission.objective.quantity}
    better = [
        name
        for name, more in wanted
        if name in shown
        and (figure(tempting, name) > figure(before, name) if more else figure(tempting, name) < figure(before, name))
    ]

    assert better
    assert not tempting.feasible
    assert tempting.reasons
    guardrails = [each.target.name for each in tempting.targets if not each.met]
    assert all(each.startswith(("Out of memory", "Cannot be built", *guardrails)) for each in tempting.reasons)
    assert mission.tempting_reason.endswith(".")
    assert not re.search(r"\d", mission.tempting_reason)


@each_mission
@each_variant
def test_some_designs_do_fewer_than_half_of_them_and_one_is_best(track, part, variant):
    best = found(track.id, part.number, variant)

    assert 500 <= best.designs_count <= 100_000
    assert 1 <= best.feasible_count < best.designs_count / 2
    assert len(best.best) == 1


@each_mission
@each_variant
def test_the_best_design_is_confirmed_alone_and_stands_above_its_neighbours(track, part, variant):
    mission = place_of(track, part, variant).mission
    search = found(track.id, part.number, variant)
    best = search.best[0]
    outcome = evaluate(mission.scenario, best)
    ranked = ((mission.objective.quantity, mission.objective.maximise), *mission.objective.ties)

    def rank(design_outcome):
        return [figure(design_outcome, name) * (1 if more else -1) for name, more in ranked]

    assert outcome.feasible
    assert outcome.reasons == ()
    assert figure(outcome, mission.objective.quantity) == pytest.approx(search.value, rel=1e-9)
    for control in part.controls:
        for value in control.space:
            other = evaluate(mission.scenario, best.replace(**{control.id: value}))
            if value != getattr(best, control.id) and other.feasible:
                assert rank(other) != rank(outcome)
                assert rank(other)[0] <= rank(outcome)[0] + 1e-9 * abs(rank(outcome)[0])


@each_mission
@each_variant
def test_baseline_and_tempting_design_are_within_reach_of_the_controls(track, part, variant):
    mission = place_of(track, part, variant).mission
    controlled = {each.id for each in part.controls}
    start, tempting = mission.baseline.to_json(), mission.tempting.to_json()

    assert 4 <= len(part.controls) <= 7
    assert {name for name in start if tempting[name] != start[name]} <= controlled
    for design in (mission.baseline, mission.tempting):
        for control in part.controls:
            assert getattr(design, control.id) in control.space


def test_every_track_has_a_winner_of_its_own_kind():
    """What wins in part 3 is another algorithm, precision or machine in each track, not one recipe for all."""
    recipes = {}
    for track in TRACKS:
        part, best = track.part(3), found(track.id, 3, 0).best[0]
        mission = setting(track.id, 3, 0).mission
        recipes[track.id] = frozenset(
            name
            for lever in part.levers
            for name in lever.fields
            if getattr(best, name) != getattr(mission.baseline, name)
        )
    assert len(set(recipes.values())) == len(TRACKS)
    assert len({setting(each.id, 3, 0).mission.objective.quantity for each in TRACKS}) >= 3


# Part 1


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
@each_variant
def test_one_diagnosis_is_right_and_it_is_one_of_those_offered(track, variant):
    place = setting(track.id, 1, variant)
    question = place.part.diagnosis
    offered = [each.id for each in question.choices]

    assert len(offered) == len(set(offered)) >= 3
    assert offered.count(question.answer(place.scenario)) == 1


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_every_diagnosis_on_offer_is_right_somewhere(track):
    question = track.part(1).diagnosis
    right = {question.answer(track.scenario(each)) for each in range(100)}

    assert right == {each.id for each in question.choices}


@each_part
def test_every_choice_of_the_quantified_question_is_right_somewhere(track, part):
    question = part.questions[1]
    right = set()
    for variant in range(60):
        right.add(question.answer(place_of(track, part, variant).scenario))
        if len(right) == len(question.choices):
            break

    assert right == {each.id for each in question.choices}


@each_part
@each_variant
def test_feedback_is_given_for_every_choice_and_has_numbers_that_are_numbers(track, part, variant):
    place = place_of(track, part, variant)
    for question in (*part.questions, *([part.diagnosis] if part.diagnosis else [])):
        for choice in question.choices:
            words = question.explain(place.scenario, choice.id)
            assert re.search(r"\d", words)
            assert not re.search(r"\b(nan|inf|None)\b|-0\b|\{|\}", words)


# What a part is made of


@each_part
def test_the_shared_question_is_asked_word_for_word_and_its_physics_is_fixed(track, part):
    assert part.questions[0].text == SHARED[part.number]
    for variant in VARIANTS:
        assert part.questions[0].answer(place_of(track, part, variant).scenario) == SHARED_ANSWER[part.number]


@each_part
def test_three_hints_exist_for_each_step_that_is_work(track, part):
    given = {each.step: each.words for each in part.hints}

    assert set(given) >= ({"explore", "attempt"} if part.mission else {"explore"})
    for words in given.values():
        assert len(words) == len(set(words)) == 3
        assert all(each.endswith((".", "?")) for each in words)


@each_part
def test_every_named_instrument_and_lever_exists(track, part):
    assert set(part.instruments) <= {each.id for each in INSTRUMENTS}
    fields = [name for lever in part.levers for name in lever.fields]
    assert len(fields) == len(set(fields))
    if part.number == 3:
        assert {"precision", "fusion", "algorithm"} <= {each.id for each in part.levers}
        assert set(fields) >= {each.id for each in part.controls}  # whatever is changed has its bar


@each_part
@each_variant
def test_every_figure_that_a_part_names_is_a_figure_and_is_finite_or_says_why(track, part, variant):
    place = place_of(track, part, variant)
    outcome = evaluate(place.scenario, place.start)
    named = [
        *((each.quantity, each.help) for each in part.gauges),
        *((each.quantity, "") for each in place.scenario.targets),
        *([(part.demand.quantity, "")] if part.demand else []),
    ]
    if place.mission:
        named += [(place.mission.objective.quantity, ""), *((name, "") for name, _ in place.mission.objective.ties)]

    for name, said in named:
        assert name in kind_of(place.scenario).figures
        value = figure(outcome, name)
        assert isfinite(value) or said, f"{name} is {value}, and its gauge says nothing"
        assert not isnan(value)
    for target in place.scenario.targets:
        assert target.quantity in {each.quantity for each in part.gauges}  # a learner sees what is judged
        assert isfinite(target.limit)


@each_part
@each_variant
def test_every_single_change_from_the_start_has_an_outcome_or_a_clear_word(track, part, variant):
    place = place_of(track, part, variant)
    for control in part.controls:
        for value in values(control):
            try:
                outcome = evaluate(place.scenario, place.start.replace(**{control.id: value}))
            except LabError as error:
                assert not place.mission, f"{control.id} {value}: a mission's controls never offer what is malformed"
                assert len(str(error)) > 30
                continue
            assert figure(outcome, "step_time_s") > 0
            assert isfinite(figure(outcome, "step_time_s"))
            assert 0 <= figure(outcome, "mfu_fraction") <= 1
            assert 0 <= figure(outcome, "mbu_fraction") <= 1
            assert np.asarray(outcome.bound_times_s).shape[0] == len(BOUNDS)
            assert bool(outcome.feasible) == (outcome.reasons == ())


def values(control):
    """Return every value of a finite control, the ends and some between of a range."""
    if control.choices or control.values or control.chain:
        return control.space
    span = control.maximum - control.minimum
    return sorted({control.minimum, control.minimum + span // 3, control.minimum + span // 2, control.maximum})


@each_part
def test_a_value_that_no_control_offers_is_refused_in_words(track, part):
    place = place_of(track, part, 0)
    for control in part.controls:
        if control.choices or control.chain:
            with pytest.raises(BadDesign, match=r".{20}"):
                evaluate(place.scenario, place.start.replace(**{control.id: "nonsense"}))


@each_part
@each_variant
def test_every_record_of_a_scenario_names_its_sources(track, part, variant):
    place = place_of(track, part, variant)
    records = place.scenario.records

    assert records
    for record in records:
        assert record.sources
        for source, names in record.sources.items():
            assert names, source.name
            if source.confidence is Confidence.ASSUMED:
                assert source.note, f"{source.name} is assumed and gives no reason"
            else:
                assert source.url or source.note, f"{source.name} has neither an address nor a reason"
    for target in place.scenario.targets:
        assert target.source.name
        assert target.source.url or target.source.note


# The stakeholder


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
@each_variant
def test_the_stakeholder_can_be_answered_and_the_answer_names_a_number(track, variant):
    place = setting(track.id, 3, variant)
    demand = place.part.demand
    answer = answer_demand(place.mission, place.part.controls, demand)
    offered = {each for each, _ in replies(place.mission, demand)}

    assert demand.factor == 2.0
    assert answer.right
    assert set(answer.right) <= offered
    assert (answer.right == (ACCEPT,)) == answer.possible == (answer.best_factor >= demand.factor * (1 - 1e-9))
    for blocked in answer.blocked:
        assert re.search(r"\d", blocked.words)
        assert blocked.over_fraction > 0
