"""The answer key is what the model says, for each variant."""

from rooflab.lab.classroom.answers import answer_key
from rooflab.lab.setting import optimum
from tests.unit.lab.fakes import SCHOOL


def lines(key, part):
    return [(line.name, line.words) for line in key.parts[part - 1].mission]


def test_every_question_has_its_answer_and_its_mechanism(track):
    key = answer_key(SCHOOL, 0)

    assert [each.choice_id for each in key.parts[0].answers] == ["no", "large", "bandwidth-half", "memory"]
    assert all(each.explanation for part in key.parts for each in part.answers)


def test_another_variant_has_another_key(track):
    zero, three = answer_key(SCHOOL, 0), answer_key(SCHOOL, 3)

    assert [each.choice_id for each in zero.parts[0].answers] != [each.choice_id for each in three.parts[0].answers]


def test_a_mission_names_its_best_and_its_tempting_design(track):
    told = dict(lines(answer_key(SCHOOL, 0), 2))

    assert told["Best design"].startswith("Batch: 32 sequences to 96 sequences")
    assert "Time per token" in told["Tempting design"]
    assert told["Space"].startswith(f"{optimum(SCHOOL, 2, 0).feasible_count} of 48")
    assert told["Best tiling"].startswith("Down projection of the baseline: ")


def test_a_demand_that_can_be_met_is_to_be_accepted(track):
    told = dict(lines(answer_key(SCHOOL, 0), 3))

    assert told["Replies that hold"].startswith("Accept")


def test_a_demand_that_cannot_be_met_names_what_stands_in_the_way(strict):
    told = dict(lines(answer_key(strict.id, 0), 3))

    assert told["Replies that hold"].startswith("Refuse") and "Time per token" in told["Replies that hold"]
    assert "7.00× are asked" in told["Why"] and "or less, assumed: " in told["Why"]
