"""Attempts: their figure, their reasons, and the best of them; designs in the words of controls."""

import pytest

from rooflab.analyses.attempts import Attempt, best_attempt, score_attempt
from rooflab.analyses.changes import changes, value_words
from rooflab.specs import Control, Objective
from tests.unit import chain_lab
from tests.unit.chain_lab import CONTROLS, FUSION, design, mission

MOST = Objective(name="Rows a second", quantity="outputs_per_s", unit="rows/s")
LEAST = Objective(name="Time", quantity="output_time_s", unit="s", maximise=False)


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def attempt(number, value, *, feasible=True):
    return Attempt(number=number, design=design(), value=value, runs=True, feasible=feasible, reasons=())


def test_an_attempt_has_the_figure_of_the_objective():
    scored = score_attempt(mission(), design(fusion="111", batch=1), number=3)

    # Weights, one row in, one out at 100 MB/s, which outlasts 1 001 500 FLOP at 10 GFLOP/s; one launch.
    step_s = (1000 * 500 + 1000 + 500) * 4 / 1e8 + 1e-5
    assert (scored.number, scored.feasible, scored.reasons) == (3, True, ())
    assert scored.value == pytest.approx(1 / step_s)


def test_an_attempt_that_misses_says_why():
    scored = score_attempt(mission(memory_bytes=1e6, step_s=1e-3), design(), number=1)

    assert not scored.feasible
    assert [each.split(":")[0] for each in scored.reasons] == ["Out of memory"]  # what cannot run is held to no target


@pytest.mark.parametrize(("objective", "best"), [(MOST, 2), (LEAST, 1)])
def test_the_best_is_feasible_and_the_first_of_its_value(objective, best):
    tried = [attempt(1, 3.0), attempt(2, 5.0), attempt(3, 5.0), attempt(4, 3.0), attempt(5, 9.0, feasible=False),
             attempt(6, 1.0, feasible=False)]

    assert best_attempt(tried, objective).number == best


def test_without_a_feasible_attempt_there_is_no_best():
    assert best_attempt([attempt(1, 3.0, feasible=False)], MOST) is None


def test_changes_are_told_in_the_words_of_the_controls():
    told = changes(CONTROLS, design(), design(fusion="111", batch=64))

    assert [each.words for each in told] == ["Fusion: None to Full", "Batch: 16 rows to 64 rows"]


def test_a_free_grouping_names_its_kernels():
    assert value_words(FUSION, "011") == "Scale + ReLU + Add"
    assert value_words(FUSION, "101") == "Linear + Scale, ReLU + Add"
    assert value_words(Control(id="fusion", label="Fusion", chain=FUSION.chain), "000") == "nothing fused"


def test_numbers_carry_the_unit_of_their_control():
    assert value_words(Control(id="density", label="Density", values=(0.25,)), 0.25) == "0.25"
    assert value_words(Control(id="batch", label="Batch", values=(1, 2), unit="frames"), 1) == "1 frame"
    assert value_words(Control(id="wait", label="Wait", values=(1, 2), unit="ms"), 1) == "1 ms"
