"""Requests that come and go, drafts, experts and sparse weights: what they do to a step."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.errors import BadDesign
from rooflab.evaluate import error_band, evaluate, sweep, timeline
from rooflab.facts.calibration import GPU_SERVING
from rooflab.model.layer_fusion import FUSION_TEXTS
from rooflab.model.roofline import attainable_flop_per_s
from rooflab.systems.serving.design import SPARSITIES, ServingDesign
from rooflab.tracks.cloud_titan import CLOUD_TITAN

MISSION = CLOUD_TITAN.part(3).mission(0)
PLACE, START = MISSION.scenario, MISSION.baseline
QUIET = replace(PLACE, service=replace(PLACE.service, prompt_tokens=1, output_tokens=4096))  # hardly a prompt
designs = st.builds(
    ServingDesign,
    phase=st.sampled_from(["decode", "prefill"]),
    batch=st.integers(1, 1024),
    context_tokens=st.integers(1, 8192),
    precision=st.sampled_from(["bf16", "w8a16", "w4a16", "fp8"]),
    kv_precision=st.sampled_from(["bf16", "fp8"]),
    attention_kernel=st.sampled_from(["eager", "fused"]),
    dispatch=st.sampled_from(["eager", "graph"]),
    fusion=st.sampled_from(FUSION_TEXTS),
    kv_layout=st.sampled_from(["paged", "contiguous"]),
    experts=st.sampled_from(["dense", "tensor", "expert"]),
    draft_tokens=st.integers(0, 16),
    sparsity=st.sampled_from(list(SPARSITIES)),
    device_id=st.just("h100-sxm"),
)
FEW = settings(max_examples=80)


def made(place=PLACE, **changes):
    return evaluate(place, START.replace(**changes))


@FEW
@given(designs)
def test_parts_add_up_and_shares_are_shares(design):
    outcome = evaluate(PLACE, design)

    assert outcome.operators.time_s.sum() == pytest.approx(outcome.step_time_s)
    assert outcome.bound_times_s.sum() == pytest.approx(outcome.step_time_s)
    assert 0 < outcome.mfu_fraction <= outcome.hfu_fraction * (1 + 1e-9) <= 1
    assert 0 < outcome.mbu_fraction <= 1
    assert outcome.inter_token_s * outcome.round_tokens_count == pytest.approx(outcome.step_time_s)
    assert outcome.outputs_per_s == pytest.approx(outcome.tokens_per_s)


@FEW
@given(designs)
def test_no_operator_lies_above_the_roof(design):
    outcome = evaluate(PLACE, design)
    roof = attainable_flop_per_s(
        intensity_flop_per_byte=outcome.operators.intensity_flop_per_byte,
        peak_flop_per_s=outcome.peak_flop_per_s,
        hbm_bytes_per_s=outcome.hbm_bytes_per_s,
    )

    assert np.all(outcome.operators.attained_flop_per_s <= roof * (1 + 1e-12))


@FEW
@given(designs)
def test_the_trace_shows_a_layer_of_the_served_model(design):
    trace = timeline(PLACE, design)

    assert trace.layers == (80 if design.experts == "dense" else 56)
    assert trace.gaps_before_s.min() >= -1e-12
    assert len(trace.names) == len(trace.operators) == len(trace.durations_s)


@FEW
@given(designs)
def test_faster_memory_is_never_slower(design):
    faster = replace(PLACE, devices=(replace(PLACE.device("h100-sxm"), hbm_bytes_per_s=8e12),))

    assert evaluate(faster, design).step_time_s <= evaluate(PLACE, design).step_time_s * (1 + 1e-12)


@FEW
@given(designs, st.integers(0, 5))
def test_fusing_one_more_boundary_never_adds_bytes_or_launches(design, place):
    fused = design.replace(fusion=design.fusion[:place] + "1" + design.fusion[place + 1 :])
    before, after = evaluate(PLACE, design).operators, evaluate(PLACE, fused).operators
    apart = evaluate(PLACE, design.replace(fusion="000000")).operators

    # A sum in the kernel of several experts is read for each of them.
    if design.experts == "dense" or fused.fusion[1:3] != "11":
        assert after.hbm_bytes.sum() <= before.hbm_bytes.sum() * (1 + 1e-12)
    assert after.launches.sum() <= before.launches.sum()
    assert after.flop.sum() >= apart.flop.sum() * (1 - 1e-12)  # fusing takes no operation away


def test_a_grid_is_the_designs_one_by_one():
    grid = evaluate(
        PLACE,
        START.replace(
            experts=np.array(["dense", "tensor", "expert"])[:, None, None],
            draft_tokens=np.array([0, 3])[:, None],
            sparsity=np.array(["dense", "2:4", "unstructured-50"]),
        ),
    )

    assert grid.step_time_s.shape == (3, 2, 3)
    for at in np.ndindex(3, 2, 3):
        one = made(
            experts=("dense", "tensor", "expert")[at[0]],
            draft_tokens=(0, 3)[at[1]],
            sparsity=("dense", "2:4", "unstructured-50")[at[2]],
        )
        assert grid.step_time_s[at] == pytest.approx(one.step_time_s, rel=1e-12)
        assert grid.mfu_fraction[at] == pytest.approx(one.mfu_fraction, rel=1e-12)
        assert grid.capacity.needed_bytes[at] == pytest.approx(one.capacity.needed_bytes, rel=1e-12)
        assert grid.operators.time_s[(slice(None), *at)].tolist() == pytest.approx(one.operators.time_s.tolist())
        assert bool(grid.feasible[at]) == bool(one.feasible)


def test_a_sweep_over_experts_and_groupings_gives_the_figures_of_the_grid():
    grid = START.replace(experts=np.array(["tensor", "expert"])[:, None], fusion=np.array(FUSION_TEXTS))
    found = sweep(PLACE, grid, figures=("tokens_per_s", "held_bytes"))

    assert np.allclose(found["tokens_per_s"], evaluate(PLACE, grid).tokens_per_s, rtol=1e-12)
    assert (found["held_bytes"] > 0).sum() == 2 * 15  # of 64 groupings, 8 + 8 - 1 cannot be built


@pytest.mark.parametrize("drafted", [1, 2, 4, 8])
@pytest.mark.parametrize("batch", [1, 32, 512])
def test_drafting_always_raises_the_operations_of_a_token(drafted, batch):
    plain, drafting = made(QUIET, batch=batch), made(QUIET, batch=batch, draft_tokens=drafted)
    tokens = sum(0.7**k for k in range(drafted + 1))

    # A verification of gamma + 1 tokens for E of them, and drafts of 8 against 70 billion parameters.
    least = (drafted + 1) / tokens
    assert drafting.flop_per_output / plain.flop_per_output > 0.98 * least
    assert drafting.flop_per_output / plain.flop_per_output < least + 1.3 * drafted * 8 / 70 / tokens * 2
    assert drafting.mfu_fraction < drafting.hfu_fraction


def test_drafting_pays_for_one_reader_and_loses_at_load():
    gain = [
        made(QUIET, batch=batch, draft_tokens=4).tokens_per_s / made(QUIET, batch=batch).tokens_per_s
        for batch in (1, 16, 128, 1024)
    ]

    assert gain[0] > 1.15
    assert gain == sorted(gain, reverse=True)
    assert gain[-1] < 0.7


def test_a_sure_draft_gives_every_token_and_a_hopeless_one_none():
    sure = replace(PLACE, service=replace(PLACE.service, acceptance_fraction=1.0))
    hopeless = replace(PLACE, service=replace(PLACE.service, acceptance_fraction=1e-9))

    assert made(sure, draft_tokens=4).round_tokens_count == 5
    assert made(hopeless, draft_tokens=4).round_tokens_count == pytest.approx(1)
    assert made(hopeless, draft_tokens=4).tokens_per_s < made(hopeless).tokens_per_s


def test_a_draft_model_takes_memory_only_where_it_drafts():
    without, with_draft = made(batch=64), made(batch=64, draft_tokens=1)
    parts = dict(with_draft.capacity.parts)

    assert dict(without.capacity.parts)["draft model and its cache"] == 0
    # 8.03 billion FP8 weights and 64 sequences of 1024 tokens and half a page: 32 layers of 8 KV heads of 128.
    each = 2 * 32 * 8 * 128 * (1024 + 7.5)
    assert parts["draft model and its cache"] == pytest.approx((8.03e9 + 64 * each) / 8, rel=1e-3)


def test_experts_pay_for_one_reader_and_at_load_but_not_between():
    gain = [
        made(QUIET, experts="tensor", batch=batch, precision="bf16", sparsity="dense").tokens_per_s
        / made(QUIET, batch=batch, precision="bf16", sparsity="dense").tokens_per_s
        for batch in (1, 16, 1024)
    ]

    assert gain[0] > 1.2
    assert gain[1] < 1.0
    # A token uses 39 of 141 billion parameters instead of 70; products of grouped tokens reach half of the dense rate.
    assert 1.1 < gain[2] < 70 / 39
    assert max(gain) < 2


def test_prompts_that_come_whole_leave_most_steps_their_few_experts():
    place = replace(PLACE, service=replace(PLACE.service, prompt_tokens=2048, output_tokens=128))
    rates = [made(place, experts="tensor", batch=batch, precision="bf16").tokens_per_s for batch in (1, 2, 4, 8)]

    # 16 prompt tokens a step for each further sequence would read all experts in every step if they came one by one.
    assert rates == sorted(rates)


def test_imbalance_slows_whole_experts_only():
    level, uneven = (
        replace(PLACE, service=replace(PLACE.service, imbalance_factor=each)) for each in (1.0, 1.5)
    )

    assert made(uneven, experts="expert", batch=512).step_time_s > made(level, experts="expert", batch=512).step_time_s
    assert made(uneven, experts="tensor").step_time_s == made(level, experts="tensor").step_time_s


def test_two_of_four_gain_less_than_two_and_other_zeros_only_bytes():
    for batch in (1, 64, 1024):
        dense = made(batch=batch, sparsity="dense", precision="bf16")
        pair = made(batch=batch, sparsity="2:4", precision="bf16")
        loose = made(batch=batch, sparsity="unstructured-50", precision="bf16")
        assert 1 < dense.step_time_s / pair.step_time_s < 1 / 0.5625
        assert loose.operators.flop.sum() == dense.operators.flop.sum()
        assert loose.mfu_fraction < dense.mfu_fraction * 0.75 * dense.step_time_s / loose.step_time_s
    assert made(batch=1024, sparsity="unstructured-50").tokens_per_s < made(batch=1024, sparsity="2:4").tokens_per_s


def test_sparse_weights_of_a_layer_take_nine_sixteenths():
    dense, pair = (made(sparsity=each, precision="bf16") for each in ("dense", "2:4"))
    gate = dense.operators.ids.index("gate_up")

    assert pair.operators.weight_bytes[gate] / dense.operators.weight_bytes[gate] == 0.5625


def test_more_prompts_lengthen_everybodys_step():
    long = replace(PLACE, service=replace(PLACE.service, prompt_tokens=2048))

    assert made(long, batch=64).inter_token_s > made(batch=64).inter_token_s
    assert made(long, batch=1).inter_token_s == made(batch=1).inter_token_s  # nobody else's prompt


@pytest.mark.parametrize(
    "change",
    [
        {"attention_kernel": "eager"},
        {"dispatch": "eager"},
        {"kv_precision": "fp8"},  # with weights of 16 bits
        {"kv_layout": "paged"},
        {"fusion": "000000"},
        {"precision": "fp8"},  # with a cache of 16 bits
        {"device_id": "h100-sxm"},  # in 16 bits
        {"batch": 1025},  # 1024 is the largest batch
        {"draft_tokens": 2},
        {"sparsity": "2:4"},
    ],
    ids=str,
)
def test_a_design_is_validated_only_where_rows_were_run_as_it_is(change):
    crisis = CLOUD_TITAN.scenario(0)
    graded = crisis.crisis.replace(attention_kernel="fused", dispatch="graph")

    assert error_band(crisis, graded, evaluate(crisis, graded)).validated
    assert crisis.topic(graded.replace(**change)) is None


def test_steps_in_which_prompts_ride_along_are_graded_by_served_rows():
    place = CLOUD_TITAN.part(2).mission(0).scenario
    design = place.crisis.replace(
        precision="bf16", kv_precision="bf16", attention_kernel="fused", dispatch="graph", fusion="010010",
        kv_layout="paged", experts="dense", draft_tokens=0, sparsity="dense", batch=32, device_id="a100-sxm-80gb",
    )  # fmt: skip

    assert place.topic(design) == "serving"
    assert error_band(place, design, evaluate(place, design)).validated
    assert place.topic(design.replace(kv_layout="contiguous")) is None  # served rows keep their cache in pages


def test_experts_are_graded_by_rows_of_mixtures_that_are_divided_among_all_gpus():
    place = CLOUD_TITAN.part(3).mission(0).scenario
    design = place.crisis.replace(
        precision="fp8", kv_precision="fp8", attention_kernel="fused", dispatch="graph", fusion="010010",
        kv_layout="paged", experts="tensor", draft_tokens=0, sparsity="dense", batch=32, device_id="h100-sxm",
    )  # fmt: skip

    assert place.topic(design) == "moe"
    assert place.topic(design.replace(experts="expert")) is None  # no row keeps whole experts on single GPUs
    assert place.topic(design.replace(experts="dense")) == "serving"


def test_other_constants_than_those_graded_validate_nothing():
    places = [CLOUD_TITAN.scenario(each) for each in range(20)]
    names = ("host_launch_s", "all_reduce_s")
    usual = [all(getattr(each.calibration, name) == getattr(GPU_SERVING, name) for name in names) for each in places]

    assert {True, False} == set(usual)
    assert [each.band("decode").validated for each in places] == usual


def test_a_scenario_without_a_service_offers_neither_drafts_nor_experts_nor_zeros():
    crisis = CLOUD_TITAN.scenario(0)

    for change, words in (
        ({"draft_tokens": 1}, "no draft model"),
        ({"experts": "tensor"}, "no mixture"),
        ({"sparsity": "2:4"}, "no sparse weights"),
    ):
        with pytest.raises(BadDesign, match=words):
            evaluate(crisis, crisis.crisis.replace(**change))


def test_a_pattern_of_zeros_keeps_the_share_that_its_name_says():
    kept = {name: int(share) / 100 for name in SPARSITIES for _, hyphen, share in [name.partition("-")] if hyphen}
    two, four = map(int, "2:4".split(":"))

    assert SPARSITIES == {"dense": 1, "2:4": two / four, **kept}
