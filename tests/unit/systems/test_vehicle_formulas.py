"""Math Peek of the loop: every formula's numbers give its result."""

import math
import re

import pytest

from rooflab.evaluate import evaluate, formulas as every_formula
from rooflab.tracks.edge_guardian import EDGE_GUARDIAN

FOUND = EDGE_GUARDIAN.part(1)
SCENARIO = EDGE_GUARDIAN.scenario(0)
INVENTED = EDGE_GUARDIAN.part(3).mission(0).scenario
QUANTITY = re.compile(
    r"([\d.][\d.\N{NO-BREAK SPACE}]*) ?([pnµmkMGTP]?)(FLOP/byte|FLOP/s|FLOP|B/s|B|images/s|Hz|s|pixels|%)(?![A-Za-z])"
)
SCALES = {"": 1, "n": 1e-9, "µ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
KNOWN = {
    "phi": lambda z: 0.5 * math.erfc(-z / math.sqrt(2)),
    "log": math.log,
    "sqrt": math.sqrt,
    "min": min,
}


def by_hand(words):
    """Work out what is written, as a learner with a calculator would."""
    written = QUANTITY.sub(
        lambda found: f" {float(found[1].replace(chr(160), '')) * (0.01 if found[3] == '%' else SCALES[found[2]])!r} ",
        words,
    )
    for shown, meant in (("Φ", "phi"), ("ln(", "log("), ("√ ", "sqrt"), ("√(", "sqrt("), ("²", "**2"), ("×", "*"), ("−", "-"), ("^", "**")):
        written = written.replace(shown, meant)
    written = re.sub(r"(?!phi\b|log\b|sqrt\b|min\b|e[-+]?\d)(?<![\d.])\b[A-Za-z][A-Za-z, ]*", "", written)
    return eval(written, {"__builtins__": {}}, KNOWN)  # noqa: S307: the lab's own words


def right_side(numbers):
    return numbers.rpartition(" = ")[2]


def formulas(scenario, design, operator_id="neck"):
    return {each.id: each for each in every_formula(scenario, design, evaluate(scenario, design), operator_id=operator_id)}


DESIGNS = {
    "crisis": (SCENARIO, SCENARIO.crisis),
    "pinned": (SCENARIO, SCENARIO.crisis.replace(input_path="pinned", nms="gpu", batch=4, dispatch="graph")),
    "first look": (INVENTED, INVENTED.crisis.replace(cascade="exit", experts=4, resolution=512)),
}
PLAIN_RESULTS = (
    "intensity", "ridge", "roof", "iron-law", "mfu", "mbu", "mean", "wait", "rate", "suppression", "pixels",
    "cascade", "experts", "seen", "miss",
)  # fmt: skip


@pytest.mark.parametrize("name", DESIGNS)
def test_the_numbers_give_the_result_by_hand(name):
    found = formulas(*DESIGNS[name])
    for id_ in PLAIN_RESULTS:
        if id_ not in found:
            continue
        each = found[id_]
        slack = 6e-3 if each.result.endswith("%") else 1e-9  # percentages have no digits above ten
        assert by_hand(right_side(each.numbers)) == pytest.approx(by_hand(each.result), rel=0.01, abs=slack), id_


@pytest.mark.parametrize("name", DESIGNS)
def test_the_quantile_solves_its_equation(name):
    found = formulas(*DESIGNS[name])["p999"]

    assert by_hand(found.numbers) == pytest.approx(0.999, abs=2e-4)
    assert found.result.startswith("0.999 at ")


def test_the_interval_is_that_of_the_recording():
    found = formulas(SCENARIO, SCENARIO.crisis.replace(frames=10_000))["interval"]
    half = 1.96 * math.sqrt(0.999 * 0.001 / 10_000)

    low, high = (float(each) for each in found.result.split(" to "))
    assert low == pytest.approx(0.999 - half, abs=1e-5)
    assert high == pytest.approx(0.999 + half, abs=1e-5)


def test_memory_adds_up():
    found = formulas(*DESIGNS["pinned"])["capacity"]
    needed = by_hand(found.result.partition(" of ")[0])

    assert sum(by_hand(each) for each in found.numbers.split(" + ")) == pytest.approx(needed, rel=0.01)


def test_every_formula_has_symbols_numbers_and_a_result():
    for scenario, design in DESIGNS.values():
        for each in formulas(scenario, design).values():
            assert each.symbols
            assert re.search(r"\d", each.numbers)
            assert re.search(r"\d", each.result)
            assert each.meaning


def test_a_first_look_and_experts_are_shown_only_where_there_are_any():
    assert not {"cascade", "experts"} & set(formulas(*DESIGNS["crisis"]))
    assert {"cascade", "experts"} <= set(formulas(*DESIGNS["first look"]))
