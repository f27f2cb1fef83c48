
import pytest

from rooflab.errors import FactError
from rooflab.facts import calibration, device_sources, sources
from rooflab.facts.devices import DEVICES, MICROCONTROLLERS, device
from rooflab.facts.microcontrollers import APOLLO4_PLUS, ESP32, ESP32_S3
from rooflab.facts.workloads import WORKLOADS
from rooflab.model.stack import shape_of
from rooflab.specs import Source

SOURCES = [getattr(module, name) for module in (sources, device_sources) for name in module.__all__]
WORKLOAD = {each.id: each for each in WORKLOADS}


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


@pytest.mark.parametrize(
    ("workload_id", "billions", "active"),
    [
        ("llama-3-70b", 70.554, 70.554),
        ("llama-3-8b", 8.030, 8.030),
        ("llama-2-7b", 6.738, 6.738),
        ("llama-2-70b", 68.977, 68.977),
        ("mixtral-8x7b", 46.703, 12.88),
        ("mixtral-8x22b", 140.6, 39.1),
        ("deepseek-v3", 671.0, 37.55),
    ],
)
def test_shapes_add_up_to_the_published_parameters(workload_id, billions, active):
    found = WORKLOAD[workload_id]

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
        APOLLO4_PLUS.fact("mac_cycles")


def test_the_esp32_sleeps_above_a_milliwatt():
    assert 2e-3 < ESP32.sleep_w < 3e-3
    assert ESP32_S3.sleep_w < 1e-3
    assert ESP32.active_w == pytest.approx(99e-3)


def test_the_shares_of_a_peak_have_sources():
    assert calibration.GPU_SERVING.source_of("hbm_fraction").kind == "fit"


@pytest.mark.parametrize(
    ("workload_id", "kept_bytes"),
    [
        ("llama-3-70b", 2 * 80 * 8 * 128 * 2),  # keys and values, layers, heads, head size, BF16
        ("llama-2-7b", 2 * 32 * 32 * 128 * 2),
        ("deepseek-v3", 61 * (512 + 64) * 2),  # layers, the latent vector with its rotary part
    ],
)
def test_the_cache_of_a_token_is_what_its_shape_says(workload_id, kept_bytes):
    assert WORKLOAD[workload_id].cache_bytes(1, 2.0) == kept_bytes


def test_a_latent_cache_is_one_group_that_all_heads_share():
    shape = shape_of(WORKLOAD["deepseek-v3"])

    assert (shape.kv_groups, shape.group_size, shape.cached_dim) == (1, 128, 512 + 64)
    # A score against the latent vector and its rotary part, then a sum of latent vectors; in prompts of plain heads.
    assert shape.decode_score_flop == 2 * (512 + 64) + 2 * 512
    assert shape.prefill_score_flop == 2 * (128 + 64) + 2 * 128
