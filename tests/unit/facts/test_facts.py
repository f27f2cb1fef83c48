import pytest

from ridgepoint.errors import FactError
from ridgepoint.facts import calibration, sources
from ridgepoint.facts.devices import DEVICES, device
from ridgepoint.facts.workloads import WORKLOADS, workload
from ridgepoint.specs import Source

SOURCES = [getattr(sources, name) for name in sources.__all__]


@pytest.mark.parametrize("each", SOURCES, ids=lambda each: each.id)
def test_a_source_has_a_name_and_a_date(each):
    assert isinstance(each, Source)
    assert each.name
    assert each.date


def test_ids_are_unique():
    for records in (SOURCES, DEVICES, WORKLOADS):
        assert len({each.id for each in records}) == len(records)


@pytest.mark.parametrize("each", DEVICES, ids=lambda each: each.id)
def test_a_device_is_physical(each):
    for precision in each.peak_flop_per_s:
        if each.hbm_bytes_per_s is not None:
            assert 1 < each.ridge_flop_per_byte(precision) < 5000  # catches a slip of a prefix


def test_ridges_are_those_of_the_datasheets():
    assert device("a100-sxm-80gb").ridge_flop_per_byte("bf16") == pytest.approx(153, abs=0.5)
    assert device("h100-sxm").ridge_flop_per_byte("bf16") == pytest.approx(295, abs=0.5)
    assert device("h100-sxm").ridge_flop_per_byte("fp8") == pytest.approx(591, abs=0.5)


def test_every_figure_of_a_device_has_a_source():
    for each in DEVICES:
        assert each.source_of("peak_flop_per_s").name


def test_unknown_ids_say_what_is_known():
    with pytest.raises(FactError, match="No device 'b300' is known; known are a100-sxm-80gb"):
        device("b300")
    with pytest.raises(FactError, match="known are llama-3-70b"):
        workload("gpt-9")


def test_the_shares_of_a_peak_have_sources():
    assert calibration.GPU_SERVING.source_of("hbm_fraction").kind == "fit"
