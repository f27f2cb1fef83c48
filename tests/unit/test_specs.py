import numpy as np
import pytest

from rooflab.errors import BadDesign, FactError, UnsupportedPrecision
from rooflab.evaluate import design_from_json
from rooflab.facts.devices_tracks import A100_SXM_80GB
from rooflab.facts.sources import A100_DATASHEET
from rooflab.facts.workloads_tracks import LLAMA_3_70B
from rooflab.specs import Confidence, Device, Precision, Source, SourceKind
from rooflab.specs.precision import WEIGHT_SCHEMES
from rooflab.systems.serving.design import ServingDesign

DESIGN = {
    "phase": "decode",
    "batch": 47,
    "context_tokens": 4096,
    "precision": "bf16",
    "kv_precision": "bf16",
    "attention_kernel": "eager",
    "dispatch": "graph",
    "fusion": "010010",
    "kv_layout": "contiguous",
    "experts": "dense",
    "draft_tokens": 0,
    "sparsity": "dense",
    "device_id": "a100-sxm-80gb",
}


def test_a_figure_without_a_source_is_refused():
    with pytest.raises(FactError, match="no source vouches for.*tdp_w"):
        Device(
            id="x",
            name="X",
            peak_flop_per_s={Precision.BF16: 1e12},
            tdp_w=400.0,
            sources={A100_DATASHEET: ("peak_flop_per_s",)},
        )


def test_a_source_cannot_vouch_for_a_field_that_is_not_there():
    with pytest.raises(FactError, match="no such fields"):
        Device(
            id="x",
            name="X",
            peak_flop_per_s={Precision.BF16: 1e12},
            sources={A100_DATASHEET: ("peak_flop_per_s", "colour")},
        )


@pytest.mark.parametrize("bad", [0.0, -1.0, float("inf"), float("nan")])
def test_a_figure_must_be_positive_and_finite(bad):
    with pytest.raises(FactError, match="must be positive"):
        Device(
            id="x",
            name="X",
            peak_flop_per_s={Precision.BF16: bad},
            sources={A100_DATASHEET: ("peak_flop_per_s",)},
        )


def test_evidence_needs_an_address():
    with pytest.raises(FactError, match="needs a url"):
        Source(
            id="x",
            name="X",
            kind=SourceKind.DATASHEET,
            confidence=Confidence.MEMORY,
            date="2020",
        )


def test_a_measurement_of_ones_own_says_when_or_how_and_needs_no_address():
    about = {"id": "own", "name": "Triad", "kind": SourceKind.OWN, "confidence": Confidence.PRIMARY}

    assert Source(**about, date="2026-11-29").url == ""
    assert Source(**about, date="", note="best of five").url == ""
    with pytest.raises(FactError, match="its date or its note must say when or how"):
        Source(**about, date="")


def test_a_missing_peak_says_which_there_are():
    with pytest.raises(UnsupportedPrecision, match="no peak rate for fp8; it has fp32, fp16, bf16"):
        A100_SXM_80GB.peak(Precision.FP8)


def test_parameters_follow_from_the_shape():
    attention = 8192 * 128 * (2 * 64 + 2 * 8)  # Q and O of 64 heads, K and V of 8
    mlp = 3 * 8192 * 28672
    norms = 2 * 8192
    tables = 2 * 128256 * 8192

    assert LLAMA_3_70B.params_count == 80 * (attention + mlp + norms) + tables + 8192
    assert LLAMA_3_70B.params_count == pytest.approx(70.554e9, rel=1e-4)  # as published


def test_a_token_keeps_320_kib_in_the_cache():
    assert LLAMA_3_70B.cache_bytes(1, 2.0) == 2 * 80 * 8 * 128 * 2  # K and V, BF16
    assert LLAMA_3_70B.cache_bytes(1, 2.0) == 327_680


def test_a_design_survives_json():
    design = ServingDesign.from_json(DESIGN)

    assert design_from_json(design.to_json()) == design
    assert hash(design_from_json(design.to_json())) == hash(design)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"batch": 0}, "whole number from 1 to 1048576; got 0"),
        ({"batch": 1.5}, "whole number"),
        ({"batch": True}, "whole number"),
        ({"batch": float("nan")}, "whole number"),
        ({"batch": float("inf")}, "whole number"),
        ({"batch": "many"}, "whole number"),
        ({"batch": np.array([1, -1])}, "whole number"),
        ({"phase": "training"}, "phase must be one of decode, prefill; got 'training'"),
        ({"phase": ["decode"]}, "phase must be one of"),
        ({"precision": None}, "precision must be one of bf16, fp8, w8a16, w4a16"),
        ({"device_id": 3}, "device_id must be text"),
        ({"colour": "red"}, "no 'colour'; it has phase, batch"),
        ({"kind": "vehicle"}, "'serving' is accepted here"),
    ],
)
def test_a_malformed_design_says_what_is_accepted(change, words):
    with pytest.raises(BadDesign, match=words):
        ServingDesign.from_json(DESIGN | change)


def test_a_design_that_lacks_values_names_them():
    with pytest.raises(BadDesign, match="lacks batch"):
        ServingDesign.from_json({k: v for k, v in DESIGN.items() if k != "batch"})


@pytest.mark.parametrize("data", [None, [], "design", 3, {}, {"kind": []}])
def test_what_is_no_design_is_refused(data):
    with pytest.raises(BadDesign):
        design_from_json(data)


def test_a_stored_weight_has_its_bits_and_its_share_of_the_scales():
    of_128 = (2 + 2) / 128  # a scale and a zero point of 16 bits for 128 weights
    of_16 = 1 / 16  # a scale of 8 bits for 16 weights

    assert {each.id: each.element_bytes for each in WEIGHT_SCHEMES.values()} == {
        "bf16": 16 / 8, "fp8": 8 / 8, "w8a16": 8 / 8, "w8a8": 8 / 8, "w4a16": 4 / 8 + of_128, "w4a8": 4 / 8 + of_128, "fp4": 4 / 8 + of_16,
    }  # fmt: skip
