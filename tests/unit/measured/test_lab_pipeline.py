"""The pipeline of the lab itself against published decode rows of dense language models."""

import math

import numpy as np
import pytest
from rooflab.evaluate import evaluate
from rooflab.facts.calibration import (
    EDGE_BANDS,
    GPU_SERVING,
    MOBILE_BANDS,
    SERVING_BANDS,
    TINY_BANDS,
)
from rooflab.measured.rows import published_rows
from rooflab.specs import Confidence, Device, Precision, Source, SourceKind, Workload
from rooflab.systems.serving.design import GRADED, GRADED_BATCH, ServingDesign
from rooflab.systems.serving.scenario import ServingScenario

HERE = Source(
    id="row",
    name="The row itself",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Taken from the inputs of a row.",
)
SCHEMES = {"int8": "w8a16", "int4": "w4a16", "fp8": "fp8"}


def error(row):
    inputs, shape = row["inputs"], row["inputs"]["shape"]
    prefill = row["quantity"] == "prefill_time_s"
    spec = inputs["device_spec"]
    peaks = {Precision(name): value for name, value in spec["peak_flop_per_s"].items()}
    facts = {
        "peak_flop_per_s": peaks,
        "vector_flop_per_s": peaks[Precision.FP32],
        "hbm_bytes_per_s": spec["hbm_bytes_per_s"],
        "hbm_bytes": spec["memory_bytes"],
        "link_bytes_per_s": spec["link_bytes_per_s"],
    }
    sizes = {
        name: shape[name]
        for name in ("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "vocab")
    }
    # The pipeline counts three MLP matrices; two of this width have as many weights.
    sizes["ffn"] = sizes["ffn"] * shape["ffn_matrices"] / 3
    sizes |= {"max_context_tokens": 10**6}
    outcome = evaluate(
        ServingScenario(
            track_id="row",
            variant=0,
            devices=(Device(id="d", name="D", **facts, sources={HERE: tuple(facts)}),),
            device_count=inputs["chips"],
            workload=Workload(
                id="w",
                name="W",
                **sizes,
                sources={HERE: (*sizes, "ffn_matrices", "tied_embeddings", "experts", "experts_per_token")},
            ),
            calibration=GPU_SERVING,
        ),
        ServingDesign(
            phase="prefill" if prefill else "decode",
            batch=inputs["batch"],
            context_tokens=inputs["prompt_tokens" if prefill else "context_tokens"],
            precision=SCHEMES.get(inputs["weight_precision"], "bf16"),
            kv_precision="bf16",
            attention_kernel="fused",
            dispatch="eager" if "databricks" in inputs.get("software", "") else "graph",
            fusion="010010",
            kv_layout="contiguous",
            experts="dense",
            draft_tokens=0,
            sparsity="dense",
            device_id="d",
        ),
    )
    rate = row["quantity"] == "decode_tokens_per_s"
    predicted = outcome.tokens_per_s if rate else outcome.step_time_s
    return abs(predicted / row["measured"] - 1)


TOPICS = {"decode": ("decode-b1", "decode-batch"), "prefill": ("prefill",)}
ROWS = {
    phase: [each for each in published_rows() if each["topic"] in topics and each["graded"]]
    for phase, topics in TOPICS.items()
}


@pytest.mark.parametrize("band", SERVING_BANDS, ids=lambda each: each.topic)
def test_the_band_that_the_lab_shows_is_the_one_that_rows_give(band):
    errors = [error(each) for each in ROWS[band.topic]]

    assert len(errors) == band.rows
    assert np.median(errors) == pytest.approx(band.median_fraction, abs=0.005)
    assert np.percentile(errors, 90) == pytest.approx(band.p90_fraction, abs=0.005)


def test_designs_are_graded_on_the_devices_and_in_the_batches_of_the_rows():
    found, largest = {}, {}
    for phase, rows in ROWS.items():
        for inputs in (each["inputs"] for each in rows):
            key = phase, SCHEMES.get(inputs["weight_precision"], "bf16")
            found.setdefault(key, set()).add(inputs["device"])
            largest[phase] = max(largest.get(phase, 0), inputs["batch"])

    assert {key: set(devices) for key, devices in GRADED.items()} == found
    assert GRADED_BATCH == largest


def test_decode_is_within_a_tenth_of_the_world():
    errors = [error(each) for each in ROWS["decode"]]

    assert np.median(errors) <= 0.08
    assert max(errors) <= 0.30


@pytest.mark.parametrize("band", (*EDGE_BANDS, *TINY_BANDS, *MOBILE_BANDS), ids=lambda e: e.topic)
def test_a_kind_with_fewer_than_five_graded_rows_is_not_validated(band):
    graded = [each for each in published_rows() if each["topic"] == band.topic and each["graded"]]

    assert len(graded) == band.rows < 5
    assert not band.validated
    assert math.isnan(band.median_fraction)
