"""Where each part takes place."""

import pytest

from rooflab.errors import BadDesign
from rooflab.lab.setting import demand_answer, optimum, question, setting
from tests.unit.lab.fakes import SCHOOL, mission


def test_part_one_starts_at_the_crisis(track):
    place = setting(SCHOOL, 1, 0)

    assert place.start == track.scenario(0).crisis
    assert place.mission is None


def test_a_mission_plays_in_its_own_scenario(track):
    place = setting(SCHOOL, 2, 0)

    assert place.start == mission().baseline
    assert [target.id for target in place.scenario.targets] == ["token-time"]


def test_the_best_design_of_a_mission_is_found(track):
    best = optimum(SCHOOL, 2, 0).best[0]

    # 24.8 ms a token at 96 sequences; 128 take 31.2 ms, which the target refuses.
    assert (best.batch, best.attention_kernel, best.precision, best.dispatch) == (96, "fused", "w8a16", "graph")


def test_a_diagnosis_is_a_question_too(track):
    place = setting(SCHOOL, 1, 0)

    assert place.answer(question(place, "binding-constraint")) == "memory"


@pytest.mark.parametrize("call", [optimum, demand_answer])
def test_part_one_has_nothing_to_search(track, call):
    with pytest.raises(BadDesign, match="no mission"):
        call(SCHOOL, 1, 0)


def test_a_part_without_a_stakeholder_says_so(track):
    with pytest.raises(BadDesign, match="no stakeholder"):
        demand_answer(SCHOOL, 2, 0)


def test_an_unknown_question_is_refused(track):
    with pytest.raises(BadDesign, match="does not ask 'weather'"):
        question(setting(SCHOOL, 2, 0), "weather")
