import pytest

from ridgepoint.errors import FactError
from ridgepoint.facts import calibration, sources
from ridgepoint.facts.devices import DEVICES, device
from ridgepoint.facts.microcontrollers import MICROCONTROLLERS, microcontroller
from ridgepoint.facts.workloads import WORKLOADS, workload
from ridgepoint.specs import Source

SOURCES = [getattr(sources, name) for name in sources.__all__]


@pytest.mark.parametrize("each", SOURCES, ids=lambda each: each.id)
def test_a_source_has_a_name_and_a_date(each):
    assert isinstance(each, Source)
    assert each.name
    assert each.date


def test_ids_are_unique():
    for records in (SOURCES, DEVICES, WORKLOADS, MICROCONTROLLERS):
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
    with pytest.raises(FactError, match="known are llama-3-70b, llama"):
        workload("gpt-9")


@pytest.mark.parametrize(
    ("workload_id", "billions", "active"),
    [
        ("llama-3-70b", 70.554, 70.554),
        ("llama-3-8b", 8.030, 8.030),
        ("llama-2-7b", 6.738, 6.738),
        ("llama-2-70b", 68.977, 68.977),
        ("mixtral-8x7b", 46.703, 12.88),
        ("mixtral-8x22b", 140.6, 39.1),
    ],
)
def test_shapes_add_up_to_the_published_parameters(workload_id, billions, active):
    found = workload(workload_id)

    assert found.params_count == pytest.approx(billions * 1e9, rel=1e-3)
    assert found.active_params_count == pytest.approx(active * 1e9, rel=3e-3)


def test_the_ridge_does_not_rise_with_every_generation():
    assert device("b200").ridge_flop_per_byte("bf16") == pytest.approx(281, abs=0.5)
    assert device("b200").ridge_flop_per_byte("bf16") < device("h100-sxm").ridge_flop_per_byte(
        "bf16"
    )


def test_what_is_assumed_says_so():
    assert device("ar-glasses").source_of("peak_flop_per_s").confidence == "assumed"
    assert "assumed" in device("ar-glasses").name


def test_a_missing_fact_is_absent_and_raises():
    with pytest.raises(FactError, match="ar-glasses has no fact 'hbm_bytes'; it has"):
        device("ar-glasses").fact("hbm_bytes")
    with pytest.raises(FactError, match="apollo4-plus has no fact 'mac_cycles'"):
        microcontroller("apollo4-plus").fact("mac_cycles")
    with pytest.raises(FactError, match="known are esp32, esp32-s3"):
        microcontroller("pico")


def test_the_esp32_sleeps_above_a_milliwatt():
    assert 2e-3 < microcontroller("esp32").sleep_w < 3e-3
    assert microcontroller("esp32-s3").sleep_w < 1e-3
    assert microcontroller("esp32").active_w == pytest.approx(99e-3)


def test_the_shares_of_a_peak_have_sources():
    assert calibration.GPU_SERVING.source_of("hbm_fraction").kind == "fit"
