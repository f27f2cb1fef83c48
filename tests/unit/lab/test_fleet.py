"""A class as a fleet: machines, ridges, predictions and the model's misses."""

import json

import pytest
from tests.unit.lab.machine_ledgers import AT, measured, predicted, whole

from rooflab.lab.classroom.classroom import classroom
from rooflab.lab.classroom.fleet import fleet, fleet_words
from rooflab.lab.ledger.ledger import Ledger, dump, parse
from rooflab.views.screens.classroom import classroom_markup
from rooflab.views.screens.fleet import KERNELS, fleet_markup

FACTORS = (0.5, 1.0, 2.0, 4.0)


@pytest.fixture(scope="module")
def school():
    return [(f"{number}.json", measured(f"learner-{number}", factor)) for number, factor in enumerate(FACTORS)]


@pytest.fixture(scope="module")
def found(school):
    return fleet(school)


def test_each_machine_is_there_with_its_ridge(found):
    ridges = [each.ridge_flop_per_byte for each in found.machines]

    assert [each.name for each in found.machines] == [f"{at}.json" for at in range(4)]
    assert ridges == pytest.approx([ridges[1] / factor for factor in FACTORS], rel=0.01)
    assert found.ridges_flop_per_byte == tuple(sorted(ridges))


def test_predicted_and_measured_are_counted_over_all_rows(school, found):
    entry = school[0][1].entries[-1]

    assert found.rows_count == len(FACTORS) * len(entry.predicted)
    assert {each.kernel for each in found.kernels} == set(KERNELS)
    assert all(each.low_factor <= each.median_factor <= each.high_factor for each in found.kernels)


def test_the_model_of_a_chain_in_passes_is_near_on_every_machine(found):
    passes = next(each for each in found.kernels if each.kernel == "chain-passes")

    assert passes.median_factor == pytest.approx(1.0, abs=0.2)


def test_the_answers_of_the_class_are_tallied(found):
    asked = next(each for each in found.questions if each.question_id == "memory-bound")

    assert asked.count == len(FACTORS)
    assert sum(each.right_count + each.wrong_count for each in asked.choices) == len(FACTORS)


def test_who_has_not_measured_is_in_the_answers_alone():
    found = fleet([("a", predicted()), ("b", Ledger.new(AT, "none"))])

    assert found.machines == ()
    assert found.questions[0].count == 1
    assert found.questions[0].unrevealed_count == 1
    assert fleet_words(found) == "No machine was measured yet."


def test_a_class_that_was_never_there_has_no_section():
    assert fleet_markup(fleet([("b", Ledger.new(AT, "none"))])) is None


@pytest.mark.parametrize("value", [0.0, -1.0, 1e300, 1e-300])
def test_a_rate_that_no_machine_has_is_not_counted(value):
    document = json.loads(dump(measured()))
    document["entries"][-1]["figures"]["peak"] = value

    found = fleet([("a", parse(json.dumps(document)))])

    assert found.machines == ()
    assert fleet_markup(found)


def test_the_page_draws_the_class_and_has_its_numbers_in_tables(school):
    markup = classroom_markup(classroom([(name, dump(ledger)) for name, ledger in school]))

    assert "Machines of the class" in markup
    assert "4 machines on one roofline" in markup
    assert "half of the machines below" in markup
    assert "Measured over predicted time, by kernel" in markup
    assert markup.count("<svg") >= 3


def test_one_machine_is_drawn_too():
    assert "1 machine on one roofline" in fleet_markup(fleet([("a", whole())]))
