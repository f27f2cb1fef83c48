"""The traffic that fusing a chain removes: by hand, and against the evaluation."""

import numpy as np
import pytest

from rooflab.analyses.traffic import traffic
from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate
from rooflab.specs import Control
from tests.unit import chain_lab
from tests.unit.chain_lab import FUSION, design, scenario

Y = 16 * 500 * 4  # bytes of one output of the chain: 16 rows of 500 elements
X = 16 * 1000 * 4
W = 1000 * 500 * 4


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def moved(fusion="000", **changes):
    return traffic(scenario(), design(fusion=fusion, **changes), "fusion", FUSION)


def test_nothing_fused_writes_and_reads_every_output():
    found = moved()

    assert found.unfused.hbm_bytes == W + X + (1 + 2 + 2 + 3) * Y  # Add reads two
    assert found.present == found.unfused.__class__(**{**_fields(found.unfused), "name": "None"})
    assert found.savings == ()


def test_levels_move_what_their_kernels_move():
    none, partial, full = moved("111").levels

    assert [each.name for each in (none, partial, full)] == ["None", "Partial", "Full"]
    assert none.activation_bytes == X + 8 * Y
    assert partial.activation_bytes == X + 6 * Y  # Scale and ReLU in one kernel: a write and a read less
    assert full.activation_bytes == X + Y
    assert [each.launches for each in (none, partial, full)] == [4, 3, 1]


def test_fusing_changes_bytes_and_launches_and_no_operations():
    found = moved("111")

    assert found.saved_bytes == 7 * Y
    assert (found.unfused.launches, found.present.launches) == (4, 1)
    assert found.recomputed_fraction == 0
    assert found.present.weight_bytes == found.unfused.weight_bytes == W
    assert found.saved_fraction == 7 * Y / (W + X + 8 * Y)


def test_one_boundary_has_all_of_its_saving():
    (saving,) = moved("010").savings

    assert (saving.before, saving.after, saving.saved_bytes) == ("Scale", "ReLU", 2 * Y)


def test_savings_that_depend_on_each_other_are_shared_over_all_orders():
    # Sets of boundaries save, in Y: 0: 1, 1: 2, 2: 2, 01: 3, 02: 3, 12: 5, 012: 7.
    first, second, third = (each.saved_bytes / Y for each in moved("111").savings)

    assert first == pytest.approx(1 / 3 * 1 + 1 / 6 * (3 - 2) + 1 / 6 * (3 - 2) + 1 / 3 * (7 - 5))
    assert second == pytest.approx(1 / 3 * 2 + 1 / 6 * (3 - 1) + 1 / 6 * (5 - 2) + 1 / 3 * (7 - 3))
    assert third == pytest.approx(second)


@pytest.mark.parametrize("fusion", FUSION.space)
def test_savings_add_up_and_the_end_is_what_evaluate_says(fusion):
    found = moved(fusion, batch=64, precision="narrow")

    outcome = evaluate(scenario(), design(fusion=fusion, batch=64, precision="narrow"))
    assert sum(each.saved_bytes for each in found.savings) == pytest.approx(found.saved_bytes)
    assert found.present.hbm_bytes == outcome.operators.hbm_bytes.sum()
    assert found.present.launches == outcome.operators.launches.sum()
    assert sum(each.present_bytes for each in found.kernels) == pytest.approx(found.present.hbm_bytes)
    assert sum(each.unfused_bytes for each in found.kernels) == pytest.approx(found.unfused.hbm_bytes)


def test_a_grouping_without_a_name_is_yours():
    assert moved("011").present.name == "Your grouping"
    assert moved("111").present.name == "Full"


def test_a_chain_without_named_levels_has_both_ends():
    found = traffic(scenario(), design(fusion="100"), "fusion", Control(id="fusion", label="Fusion", chain=FUSION.chain))

    assert [each.fused for each in found.levels] == ["000", "111"]


def test_a_control_without_a_chain_fuses_nothing():
    with pytest.raises(BadDesign, match="batch fuses nothing"):
        traffic(scenario(), design(), "batch", Control(id="batch", label="Batch", values=(1, 2)))


def test_figures_are_plain_numbers():
    assert not [value for value in _fields(moved("111").present).values() if isinstance(value, np.ndarray | np.generic)]


def _fields(record):
    return {name: getattr(record, name) for name in record.__slots__}
