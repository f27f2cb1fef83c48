"""Rows that the published table does not hold: every quantity on every device and model of the schema."""

import copy
import math

import pytest

from rooflab.facts.devices import DEVICES
from rooflab.facts.workloads import WORKLOADS
from rooflab.measured.predict import QUANTITIES, predict_row, predict_rows
from rooflab.measured.rows import RowError, published_rows
from rooflab.measured.serving_rows import row_scenario

BY_ID = {each["id"]: each for each in published_rows()}


def spec_of(device):
    peaks = {str(name): value for name, value in device.peak_flop_per_s.items()}
    if device.vector_flop_per_s:
        peaks["fp32"] = device.vector_flop_per_s
    return {
        "peak_flop_per_s": peaks,
        "hbm_bytes_per_s": device.hbm_bytes_per_s,
        "memory_bytes": device.hbm_bytes,
        "link_bytes_per_s": device.link_bytes_per_s,
    }


def shape_of(workload):
    latent = workload.latent_elements is not None
    return {
        "layers": workload.layers,
        "hidden": workload.hidden,
        "heads": workload.heads,
        "kv_heads": None if latent else workload.kv_heads,
        "head_dim": None if latent else workload.head_dim,
        "ffn": workload.ffn,
        "ffn_matrices": 3,
        "vocab": workload.vocab,
        "tied_embeddings": False,
        "params_total": workload.params_count,
        "params_active": workload.active_params_count,
        "experts": workload.experts,
        "experts_per_token": workload.experts_per_token,
    }


def row(quantity, device, language, **inputs):
    return {
        "id": "x",
        "quantity": quantity,
        "inputs": {
            "device": device.id,
            "device_spec": spec_of(device),
            "chips": 64 if language.params_count > 2e11 else 8,  # in 16 bits Qwen3-235B fits no eight of 40 GB, DeepSeek-V3 none
            "model": language.id,
            "shape": shape_of(language),
            "batch": 4,
            "prompt_tokens": 1024,
            "output_tokens": 256,
            "context_tokens": 1152,
            "compute_precision": "bf16",
            "weight_precision": "bf16",
            "kv_precision": "bf16",
        }
        | inputs,
    }


GPUS = [each for each in DEVICES if each.link_bytes_per_s and (each.hbm_bytes or 0) >= 40e9]  # eight hold Mixtral 8x22B in 16 bits
LANGUAGE = (
    "decode_tokens_per_s",
    "decode_step_time_s",
    "prefill_time_s",
    "serving_tokens_per_s",
    "mbu_fraction",
)


@pytest.mark.parametrize("device", GPUS, ids=lambda each: each.id)
@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each.id)
def test_every_language_quantity_is_predicted_on_every_accelerator(device, workload):
    for quantity in LANGUAGE:
        for scheduling in ("static", "continuous"):
            value = predict_row(row(quantity, device, workload, scheduling=scheduling))
            assert 0 < value < math.inf
    half = predict_row(row("mbu_fraction", device, workload))
    assert half < 1  # no more than the datasheet's bandwidth


@pytest.mark.parametrize("precision", ["fp8", "int8", "int4", "fp4"])
def test_narrower_weights_are_faster_on_their_own(precision):
    h200 = next(each for each in GPUS if each.id == "h200-sxm")
    for workload in WORKLOADS:
        wide = predict_row(row("decode_tokens_per_s", h200, workload, batch=1))
        narrow = row("decode_tokens_per_s", h200, workload, batch=1, weight_precision=precision)

        # All bytes but the cache shrink at most to a quarter, and the kernels' starts remain.
        assert 1 < predict_row(narrow) / wide < 4


def test_four_bits_throughout_are_predicted_where_there_is_a_peak():
    b200 = next(each for each in GPUS if each.id == "b200")
    fp4 = {"weight_precision": "fp4", "compute_precision": "fp4", "kv_precision": "fp8"}

    assert predict_row(row("serving_tokens_per_s", b200, WORKLOADS[0], **fp4)) > 0
    with pytest.raises(RowError, match="no peak for fp4; it has"):
        predict_row(row("serving_tokens_per_s", GPUS[0], WORKLOADS[0], **fp4))


def test_what_a_latent_cache_keeps_is_known_by_name():
    deepseek = next(each for each in WORKLOADS if each.id == "deepseek-v3")
    inputs = row("max_batch", GPUS[0], deepseek)["inputs"]

    served = row_scenario(inputs).workload
    assert served.layers * served.cached_elements == 61 * 576


@pytest.mark.parametrize("name", ["batch", "context_tokens", "kv_precision", "chips", "software"])
@pytest.mark.parametrize("quantity", LANGUAGE)
def test_a_language_row_does_without_what_no_source_states(name, quantity):
    given = row(quantity, GPUS[0], WORKLOADS[1], scheduling="static", workload="decode")
    given["inputs"][name] = None

    assert predict_row(given) > 0


def test_a_drafts_verification_costs_time_of_its_own():
    large, small = (next(e for e in WORKLOADS if e.id == name) for name in ("llama-2-70b", "llama-2-7b"))
    draft = {"draft_shape": shape_of(small), "acceptance_rate": 0.8, "draft_tokens": 4}
    one, many = (
        predict_row(row("speculative_speedup", GPUS[0], large, batch=batch, **draft))
        for batch in (1, 256)
    )

    assert 1 < one < 3.4  # 3.36 tokens a round at this rate, 0.33 above a constant one, drafts not free
    assert many < 1  # at 1280 tokens a step verification is bound by arithmetic


def changed(row_id, **inputs):
    found = copy.deepcopy(BY_ID[row_id])
    found["inputs"].update(inputs)
    return found


@pytest.mark.parametrize("model", ["resnet-50", "yolov8n", "unheard-of"])
@pytest.mark.parametrize("scenario", ["single_stream", "offline"])
@pytest.mark.parametrize("precision", ["fp32", "fp16", "int8"])
def test_a_network_is_predicted_in_every_scenario_and_format(model, scenario, precision):
    one = changed("ED-01", model=model, scenario=scenario, precision=precision, batch=None)

    # No more than the peak lets through, and not a hundred times less.
    peak_s = 8.2e9 / one["inputs"]["device_spec"]["peak_flop_per_s"][precision]
    assert peak_s < predict_row(one) < 100 * peak_s


def test_an_encoder_is_predicted_from_its_shape():
    shape = {"layers": 24, "hidden": 1024, "heads": 16, "head_dim": 64, "ffn": 4096}
    flop = 2 * 384 * 302e6 + 24 * 4 * 1024 * 384**2  # 24 x 12.6 M weights, and the scores
    row = changed(
        "ED-01", model="bert-large", shape=shape, sequence_tokens=384, flop=flop,
        weight_bytes=335e6, params=335e6, weighted_layers=None,
    )  # fmt: skip

    peak_s = flop / 85e12
    assert peak_s / 0.66 < predict_row(row) < 4 * peak_s


def test_a_depthwise_filter_fills_its_vectors_with_channels():
    geometry = {"kernel": "depthwise_conv2d", "dot_length": 9, "macs": 9 * 16 * 256, "outputs": 16 * 256}
    full = predict_row(changed("MC-01", **geometry, out_channels=16))
    padded = predict_row(changed("MC-01", **geometry, out_channels=17))

    # 17 channels take two vectors of 16: 32 lanes for 17 of use.
    extra = 0.681 * 9 * 16 * 256 * (32 / 17 - 1) / 240e6
    assert padded - full == pytest.approx(extra)


@pytest.mark.parametrize(
    ("row_id", "inputs", "words"),
    [
        ("FA-01", {"kernel": "magic"}, "No attention kernel 'magic'"),
        ("FA-06", {"precision": "fp7"}, "precision must be one of .*; got 'fp7'"),
        ("MC-01", {"implementation": "magic"}, "No implementation 'magic' is known"),
        ("MC-01", {"device_spec": {}}, "lack clock_hz"),
        ("ED-01", {"device_spec": {"peak_flop_per_s": {"fp16": 1e12}}}, "lack hbm_bytes_per_s"),
        ("FA-12", {"model_flop_per_token": None}, "lack model_flop_per_token"),
    ],
)
def test_what_cannot_be_predicted_says_what_there_is(row_id, inputs, words):
    with pytest.raises(RowError, match=words):
        predict_row(changed(row_id, **inputs))


def test_a_bad_row_counts_against_coverage_only():
    rows = [*BY_ID.values(), {"id": "bad", "topic": "t", "quantity": "speed", "inputs": {}}]

    found, gaps = predict_rows(rows)

    assert set(found) == set(BY_ID)
    assert "No quantity 'speed'" in gaps["bad"]


def test_standard_attention_is_bound_by_its_scores_whatever_their_number():
    kernel = changed("FA-06", kernel="standard")
    ratio = predict_row(kernel) / 312e12

    # 512 flop for a score; at 0.40 of 312 TFLOP/s 4.1 ps, four passes of 2 bytes 4.6 ps more.
    assert ratio == pytest.approx(512 / (512 / 0.4 + 8 / (0.85 * 2.039e12) * 312e12))


def test_a_kernel_for_ampere_does_not_fill_hopper():
    spec = BY_ID["FA-08"]["inputs"]["device_spec"]
    ported, native = (
        predict_row(changed("FA-06", kernel=name, device_spec=spec))
        for name in ("flash_attention_2", "flash_attention_3")
    )

    assert ported < native


def test_all_quantities_of_the_schema_are_there():
    assert len(QUANTITIES) == 19
