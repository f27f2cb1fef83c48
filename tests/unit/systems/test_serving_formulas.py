import re

import pytest

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate, formulas
from rooflab.tracks.cloud_titan import CLOUD_TITAN, scenario
from rooflab.units import format_fraction

SCENARIO = scenario(0)
OUTCOME = evaluate(SCENARIO, SCENARIO.crisis)
FORMULAS = {each.id: each for each in formulas(SCENARIO, SCENARIO.crisis, OUTCOME)}


def test_every_formula_has_symbols_numbers_a_result_and_sources():
    for each in FORMULAS.values():
        assert each.symbols
        assert any(c.isdigit() for c in each.numbers)
        assert any(c.isdigit() for c in each.result)
        assert each.sources or each.id == "throughput"


def test_the_result_is_the_figure_of_the_gauge():
    assert FORMULAS["mbu"].result == format_fraction(OUTCOME.mbu_fraction)
    assert FORMULAS["kv-share"].result == "80%"
    assert FORMULAS["ridge"].result == "153 FLOP/byte"


QUANTITY = re.compile(r"([\d.][\d.\N{NO-BREAK SPACE}]*) ?([pnµmkMGTP]?)(FLOP/byte|FLOP/s|FLOP|B/s|B|s|tokens/s|tokens|%)")
SCALES = {"": 1, "µ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}


def by_hand(words):
    """Work out what is written, as a learner with a calculator would."""
    written = QUANTITY.sub(
        lambda found: repr(
            float(found[1].replace("\N{NO-BREAK SPACE}", "")) * (0.01 if found[3] == "%" else SCALES[found[2]])
        ),
        words,
    )
    written = re.sub(r"(?!min\b|e[-+]\d)\b[A-Za-z]+(?: [a-z]+)*", "", written)
    return eval(written.replace("×", "*").replace("^", "**").replace("\N{NO-BREAK SPACE}", ""))  # noqa: S307: the lab's own words


@pytest.mark.parametrize("phase", ["decode", "prefill"])
@pytest.mark.parametrize("batch", [1, 52, 300])
def test_the_numbers_give_the_result_by_hand(phase, batch):
    design = SCENARIO.crisis.replace(phase=phase, batch=batch, attention_kernel="fused")
    found = formulas(SCENARIO, design, evaluate(SCENARIO, design), operator_id="gate_up")

    for each in found:
        numbers = each.numbers.removeprefix(each.numbers.partition(" = ")[0] + " = ") if each.id != "throughput" else each.numbers
        for side in numbers.split(" = "):
            result = by_hand(each.result.partition(" of ")[0])
            slack = 0.006 if each.result.endswith("%") else 0
            assert by_hand(side) == pytest.approx(result, rel=0.006, abs=slack), each.id


SERVED = {
    "a wide batch in pages": (2, {"batch": 256, "kv_layout": "paged"}),
    "a fused chain that cannot be built": (2, {"fusion": "111111"}),
    "repeated heads": (2, {"attention_kernel": "eager"}),
    "drafts": (3, {"draft_tokens": 4, "batch": 16}),
    "experts cut": (3, {"experts": "tensor", "draft_tokens": 1}),
    "whole experts": (3, {"experts": "expert", "batch": 8}),
    "two of four": (3, {"sparsity": "2:4", "precision": "bf16"}),
    "a bitmap": (3, {"sparsity": "unstructured-30", "precision": "w8a16"}),
}


@pytest.mark.parametrize(("part", "changes"), SERVED.values(), ids=SERVED)
@pytest.mark.parametrize("variant", [0, 3])
def test_the_numbers_of_a_service_give_the_result_by_hand(part, changes, variant):
    mission = CLOUD_TITAN.part(part).mission(variant)
    design = mission.baseline.replace(**changes)
    found = formulas(
        mission.scenario, design, evaluate(mission.scenario, design), operator_id="gate_up"
    )

    for each in found:
        numbers = each.numbers.removeprefix(each.numbers.partition(" = ")[0] + " = ")
        for side in numbers.split(" = "):
            result = by_hand(each.result.partition(" of ")[0])
            slack = 0.006 if each.result.endswith("%") else 0
            assert by_hand(side) == pytest.approx(result, rel=0.006, abs=slack), each.id


def test_a_service_has_the_formulas_of_what_it_uses():
    mission = CLOUD_TITAN.part(3).mission(0)

    def ids(**changes):
        design = mission.baseline.replace(**changes)
        return {each.id for each in formulas(mission.scenario, design, evaluate(mission.scenario, design))}

    assert {"inter-token", "round", "flop", "prompts", "kept-room"} <= ids()
    assert "speculation" in ids(draft_tokens=2) - ids()
    assert "experts" in ids(experts="tensor") - ids()
    assert "sparsity" not in ids(sparsity="dense")
    assert not {"inter-token", "round", "flop"} & {each.id for each in FORMULAS.values()}


@pytest.mark.parametrize("part", [2, 3])
def test_every_gauge_of_a_mission_has_a_formula(part):
    chosen = CLOUD_TITAN.part(part)
    mission = chosen.mission(0)
    outcome = evaluate(mission.scenario, mission.baseline)
    shown = {each.instrument for each in formulas(mission.scenario, mission.baseline, outcome)}

    assert {each.id for each in chosen.gauges} <= shown


def test_the_step_time_has_its_range():
    meaning = FORMULAS["iron-law"].meaning

    assert "From 178 ms to 212 ms. Not validated" in meaning


def test_large_numbers_are_written_out():
    design = SCENARIO.crisis.replace(phase="prefill", attention_kernel="fused")
    found = formulas(SCENARIO, design, evaluate(SCENARIO, design), operator_id="gate_up")

    assert not any(re.search(r"e[+-]\d|[kM]tokens", each.numbers + each.result) for each in found)


def test_the_roofline_follows_the_chosen_layer():
    found = formulas(SCENARIO, SCENARIO.crisis, OUTCOME, operator_id="gate_up")

    assert "Gate and up" in found[0].name


def test_an_unknown_layer_says_which_there_are():
    with pytest.raises(BadDesign, match="No operator 'conv'; there are embed"):
        formulas(SCENARIO, SCENARIO.crisis, OUTCOME, operator_id="conv")
