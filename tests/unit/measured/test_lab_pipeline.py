"""The pipeline of the lab itself against published decode rows of dense language models."""

import numpy as np
import pytest

from ridgepoint.evaluate import ServingDesign, evaluate
from ridgepoint.facts.calibration import GPU_SERVING
from ridgepoint.measured.rows import published_rows
from ridgepoint.specs import (
    Confidence,
    Device,
    Precision,
    Scenario,
    Source,
    SourceKind,
    Workload,
)

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
    } | {"max_context_tokens": 10**6}
    outcome = evaluate(
        Scenario(
            track_id="row",
            variant=0,
            devices=(Device(id="d", name="D", **facts, sources={HERE: tuple(facts)}),),
            device_count=inputs["chips"],
            workload=Workload(
                id="w",
                name="W",
                **sizes,
                sources={HERE: (*sizes, "experts", "experts_per_token")},
            ),
            calibration=GPU_SERVING,
        ),
        ServingDesign(
            phase="decode",
            batch=inputs["batch"],
            context_tokens=inputs["context_tokens"],
            precision=SCHEMES.get(inputs["weight_precision"], "bf16"),
            kv_precision="bf16",
            attention_kernel="fused",
            dispatch="graph",
            device_id="d",
        ),
    )
    rate = row["quantity"] == "decode_tokens_per_s"
    predicted = outcome.tokens_per_s if rate else outcome.step_time_s
    return abs(predicted / row["measured"] - 1)


ROWS = [
    each
    for each in published_rows()
    if each["topic"] in ("decode-b1", "decode-batch") and each["graded"]
]


def test_decode_is_within_a_tenth_of_the_world():
    errors = [error(each) for each in ROWS]

    assert len(errors) >= 10
    assert np.median(errors) <= 0.08
    assert max(errors) <= 0.30


@pytest.mark.parametrize("row", ROWS, ids=[each["id"] for each in ROWS])
def test_no_row_is_off_by_half(row):
    assert error(row) < 0.5
