"""Rows that no track runs say why; those that a track runs have no reason."""

import pytest

from rooflab.measured.apart import reason_apart
from tests.unit.measured.kernel_refit import kernel_rows

BY_ID = {each["id"]: each for each in kernel_rows()}


@pytest.mark.parametrize("row", kernel_rows(), ids=lambda each: each["id"])
def test_a_row_is_apart_with_a_reason_or_is_what_a_track_evaluates(row):
    evaluated = {"ED-10", "MC-05", "MC-07"}  # the detector in INT8, and products on the ESP32-S3

    assert (reason_apart(row) is None) == (row["id"] in evaluated)


def test_decoding_is_what_a_track_evaluates():
    assert reason_apart({"quantity": "decode_tokens_per_s", "inputs": {}}) is None
    assert reason_apart({"quantity": "mbu_fraction", "inputs": {"workload": "decode"}}) is None


def test_the_reason_names_what_the_track_has():
    assert "YOLOv8n" in reason_apart(BY_ID["ED-01"])
    assert reason_apart(BY_ID["ED-08"]) == reason_apart(BY_ID["ED-01"])  # FP32
