"""One design as one point on the roofline."""

import pytest

from rooflab.analyses.trail import trail_point
from rooflab.evaluate import evaluate
from rooflab.tracks import track
from tests.unit import chain_lab
from tests.unit.chain_lab import BYTES_PER_S, PEAK_FLOP_PER_S, design, scenario


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def test_the_point_has_all_operations_over_all_bytes():
    point = trail_point(evaluate(scenario(), design(fusion="111", batch=1)))

    flop, bytes_ = 2 * 1000 * 500 + 3 * 500, (1000 * 500 + 1000 + 500) * 4
    assert point.intensity_flop_per_byte == pytest.approx(flop / bytes_)
    assert point.attained_flop_per_s == pytest.approx(flop / (bytes_ / BYTES_PER_S + 1e-5))
    assert point.roof_flop_per_s == pytest.approx(flop / bytes_ * BYTES_PER_S)  # left of the ridge at 100
    assert point.bound == "memory"


def test_right_of_the_ridge_the_roof_is_flat():
    point = trail_point(evaluate(scenario(), design(fusion="111", batch=256, precision="narrow")))

    assert point.roof_flop_per_s == PEAK_FLOP_PER_S
    assert point.bound == "compute"


@pytest.mark.parametrize("batch", [1, 64, 1024])
def test_no_step_of_a_service_is_above_its_roof(batch):
    place = track("cloud-titan").scenario(0)

    assert 0 < trail_point(evaluate(place, place.crisis.replace(batch=batch))).roof_fraction <= 1
