import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.errors import BadDesign, UnsupportedPrecision
from rooflab.evaluate import BOUNDS, Design, error_band, evaluate, sweep, timeline
from rooflab.model.layer_fusion import FUSION_TEXTS
from rooflab.model.roofline import attainable_flop_per_s
from rooflab.systems.serving.design import ServingDesign
from rooflab.tracks.cloud_titan import scenario

SCENARIO = scenario(0)
designs = st.builds(
    ServingDesign,
    phase=st.sampled_from(["decode", "prefill"]),
    batch=st.integers(1, 512),
    context_tokens=st.integers(1, 8192),
    precision=st.sampled_from(["bf16", "w8a16", "w4a16"]),
    kv_precision=st.sampled_from(["bf16", "fp8"]),
    attention_kernel=st.sampled_from(["eager", "fused"]),
    dispatch=st.sampled_from(["eager", "graph"]),
    fusion=st.sampled_from(FUSION_TEXTS),
    kv_layout=st.sampled_from(["paged", "contiguous"]),
    experts=st.just("dense"),
    draft_tokens=st.just(0),
    sparsity=st.just("dense"),
    device_id=st.sampled_from(["a100-sxm-80gb", "h100-sxm"]),
)
FEW = settings(max_examples=60)


def at(outcome, operator):
    return outcome.operators.ids.index(operator)


@FEW
@given(designs)
def test_the_parts_add_up_to_the_step(design):
    outcome = evaluate(SCENARIO, design)

    assert outcome.operators.time_s.sum() == pytest.approx(outcome.step_time_s)
    assert outcome.bound_times_s.sum() == pytest.approx(outcome.step_time_s)


@FEW
@given(designs)
def test_no_operator_lies_above_the_roof(design):
    outcome = evaluate(SCENARIO, design)
    roof = attainable_flop_per_s(
        intensity_flop_per_byte=outcome.operators.intensity_flop_per_byte,
        peak_flop_per_s=outcome.peak_flop_per_s,
        hbm_bytes_per_s=outcome.hbm_bytes_per_s,
    )

    assert np.all(outcome.operators.attained_flop_per_s <= roof * (1 + 1e-12))


@FEW
@given(designs)
def test_shares_are_shares(design):
    outcome = evaluate(SCENARIO, design)

    assert 0 < outcome.mfu_fraction <= outcome.hfu_fraction * (1 + 1e-9) <= 1
    assert 0 < outcome.mbu_fraction <= 1
    assert 0 < outcome.kv_time_fraction < 1


@FEW
@given(designs)
def test_fusing_attention_never_adds_bytes_or_time(design):
    eager = evaluate(SCENARIO, design.replace(attention_kernel="eager"))
    fused = evaluate(SCENARIO, design.replace(attention_kernel="fused"))
    place = at(eager, "attention")

    assert fused.operators.kv_bytes[place] <= eager.operators.kv_bytes[place]
    assert fused.operators.activation_bytes[place] <= eager.operators.activation_bytes[place]
    assert fused.step_time_s <= eager.step_time_s * (1 + 1e-12)


@FEW
@given(designs)
def test_a_graph_is_never_slower_than_eager_dispatch_by_more_than_its_launch(design):
    eager = evaluate(SCENARIO, design.replace(dispatch="eager"))
    graph = evaluate(SCENARIO, design.replace(dispatch="graph"))

    assert graph.step_time_s <= eager.step_time_s + SCENARIO.calibration.graph_launch_s


@FEW
@given(designs, st.integers(2, 4))
def test_a_larger_batch_never_shortens_the_step(design, factor):
    small = evaluate(SCENARIO, design)
    large = evaluate(SCENARIO, design.replace(batch=design.batch * factor))

    assert small.step_time_s <= large.step_time_s * (1 + 1e-12)
    assert large.step_time_s <= factor * small.step_time_s * (1 + 1e-9)  # never worse than apart


@FEW
@given(designs)
def test_weights_only_quantisation_leaves_the_roof_and_moves_the_dot(design):
    wide = evaluate(SCENARIO, design.replace(precision="bf16"))
    narrow = evaluate(SCENARIO, design.replace(precision="w8a16"))
    place = at(wide, "gate_up")

    assert wide.ridge_flop_per_byte == narrow.ridge_flop_per_byte
    assert (
        wide.operators.intensity_flop_per_byte[place]
        < narrow.operators.intensity_flop_per_byte[place]
    )


@FEW
@given(designs)
def test_the_trace_is_as_long_as_the_step(design):
    outcome = evaluate(SCENARIO, design)
    trace = timeline(SCENARIO, design)
    outside = sum(outcome.operators.time_s[at(outcome, each)] for each in ("embed", "lm_head"))
    gap = (0.5e-6 + 1e-6) * 100  # first and last kernels of the step

    # The closed form lets the host run ahead over the whole step, the queue kernel by kernel.
    assert trace.layers * trace.layer_time_s <= (outcome.step_time_s - outside) * 1.02 + gap
    assert trace.layers * trace.layer_time_s >= (outcome.step_time_s - outside) * 0.9 - gap
    assert trace.gaps_before_s.min() >= -1e-12


def test_a_precision_change_moves_roof_and_dot_together():
    design = SCENARIO.crisis.replace(device_id="h100-sxm")
    wide, narrow = (evaluate(SCENARIO, design.replace(precision=each)) for each in ("bf16", "fp8"))

    assert narrow.ridge_flop_per_byte == pytest.approx(2 * wide.ridge_flop_per_byte, rel=1e-3)
    place = at(wide, "gate_up")
    assert narrow.operators.intensity_flop_per_byte[place] == pytest.approx(
        2 * wide.operators.intensity_flop_per_byte[place], rel=0.05
    )


def test_batching_does_not_raise_the_intensity_of_decode_attention():
    design = SCENARIO.crisis.replace(attention_kernel="fused", context_tokens=8192)
    small, large = (evaluate(SCENARIO, design.replace(batch=each)) for each in (1, 256))
    attention, mlp = at(small, "attention"), at(small, "gate_up")

    assert small.operators.intensity_flop_per_byte[attention] == pytest.approx(8, rel=0.01)
    assert large.operators.intensity_flop_per_byte[attention] == pytest.approx(8, rel=0.01)
    assert small.operators.intensity_flop_per_byte[mlp] == pytest.approx(1, rel=0.01)
    assert large.operators.intensity_flop_per_byte[mlp] == pytest.approx(256, rel=0.1)


def test_the_three_states_can_be_met():
    slow = evaluate(SCENARIO, SCENARIO.crisis.replace(batch=1, context_tokens=128))
    busy = evaluate(SCENARIO, SCENARIO.crisis.replace(phase="prefill", attention_kernel="fused"))

    assert BOUNDS[int(slow.operators.bound[at(slow, "attn_norm")])] == "latency"
    assert BOUNDS[int(slow.operators.bound[at(slow, "gate_up")])] == "memory"
    assert BOUNDS[int(busy.operators.bound[at(busy, "gate_up")])] == "compute"
    assert BOUNDS[int(busy.operators.bound[at(busy, "mlp_reduce")])] == "link"


def test_a_grid_is_the_designs_one_by_one():
    batches, contexts = np.array([1, 40, 700]), np.array([128, 4096])
    devices = np.array(["a100-sxm-80gb", "h100-sxm"])
    kernels = np.array(["eager", "fused"])
    grid = evaluate(
        SCENARIO,
        SCENARIO.crisis.replace(
            batch=batches[:, None, None, None],
            context_tokens=contexts[:, None, None],
            device_id=devices[:, None],
            attention_kernel=kernels,
        ),
    )

    assert grid.step_time_s.shape == (3, 2, 2, 2)
    for index in np.ndindex(3, 2, 2, 2):
        one = evaluate(
            SCENARIO,
            SCENARIO.crisis.replace(
                batch=int(batches[index[0]]),
                context_tokens=int(contexts[index[1]]),
                device_id=str(devices[index[2]]),
                attention_kernel=str(kernels[index[3]]),
            ),
        )
        assert grid.step_time_s[index] == pytest.approx(one.step_time_s, rel=1e-12)
        assert grid.operators.bound[(slice(None), *index)].tolist() == one.operators.bound.tolist()
        assert grid.capacity.max_batch_count[index] == one.capacity.max_batch_count
        assert bool(grid.feasible[index]) == bool(one.feasible)


def test_a_grid_of_precisions_and_devices():
    grid = evaluate(
        SCENARIO,
        SCENARIO.crisis.replace(
            precision=np.array(["bf16", "w4a16", "fp8"]), device_id="h100-sxm"
        ),
    )

    assert grid.peak_flop_per_s.tolist() == [989e12, 989e12, 1979e12]
    assert grid.mbu_fraction.shape == (3,)


def test_a_design_that_does_not_fit_says_so():
    outcome = evaluate(SCENARIO, SCENARIO.crisis.replace(batch=1024, context_tokens=8192))

    assert not outcome.feasible
    assert any("Out of memory" in each and "largest batch" in each for each in outcome.reasons)


def test_a_context_that_is_too_long_says_so():
    outcome = evaluate(SCENARIO, SCENARIO.crisis.replace(batch=1, context_tokens=8193))

    assert any("Context too long" in each for each in outcome.reasons)


def test_a_missed_target_is_an_outcome_with_words():
    outcome = evaluate(SCENARIO, SCENARIO.crisis)

    assert not outcome.targets[0].met
    assert outcome.targets[0].words.endswith("or more, assumed: 50% short.")


def test_prompt_tokens_are_not_judged_by_the_rate_of_generated_ones():
    target = SCENARIO.targets[0]
    # One short prompt: fewer tokens a second than decode is asked for, and no miss.
    slow = SCENARIO.crisis.replace(phase="prefill", batch=1, context_tokens=1)
    outcome = evaluate(SCENARIO, slow)

    assert outcome.tokens_per_s < target.limit
    assert not outcome.targets[0].judged
    assert outcome.targets[0].words.endswith("is for decode.")
    assert outcome.feasible and outcome.reasons == ()

    grid = evaluate(SCENARIO, SCENARIO.crisis.replace(batch=8, phase=np.array(["prefill", "decode"])))
    assert list(grid.targets[0].judged) == [False, True]
    assert list(grid.feasible) == [True, False]


def test_unsupported_precision_and_unknown_device_raise():
    with pytest.raises(UnsupportedPrecision):
        evaluate(SCENARIO, SCENARIO.crisis.replace(precision="fp8", device_id="a100-sxm-80gb"))
    with pytest.raises(BadDesign, match="no device 'tpu'; it has a100-sxm-80gb"):
        evaluate(SCENARIO, SCENARIO.crisis.replace(device_id="tpu"))
    with pytest.raises(BadDesign, match="takes a serving design"):
        evaluate(SCENARIO, Design())


def test_more_bandwidth_is_never_slower():
    from dataclasses import replace

    faster = replace(SCENARIO.devices[0], hbm_bytes_per_s=4e12)
    other = replace(SCENARIO, devices=(faster,))

    assert (
        evaluate(other, SCENARIO.crisis).step_time_s
        < evaluate(SCENARIO, SCENARIO.crisis).step_time_s
    )
    assert math.isfinite(evaluate(other, SCENARIO.crisis).step_time_s)


def test_a_sweep_gives_the_figures_of_the_grid():
    grid = SCENARIO.crisis.replace(
        batch=np.arange(1, 101)[:, None], context_tokens=np.arange(128, 8192, 256)
    )
    whole = evaluate(SCENARIO, grid)
    found = sweep(SCENARIO, grid, figures=("step_time_s", "feasible", "bound"))

    assert found["step_time_s"].shape == (100, 32)
    assert np.array_equal(found["step_time_s"], whole.step_time_s)
    assert np.array_equal(found["feasible"].astype(bool), whole.feasible)


def test_an_unknown_figure_is_refused():
    with pytest.raises(BadDesign, match="No figure 'beauty'; there are step_time_s"):
        sweep(SCENARIO, SCENARIO.crisis, figures=("beauty",))


def test_unpacking_narrow_weights_takes_time_that_bytes_do_not_show():
    wide, narrow = (
        evaluate(SCENARIO, SCENARIO.crisis.replace(batch=1, precision=each))
        for each in ("bf16", "w8a16")
    )
    place = at(wide, "gate_up")

    assert narrow.operators.weight_bytes[place] == wide.operators.weight_bytes[place] / 2
    assert narrow.operators.memory_s[place] > wide.operators.memory_s[place] / 2


def test_one_device_reduces_nothing():
    from dataclasses import replace

    alone = evaluate(replace(SCENARIO, device_count=1), SCENARIO.crisis.replace(batch=1))

    assert alone.operators.time_s[at(alone, "mlp_reduce")] == 0
    assert alone.operators.attained_flop_per_s[at(alone, "mlp_reduce")] == 0
    assert math.isfinite(alone.step_time_s)


def test_a_decode_step_gives_one_output_for_each_sequence():
    outcome = evaluate(SCENARIO, SCENARIO.crisis)
    operators = outcome.operators

    assert outcome.outputs == SCENARIO.crisis.batch
    assert outcome.outputs_per_s == pytest.approx(outcome.tokens_per_s)
    assert outcome.output_time_s * outcome.outputs_per_s == pytest.approx(1)
    assert outcome.flop_per_output * SCENARIO.crisis.batch == pytest.approx(operators.flop.sum())
    moved = operators.weight_bytes + operators.activation_bytes + operators.kv_bytes
    assert outcome.bytes_per_output * SCENARIO.crisis.batch == pytest.approx(moved.sum())
    assert outcome.needed_bytes == sum(bytes_ for _, bytes_ in outcome.capacity.parts)


def test_a_validated_time_carries_the_error_of_its_rows():
    design = SCENARIO.crisis.replace(attention_kernel="fused", dispatch="graph")
    outcome = evaluate(SCENARIO, design)
    band = error_band(SCENARIO, design, outcome)

    assert band.validated
    assert band.low_s < outcome.step_time_s < band.high_s
    assert outcome.step_time_s / band.low_s == pytest.approx(1.13)  # predicted / measured = 1 + 0.13
    assert outcome.step_time_s / band.high_s == pytest.approx(0.87)
    assert "Published decode times (30)" in band.words


def test_a_kernel_without_published_rows_is_not_validated():
    outcome = evaluate(SCENARIO, SCENARIO.crisis)
    band = error_band(SCENARIO, SCENARIO.crisis, outcome)

    assert not band.validated
    assert band.words.startswith("Not validated")
    assert band.low_s < outcome.step_time_s < band.high_s


def test_without_a_range_of_constants_the_band_is_a_point():
    from dataclasses import replace

    bare = replace(SCENARIO, calibration_range=(), bands=())
    outcome = evaluate(bare, SCENARIO.crisis)
    band = error_band(bare, SCENARIO.crisis, outcome)

    assert band.low_s == band.high_s == outcome.step_time_s


def test_experts_pay_at_batch_one_and_when_compute_bound_but_not_between():
    from dataclasses import replace

    from rooflab.facts.calibration import GPU_SERVING
    from rooflab.facts.workloads_tracks import MIXTRAL_8X22B

    design = SCENARIO.crisis.replace(
        device_id="h100-sxm",
        attention_kernel="fused",
        dispatch="graph",
        context_tokens=1024,
        batch=np.array([1, 16, 1024]),
    )
    dense = replace(SCENARIO, calibration=GPU_SERVING)
    sparse = replace(dense, workload=MIXTRAL_8X22B)
    gain = evaluate(dense, design).step_time_s / evaluate(sparse, design).step_time_s

    assert gain[0] > 1.2
    assert gain[1] < 0.9
    assert gain[2] > gain[1]
    assert np.all(gain < 2)  # the stakeholder's 2x is not there
    weights = evaluate(sparse, design).capacity.weight_bytes
    assert weights == pytest.approx(2 * 140.6e9 / 8, rel=1e-3)  # the footprint doubles
