"""What the instruments of parts 2 and 3 read can be pinned, as the numbers that they show."""

import pytest

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate
from rooflab.lab.readings import reading
from rooflab.specs import Gauge, Part
from rooflab.units import format_reading
from tests.unit import chain_lab
from tests.unit.chain_lab import design, part, scenario


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def read(instrument, **changes):
    return reading(scenario(), part(), design(**changes), instrument)


def time_s(**changes):
    return float(evaluate(scenario(), design(**changes)).output_time_s)


def test_traffic_reads_the_share_that_fusion_takes_away():
    y, x, w = 16 * 500 * 4, 16 * 1000 * 4, 1000 * 500 * 4

    assert read("traffic", fusion="111").value == pytest.approx(7 * y / (w + x + 8 * y))


def test_memory_reads_what_is_needed():
    assert read("memory", batch=1).value == (1000 * 500 + 1000 + 2 * 500) * 4


def test_the_trail_reads_the_intensity_of_the_step():
    found = read("trail", fusion="111", batch=1)

    assert found.value == pytest.approx((2 * 1000 * 500 + 3 * 500) / ((1000 * 500 + 1000 + 500) * 4))
    assert found.unit == "FLOP/byte"


def test_gains_read_the_speed_up_since_the_baseline_and_each_levers():
    whole = read("gains", fusion="111")

    assert whole.value == pytest.approx(time_s() / time_s(fusion="111"))
    assert read("gains-fusion", fusion="111").value == pytest.approx(whole.value)
    assert read("gains-precision", fusion="111").value == 1
    assert read("gains-fusion", fusion="111").name == "Speed-up by fusion"


def test_a_factor_below_one_is_written_without_a_prefix():
    assert format_reading(0.62, "×") == "0.62 ×"


def test_a_gauge_of_the_same_name_comes_first():
    own = Part(number=2, title="", objective="", gauges=(Gauge(id="memory", name="Own", quantity="mfu_fraction"),))

    assert reading(scenario(), own, design(), "memory").name == "Own"


@pytest.mark.parametrize("instrument", ["traffic", "gains", "gains-paint", "paint"])
def test_what_a_part_has_not_is_refused(instrument):
    bare = Part(number=2, title="", objective="")

    with pytest.raises(BadDesign, match=f"no instrument '{instrument}'"):
        reading(scenario(), bare, design(), instrument)
