"""The formulas of the shared instruments evaluate, by hand, to what the instruments show."""

import re
from dataclasses import replace

import pytest

from rooflab.analyses.formulas import shared_formulas, tiling_formula
from rooflab.analyses.tiles import score_tiles
from rooflab.evaluate import evaluate
from tests.unit import chain_lab
from tests.unit.chain_lab import design, part, scenario

SCALES = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "m": 1e-3, "µ": 1e-6}
PART = part()
CHOSEN = {"fusion": "110", "batch": 64, "precision": "narrow"}


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def peek(chosen=CHOSEN, of=PART):
    at = design(**chosen)
    return {each.id: each for each in shared_formulas(scenario(), of, at, evaluate(scenario(), at), start=design())}


def by_hand(words):
    """Work out what is written, as a learner with a calculator would."""
    scaled = re.sub(
        r"([\d.]+) ?([kMGmµ]?)(FLOP/byte|FLOP/s|FLOP|B|s|%|×(?=$))",
        lambda found: repr(float(found[1]) * (0.01 if found[3] == "%" else SCALES[found[2]])),
        words,
    )
    bare = re.sub(r"(?!e[-+]?\d)\b[A-Za-z]+(?: [a-z]+)*", "", scaled)
    return eval(bare.replace("×", "*").replace("−", "-"))  # noqa: S307: the lab's own words


@pytest.mark.parametrize("fusion", ["000", "010", "111"])
def test_the_numbers_give_the_result_by_hand(fusion):
    for each in peek(CHOSEN | {"fusion": fusion}).values():
        numbers = each.numbers.partition(" = ")[2]

        assert by_hand(numbers) == pytest.approx(by_hand(each.result), rel=0.006, abs=0.006 if "%" in each.result else 0), each.id


def test_every_instrument_of_the_part_has_its_formula():
    assert {each.instrument for each in peek().values()} == {"traffic", "memory", "trail", "gains"}


def test_a_part_without_levers_or_chain_has_no_formula_of_them():
    bare = replace(part(), levers=(), controls=part().controls[1:])

    assert {each.instrument for each in peek(of=bare).values()} == {"memory", "trail"}
    assert peek(of=replace(bare, mission=None)) == {}


def test_levers_that_cannot_be_told_apart_leave_the_speed_up():
    assert set(peek({"precision": "refused", "algorithm": "half"})) >= {"speed-up"}
    assert "shapley" not in peek({"precision": "refused", "algorithm": "half"})


def test_a_tiling_is_written_with_its_padding_and_its_waves():
    problem = PART.tiling(scenario(), design())
    formula = tiling_formula(problem, score_tiles(problem, tile_rows=64, tile_columns=64, splits=4))

    assert formula.numbers == "η = 16 × 500 / (64 × 512) × 32 / (4 × 8)"
    assert formula.result == f"{100 * 16 * 500 / (64 * 512):.0f}%"
