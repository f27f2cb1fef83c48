"""The records of devices agree with the published rows, and every figure is within what is built."""

import json
from dataclasses import replace

import pytest

from rooflab.errors import FactError
from rooflab.facts.devices import ALIASES, DEVICES, MICROCONTROLLERS, chip, device
from rooflab.measured.rows import published_rows

RECORDS = {each.id: each for each in (*DEVICES, *MICROCONTROLLERS)} | {"nordic-axon-npu": next(each for each in MICROCONTROLLERS if each.id == "nrf54lm20b")}
FIELDS = {
    "memory_bytes": "hbm_bytes",
    "shared_memory_per_sm_bytes": "shared_memory_bytes",
    "simd_int8_lanes": "lanes",
}
# Figures that are peaks by precision, or that a row estimates and no data sheet prints.
OTHERWISE = {"peak_flop_per_s", "dla_peak_flop_per_s", "supply_v", "energy_per_mac_j", "energy_per_weight_byte_j", "launch_sync_s", "launch_async_gap_s"}
# What a record knows better than the rows, and why.
CORRECTED = {
    ("gb200", "peak_flop_per_s"): "the rows state the B200's; the GB200's data sheet prints a ninth more",
    ("gb200", "memory_bytes"): "186 GB in the data sheet, 180 in the rows, as the B200",
    ("esp32-s3", "peak_flop_per_s"): "no source prints it: 16 lanes at 240 MHz, which the row rounds to 7.7 GOP/s",
}


def _specs():
    found = {}
    for row in published_rows():
        inputs = row["inputs"]
        for each in (inputs, inputs.get("numerator", {}), inputs.get("denominator", {})):
            if "device_spec" in each:
                found[each["device"], json.dumps(each["device_spec"], sort_keys=True)] = each["device_spec"]
    return [(name, spec) for (name, _), spec in sorted(found.items())]


@pytest.mark.parametrize(("name", "spec"), _specs(), ids=lambda each: each if isinstance(each, str) else "")
def test_a_device_of_the_rows_is_a_record_with_the_same_figures(name, spec):
    record = RECORDS[name]
    for key, value in spec.items():
        if value is None or key in OTHERWISE or (name, key) in CORRECTED:
            continue
        assert getattr(record, FIELDS.get(key, key)) == value, key


@pytest.mark.parametrize(("name", "spec"), _specs(), ids=lambda each: each if isinstance(each, str) else "")
def test_a_device_of_the_rows_has_the_same_peaks(name, spec):
    if (name, "peak_flop_per_s") in CORRECTED:
        return
    peaks = spec["peak_flop_per_s"] or {}
    record = RECORDS[name]
    known = record.peak_flop_per_s if name in {each.id for each in DEVICES} else {"int8": record.peak_flop_per_s}

    assert {precision: known[precision] for precision in peaks} == peaks
    if dla := spec.get("dla_peak_flop_per_s"):
        assert dla == {"int8": record.dla_flop_per_s}


@pytest.mark.parametrize("each", DEVICES, ids=lambda each: each.id)
def test_a_narrower_format_is_not_slower(each):
    order = [name for name in ("fp64", "fp32", "fp16", "fp8", "fp4") if name in each.peak_flop_per_s]
    peaks = [each.peak_flop_per_s[name] for name in order]

    assert peaks == sorted(peaks)


@pytest.mark.parametrize(
    ("name", "precision", "printed"),
    [
        ("h100-pcie", "fp16", 1513e12),
        ("gh200-96gb", "fp8", 3958e12),
        ("gb200", "fp4", 20e15),
        ("l4", "fp8", 485e12),
        ("l40s", "fp8", 1466e12),
        ("rtx-4090", "bf16", 330.4e12),
        ("rtx-5090", "fp4", 3352e12),
        ("rtx-pro-6000-blackwell", "fp4", 4e15),
        ("jetson-orin-nx-16gb", "int8", 60e12),
        ("jetson-thor-t5000", "fp4", 2070e12),
    ],
)
def test_a_peak_is_half_of_what_is_printed_with_sparsity(name, precision, printed):
    assert device(name).peak(precision) == pytest.approx(printed / 2, rel=2e-3)  # 3958 is printed for twice 1978.9


@pytest.mark.parametrize(
    ("name", "multiprocessors", "flop_per_clock", "clock_hz", "precision"),
    [
        ("rtx-4090", 128, 512, 2.52e9, "bf16"),  # with FP32 accumulation GeForce does half of 1024
        ("rtx-3090", 82, 512, 1.695e9, "bf16"),
        ("rtx-5090", 170, 512, 2.407e9, "bf16"),
        ("v100", 80, 1024, 1.53e9, "fp16"),
        ("radeon-8060s", 40, 512, 2.9e9, "bf16"),
    ],
)
def test_a_peak_is_what_its_units_do_at_their_clock(name, multiprocessors, flop_per_clock, clock_hz, precision):
    assert device(name).peak(precision) == pytest.approx(multiprocessors * flop_per_clock * clock_hz, rel=5e-3)


@pytest.mark.parametrize(
    ("name", "device_id"),
    [
        ("L40S", "l40s"),
        ("NVIDIA L40S", "l40s"),
        ("h100", "h100-sxm"),
        ("H100_PCIe", "h100-pcie"),
        ("NVIDIA A100-SXM4-80GB", "a100-sxm-80gb"),  # as nvidia-smi prints them
        ("NVIDIA A100-SXM4-40GB", "a100-sxm-40gb"),
        ("NVIDIA A100 80GB PCIe", "a100-pcie-80gb"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm"),
        ("NVIDIA GeForce RTX 4090", "rtx-4090"),
        ("  rtx 3060 ", "rtx-3060-12gb"),
        ("AMD Instinct MI300X", "mi300x"),
        ("Jetson AGX Orin", "jetson-agx-orin-64gb"),
        ("TPU v5e", "tpu-v5e"),
        ("Apple M1 Max", "apple-m1-max"),
    ],
)
def test_a_device_is_found_by_the_names_that_people_use(name, device_id):
    assert device(name).id == device_id


def test_every_record_is_found_by_its_id_and_by_its_name():
    for each in (*DEVICES, *MICROCONTROLLERS):
        assert chip(each.id.upper()) is each
        assert chip(each.name) is each


@pytest.mark.parametrize(("alias", "device_id"), ALIASES.items(), ids=ALIASES)
def test_an_alias_names_one_device(alias, device_id):
    others = [each for each in (*DEVICES, *MICROCONTROLLERS) if each.id != device_id]

    assert chip(alias).id == device_id
    assert alias.replace(" ", "") not in {name.lower().replace("-", "").replace(" ", "") for each in others for name in (each.id, each.name)}


@pytest.mark.parametrize(
    ("name", "near"),
    [("l40x", "l40s"), ("h10", "h100-sxm"), ("rtx 4080", "rtx-4090"), ("mi350x", "mi325x"), ("esp32-s2", "esp32-s3")],
)
def test_a_wrong_name_is_answered_with_those_near_to_it(name, near):
    with pytest.raises(FactError, match=f"No device '{name}' is known; near to it (is|are) .*{near}"):
        device(name)


@pytest.mark.parametrize("name", ["", "NVIDIA", "!", "\N{SNOWMAN}" * 9, "x" * 10_000_000])
def test_a_name_of_nothing_is_answered_with_all_there_are(name):
    with pytest.raises(FactError, match=r"known are a100-sxm-80gb, .*stm32n6\.") as refused:
        device(name)

    assert len(str(refused.value)) < 1000


def test_a_microcontroller_is_no_device_with_a_main_memory():
    with pytest.raises(FactError, match="ESP32-S3 .* is a microcontroller"):
        device("ESP32-S3")


def test_a_card_goes_before_a_device_of_the_same_id():
    own = replace(device("h100-sxm"), name="The H100 that was measured", hbm_bytes_per_s=3e12)

    assert device("h100-sxm", [own]) is device("H100", [own]) is device("the h100 that was measured", [own]) is own
    assert device("l4", [own]) is device("l4")
