import pytest

from ridgepoint.errors import BadDesign
from ridgepoint.evaluate import evaluate
from ridgepoint.peek import math_peek
from ridgepoint.tracks.cloud_titan import scenario
from ridgepoint.units import format_fraction

SCENARIO = scenario(0)
OUTCOME = evaluate(SCENARIO, SCENARIO.crisis)
FORMULAS = {each.id: each for each in math_peek(SCENARIO, SCENARIO.crisis, OUTCOME)}


def test_every_formula_has_symbols_numbers_a_result_and_sources():
    for each in FORMULAS.values():
        assert each.symbols
        assert any(c.isdigit() for c in each.numbers)
        assert any(c.isdigit() for c in each.result)
        assert each.sources or each.id == "throughput"


def test_the_result_is_the_figure_of_the_gauge():
    assert FORMULAS["mbu"].result == format_fraction(OUTCOME.mbu_fraction)
    assert FORMULAS["kv-share"].result == "80%"
    assert FORMULAS["ridge"].result == "153 FLOP/B"


def test_the_roofline_follows_the_chosen_layer():
    formulas = math_peek(SCENARIO, SCENARIO.crisis, OUTCOME, operator_id="gate_up")

    assert "Gate and up" in formulas[0].name


def test_an_unknown_layer_says_which_there_are():
    with pytest.raises(BadDesign, match="No operator 'conv'; there are embed"):
        math_peek(SCENARIO, SCENARIO.crisis, OUTCOME, operator_id="conv")
