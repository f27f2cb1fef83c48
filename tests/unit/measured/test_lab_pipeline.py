"""Grading stands on the lab's own evaluation, and the bands on screen are those of the grading."""

import math

import numpy as np
import pytest

from rooflab.evaluate import evaluate
from rooflab.facts.calibration import EDGE_BANDS, MOBILE_BANDS, SERVING_BANDS, TINY_BANDS
from rooflab.measured.apart import reason_apart
from rooflab.measured.predict import predict_row, predict_rows
from rooflab.measured.rows import published_rows
from rooflab.measured.serving_rows import row_design, row_scenario
from rooflab.systems.serving.graded import GRADED, GRADED_BATCH

TOPICS = {
    "decode": ("decode-b1", "decode-batch", "batching"),
    "prefill": ("prefill",),
    "serving": ("serving",),
    "moe": ("moe",),
}
PUBLISHED = published_rows()
ROWS = {
    topic: [each for each in PUBLISHED if each["topic"] in names and each["graded"]] for topic, names in TOPICS.items()
}
PREDICTED = predict_rows(PUBLISHED)[0]
STATED = [each for rows in ROWS.values() for each in rows if each["inputs"]["batch"] is not None]


def test_the_bands_are_of_the_topics_that_are_graded():
    assert [each.topic for each in SERVING_BANDS] == list(TOPICS) == list(GRADED) == list(GRADED_BATCH)


@pytest.mark.parametrize("band", SERVING_BANDS, ids=lambda each: each.topic)
def test_the_band_that_the_lab_shows_is_the_one_that_rows_give(band):
    errors = [abs(PREDICTED[each["id"]] / each["measured"] - 1) for each in ROWS[band.topic]]

    assert len(errors) == band.rows
    assert np.median(errors) == pytest.approx(band.median_fraction, abs=0.005)
    assert np.percentile(errors, 90) == pytest.approx(band.p90_fraction, abs=0.005)


def test_designs_are_graded_on_the_devices_and_in_the_batches_of_the_rows():
    for topic, rows in ROWS.items():
        found = {}
        for inputs in (each["inputs"] for each in rows):
            design = row_design(inputs, phase="decode", batch=1, context_tokens=1)
            found.setdefault((design.precision, design.kv_precision), set()).add(inputs["device"])
        most = row_scenario(rows[0]["inputs"]).engine.most_sequences  # where no batch is stated

        assert {key: set(devices) for key, devices in GRADED[topic].items()} == found
        assert GRADED_BATCH[topic] == max(each["inputs"]["batch"] or most for each in rows)


@pytest.mark.parametrize("row", STATED, ids=lambda each: each["id"])
def test_a_row_is_graded_by_the_number_that_the_lab_evaluates(row):
    inputs = row["inputs"]
    scenario = row_scenario(inputs)

    def outcome(phase, context):
        design = row_design(inputs, phase=phase, batch=inputs["batch"], context_tokens=context)
        return evaluate(scenario, design)

    prompt, output = inputs.get("prompt_tokens"), inputs.get("output_tokens")
    context = inputs.get("context_tokens") or prompt + (output or 0) / 2
    if row["quantity"] == "prefill_time_s":
        shown = outcome("prefill", prompt).step_time_s
    elif row["quantity"] == "serving_tokens_per_s" and inputs["scheduling"] == "static":
        read, step = outcome("prefill", prompt).step_time_s, outcome("decode", context).step_time_s
        shown = inputs["batch"] * output / (read + (output - 1) * step)
    elif row["quantity"] == "decode_step_time_s":
        shown = outcome("decode", context).step_time_s
    else:
        shown = outcome("decode", context).tokens_per_s

    assert predict_row(row) == shown  # to the last bit


@pytest.mark.parametrize("band", (*EDGE_BANDS, *TINY_BANDS, *MOBILE_BANDS), ids=lambda e: e.topic)
def test_a_kind_whose_track_runs_fewer_than_five_graded_rows_is_not_validated(band):
    graded = [
        each
        for each in PUBLISHED
        if each["topic"] == band.topic and each["graded"] and reason_apart(each) is None
    ]

    assert len(graded) == band.rows < 5
    assert not band.validated
    assert math.isnan(band.median_fraction)
