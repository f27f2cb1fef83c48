"""Math Peek of Mobile Nomad: what is written can be worked out by hand."""

import math
import re

import pytest

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate, formulas
from rooflab.tracks.mobile_nomad import MOBILE_NOMAD
from rooflab.tracks.mobile_nomad.scenario import scenario
from rooflab.units import format_fraction, format_quantity

PLACE = scenario(0)
LEAN = PLACE.crisis.replace(fusion="11111", precision="w8a8", tile_rows=14)
DESIGNS = {
    "crisis": PLACE.crisis,
    "warm": PLACE.crisis.replace(ambient_c=35),
    "lean": LEAN,
    "batched": LEAN.replace(frames_batched=4),
    "guessed": LEAN.replace(skipped_frames=3, draft_tokens=4, experts=4, sparsity="2:4"),
}
QUANTITY = re.compile(r"(\d[\d.]*) ?([pnµmkMGTP]?)(FLOP/byte|J/FLOP|J/byte|FLOP/s|FLOP|B/s|B|°C|K/W|FPS|Hz|s|W|J|frames|tokens|%)")
SCALES = {"": 1, "p": 1e-12, "n": 1e-9, "µ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}


def by_hand(words):
    """Work out what is written, as a learner with a calculator would."""
    words = re.sub(r"(?<=\d)\N{NO-BREAK SPACE}(?=\d)", "", words)
    written = QUANTITY.sub(
        lambda found: repr(float(found[1]) * (0.01 if found[3] == "%" else SCALES[found[2]])),
        words,
    )
    written = re.sub(r"(?!(?:min|exp|ln)\b|e[-+]\d)\b[A-Za-z]+(?: [a-z]+)*", "", written)
    written = written.replace("×", "*").replace("−", "-").replace("^", "**").replace("ln", "log")
    return eval(written, {"exp": math.exp, "log": math.log, "min": min})  # noqa: S307: the lab's own words


def peek(design, operator_id="expand"):
    return formulas(PLACE, design, evaluate(PLACE, design), operator_id=operator_id)


@pytest.mark.parametrize("name", DESIGNS)
def test_the_numbers_give_the_result_by_hand(name):
    for each in peek(DESIGNS[name]):
        if "≤" in each.numbers:
            left, right = (by_hand(side) for side in each.numbers.split("≤"))
            assert left <= right
            continue
        numbers = each.numbers.partition(" = ")[2] or each.numbers
        result = by_hand(each.result.partition(" of ")[0])
        slack = 0.006 if each.result.endswith("%") else 0
        assert by_hand(numbers) == pytest.approx(result, rel=0.006, abs=slack), each.id


def test_results_are_the_figures_of_the_gauges():
    outcome = evaluate(PLACE, PLACE.crisis)
    found = {each.id: each.result for each in peek(PLACE.crisis)}

    assert found["mfu"] == format_fraction(outcome.mfu_fraction)
    assert found["power"] == format_quantity(outcome.power_w, "W")
    assert found["sustained-power"] == "1.80 W"
    assert found["ridge"] == "117 FLOP/byte"  # 2 TFLOP/s over 17.1 GB/s


def test_every_gauge_and_the_heat_instrument_has_its_formula():
    ids = {each.instrument for each in peek(DESIGNS["guessed"])}

    assert {"roofline", "profile", "mfu", "mbu", "power", "heat", "skin", "throttle", "frame", "fps", "capacity", "algorithm"} <= ids
    named = {gauge.id for part in MOBILE_NOMAD.parts for gauge in part.gauges}
    assert named <= ids


def test_a_design_that_guesses_nothing_has_no_formula_of_guessing():
    assert not any(each.instrument == "algorithm" for each in peek(LEAN))


def test_a_cool_design_never_throttles_in_words():
    found = {each.id: each for each in peek(LEAN)}

    assert found["throttle"].result == "never below 43.00 °C"


def test_what_is_assumed_is_named_with_its_formula():
    found = {each.id: each for each in peek(PLACE.crisis)}

    assert any(source.confidence == "assumed" for source in found["frame-energy"].sources)
    assert any(source.confidence == "assumed" for source in found["skin"].sources)


def test_an_unknown_layer_says_which_there_are():
    with pytest.raises(BadDesign, match="No operator 'conv9'; there are stem, expand"):
        peek(LEAN, "conv9")
