"""The formulas of the shared instruments evaluate, by hand, to what the instruments show."""

import re
from dataclasses import replace

import pytest

from rooflab.analyses.formulas import shared_formulas, tiling_formulas
from rooflab.analyses.tiles import score_tiles
from rooflab.evaluate import evaluate
from rooflab.units import format_time
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


def test_a_tiling_is_written_with_its_waves_its_bytes_and_its_kernel():
    problem = PART.tiling(scenario(), design())
    tiles = score_tiles(problem, tile_rows=64, tile_columns=64, splits=4)
    waves, moved, kernel = tiling_formulas(problem, tiles)

    # 1 x 8 tiles in four parts are four waves; 16 x 500 in 4 bytes, X read 8 times, W once, four sums written and read.
    assert waves.numbers == "T_waves = ⌈32 / 8⌉ × 2 × 64 × 64 × 250 / (1.00 TFLOP/s / 8)"
    assert waves.result == f"{1e6 * 4 * 2 * 64 * 64 * 250 / (1e12 / 8):.2f} µs"
    read = 16 * 1000 * 4 * 8 + 1000 * 500 * 4 + 16 * 500 * 4 * (1 + 2 * 4)
    assert moved.numbers.endswith(f" for {read / 1e6:.3f} MB from LPDDR5")
    assert moved.result == f"{1e6 * read / 100e9:.2f} µs"
    assert kernel.result == format_time(float(tiles.kernel_s))
