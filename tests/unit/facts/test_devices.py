"""The records of devices agree with the published rows, and every figure is within what is built."""

import json

import pytest

from rooflab.facts.devices import DEVICES, MICROCONTROLLERS, device
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
