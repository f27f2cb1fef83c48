"""Any model on any device as a scenario that the lab evaluates, and what is assumed where a record is silent."""

from dataclasses import replace

import numpy as np
import pytest

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate, grade
from rooflab.facts.devices import DEVICES, device
from rooflab.facts.workloads import LLAMA_3_8B, LLAMA_3_70B, MIXTRAL_8X7B, WORKLOADS
from rooflab.open_bench.device import completed
from rooflab.open_bench.part import fitted, open_part
from rooflab.open_bench.scenario import open_design, open_scenario
from rooflab.specs import WEIGHT_SCHEMES, Confidence, Precision

A100 = device("a100-sxm-80gb")
SERVING = [each for each in DEVICES if each.hbm_bytes and each.hbm_bytes_per_s and {"bf16", "fp16"} & set(each.peak_flop_per_s)]


@pytest.mark.parametrize("served", SERVING, ids=lambda each: each.id)
def test_a_model_is_evaluated_on_every_device_that_has_a_main_memory_and_16_bit_peaks(served):
    place = open_scenario(LLAMA_3_8B, served, chips=2)

    outcome = evaluate(place, open_design(place))

    assert 0 < outcome.step_time_s < np.inf
    assert 0 < outcome.mbu_fraction < 1
    # Two devices hold half each of 8.03 billion parameters of 2 bytes.
    assert outcome.capacity.parts[0][1] == pytest.approx(8.03e9 * 2 / 2, rel=0.01)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each.id)
def test_every_known_model_is_evaluated(workload):
    place = open_scenario(workload, device("b200"), chips=8)

    assert evaluate(place, open_design(place)).step_time_s > 0


def test_what_a_record_lacks_is_assumed_and_says_so():
    radeon = device("radeon-8060s")

    made = completed(radeon)

    assert made.vector_flop_per_s == radeon.peak(Precision.BF16) / 16
    assert made.source_of("vector_flop_per_s").confidence is Confidence.ASSUMED
    assert made.source_of("hbm_bytes_per_s") is radeon.source_of("hbm_bytes_per_s")


def test_the_fp32_peak_stands_for_the_vector_units_where_there_is_one():
    nano = device("jetson-orin-nano-8gb-super")

    assert completed(nano).vector_flop_per_s == nano.peak(Precision.FP32)


def test_a_complete_record_stays_as_it_is():
    assert completed(A100) is A100


@pytest.mark.parametrize(("lacking", "words"), [("hbm_bytes", "a memory size"), ("hbm_bytes_per_s", "a memory bandwidth")])
def test_a_device_without_a_main_memory_is_refused(lacking, words):
    sources = {source: tuple(each for each in names if each != lacking) for source, names in A100.sources.items()}

    with pytest.raises(BadDesign, match=words):
        completed(replace(A100, **{lacking: None}, sources=sources))


def test_the_context_is_at_first_the_prompt_and_half_of_the_output():
    place = open_scenario(LLAMA_3_8B, A100, prompt_tokens=1000, output_tokens=200)

    assert open_design(place).context_tokens == 1000 + 200 // 2
    assert place.service.longest_tokens == 1000 + 200


def test_a_mixture_offers_its_experts_and_a_dense_model_does_not():
    mixed, dense = (open_scenario(each, A100, chips=4) for each in (MIXTRAL_8X7B, LLAMA_3_8B))

    assert "experts" in _ids(mixed)
    assert "experts" not in _ids(dense)
    assert open_design(mixed).experts == "tensor"


def test_experts_on_all_devices_cost_what_the_plain_model_costs():
    place = open_scenario(MIXTRAL_8X7B, A100, chips=4)
    plain = replace(place, mixture=None)

    as_mixture = evaluate(place, open_design(place))

    assert as_mixture.step_time_s == evaluate(plain, open_design(plain)).step_time_s


def test_drafts_are_offered_with_a_draft_model_only():
    drafted = open_scenario(LLAMA_3_70B, A100, chips=4, draft=LLAMA_3_8B)

    assert "draft_tokens" in _ids(drafted)
    assert "draft_tokens" not in _ids(open_scenario(LLAMA_3_70B, A100, chips=4))
    assert evaluate(drafted, open_design(drafted).replace(draft_tokens=4)).round_tokens_count > 1


@pytest.mark.parametrize("name", ["a100-sxm-80gb", "h100-sxm", "b200"])
def test_only_formats_are_offered_that_the_device_multiplies(name):
    place = open_scenario(LLAMA_3_8B, device(name))
    weights = next(each for each in open_part(place).controls if each.id == "precision")

    offered = {WEIGHT_SCHEMES[each.id].compute for each in weights.choices}

    assert offered <= set(place.devices[0].peak_flop_per_s)
    assert ("fp8" in [each.id for each in weights.choices]) == (name != "a100-sxm-80gb")


@pytest.mark.parametrize(
    "place",
    [
        open_scenario(MIXTRAL_8X7B, device("h100-sxm"), chips=4, draft=LLAMA_3_8B),
        open_scenario(WORKLOADS[8], device("b200"), chips=8),
        open_scenario(LLAMA_3_8B, device("apple-m2")),
    ],
    ids=["experts", "latent", "laptop"],
)
def test_every_value_of_every_control_can_be_evaluated(place):
    start = open_design(place)
    for control in open_part(place).controls:
        ranged = not (control.choices or control.values or control.chain)
        for value in (control.minimum, control.maximum) if ranged else control.space:
            for phase in ("decode", "prefill"):
                outcome = evaluate(place, start.replace(**{"phase": phase, control.id: value}))

                assert np.isfinite(outcome.step_time_s)


def test_a_design_keeps_what_another_device_offers():
    before = open_scenario(LLAMA_3_8B, device("h100-sxm"), prompt_tokens=4000)
    after = open_scenario(LLAMA_3_8B, A100, prompt_tokens=1024, output_tokens=256)
    design = open_design(before).replace(batch=77, precision="fp8", attention_kernel="eager")

    found = fitted(design, open_part(after), open_design(after))

    assert (found.batch, found.attention_kernel, found.device_id) == (77, "eager", A100.id)
    # The A100 has no FP8, and no request of 1024 + 256 tokens has a context of 4128.
    assert (found.precision, found.context_tokens) == ("bf16", 1024 + 256 // 2)


def test_a_device_of_no_published_row_is_not_validated():
    place = open_scenario(LLAMA_3_8B, replace(device("h100-sxm"), id="card-h100"))

    assert grade(place, open_design(place).replace(precision="fp8", kv_precision="fp8")) is None


def _ids(place):
    return [each.id for each in open_part(place).controls]
