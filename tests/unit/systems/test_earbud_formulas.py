"""Math Peek of audio hops: the numbers that are written give the result that is written."""

import re

import pytest

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate, formulas
from rooflab.tracks.tiny_pioneer import TINY_PIONEER
from rooflab.tracks.tiny_pioneer.scenario import scenario
from rooflab.units import format_fraction

SCENARIO = scenario(0)
SCALES = {"": 1, "p": 1e-12, "n": 1e-9, "µ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
QUANTITY = re.compile(r"([\d.][\d.\N{NO-BREAK SPACE}]*) ?([pnµmkMGT]?)(FLOP/byte|FLOP/s|FLOP|B/s|B|s|W|J|%)(?![A-Za-z])")
DESIGNS = [
    SCENARIO.crisis,
    SCENARIO.crisis.replace(chip_id="esp32-s3", weights="int8", placement="sram", fusion="00000"),
    SCENARIO.crisis.replace(chip_id="esp32-s3", weights="int8", placement="psram", fusion="00111", hops_batched=4),
    SCENARIO.crisis.replace(chip_id="apollo4-plus", weights="int8", gate="cautious", experts=4, sparsity="blocks"),
    SCENARIO.crisis.replace(chip_id="nrf54lm20b", weights="int8", gate="exit", placement="sram", sparsity="scattered"),
]


def by_hand(words):
    """Work out what is written, as a learner with a calculator would."""
    written = QUANTITY.sub(
        lambda found: repr(
            float(found[1].replace("\N{NO-BREAK SPACE}", "")) * (0.01 if found[3] == "%" else SCALES[found[2]])
        ),
        words,
    )
    written = written.replace("\N{NO-BREAK SPACE}", "")
    written = re.sub(r"(?!min\b|e[-+]\d)\b[A-Za-z]+(?: [a-z]+)*", "", written)
    return eval(written.replace("×", "*").replace("−", "-"))  # noqa: S307: the lab's own words


@pytest.mark.parametrize("design", DESIGNS, ids=range(len(DESIGNS)))
@pytest.mark.parametrize("operator_id", ["recurrent", "gates", "cell", "gate"])
def test_the_numbers_give_the_result_by_hand(design, operator_id):
    for each in formulas(SCENARIO, design, evaluate(SCENARIO, design), operator_id=operator_id):
        numbers = each.numbers.partition(" = ")[2] or each.numbers
        result = by_hand(each.result.partition(" of ")[0])
        slack = 0.006 if each.result.endswith("%") else 0
        assert by_hand(numbers) == pytest.approx(result, rel=0.01, abs=slack), each.id


def test_every_gauge_has_its_formula():
    found = formulas(SCENARIO, SCENARIO.crisis, evaluate(SCENARIO, SCENARIO.crisis))

    assert {each.id for each in TINY_PIONEER.part(1).gauges} <= {each.instrument for each in found}
    assert {"roofline", "profile", "matrix", "capacity"} <= {each.instrument for each in found}
    assert all(each.symbols and each.sources for each in found)


def test_the_result_is_the_figure_of_the_gauge():
    outcome = evaluate(SCENARIO, SCENARIO.crisis)
    found = {each.id: each for each in formulas(SCENARIO, SCENARIO.crisis, outcome)}

    assert found["mbu"].result == format_fraction(outcome.mbu_fraction)
    assert found["lines"].result == "98%"  # 656 bytes in 21 lines of 32
    assert found["macs"].result == "65\N{NO-BREAK SPACE}600"


def test_the_time_says_that_it_is_not_validated():
    found = {each.id: each for each in formulas(SCENARIO, SCENARIO.crisis, evaluate(SCENARIO, SCENARIO.crisis))}

    assert "Not validated" in found["iron-law"].meaning


def test_an_unknown_operator_says_which_there_are():
    with pytest.raises(BadDesign, match="No operator 'conv'; there are gate, input"):
        formulas(SCENARIO, SCENARIO.crisis, evaluate(SCENARIO, SCENARIO.crisis), operator_id="conv")
