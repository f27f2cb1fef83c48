"""The loop: stages, percentiles, batches, first looks, experts, memory; closed form against recording."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate, sweep, timeline
from rooflab.facts.vehicle import CLOCK_DROP, PAGE_FAULT
from rooflab.systems.vehicle.design import LOOP_CHOICES, VehicleDesign
from rooflab.systems.vehicle.recording import excess_by_stage, loop_trace
from rooflab.systems.vehicle.stages import STAGE_IDS
from rooflab.tracks.edge_guardian.scenario import KINDS, PLAIN, loop, scenario, sized

CALM = loop(0)
SPIKED = replace(CALM, spikes=(PAGE_FAULT,))


def designs():
    return st.builds(
        PLAIN.replace,
        batch=st.sampled_from([1, 2, 4, 8]),
        resolution=st.sampled_from([448, 512, 640]),
        experts=st.sampled_from([1, 2, 4]),
        **{name: st.sampled_from(words) for name, words in LOOP_CHOICES.items()},
    )


def at(stage):
    return STAGE_IDS.index(stage)


def test_the_stages_add_up_to_the_step():
    outcome = evaluate(CALM, PLAIN)

    assert outcome.operators.time_s.sum() == pytest.approx(float(outcome.step_time_s))
    assert outcome.bound_times_s.sum() == pytest.approx(float(outcome.step_time_s))


def test_copy_suppression_and_decision_by_hand():
    running = evaluate(CALM, PLAIN).stages.full.running_s[:, 0]

    assert running[at("copy")] == pytest.approx(1920 * 1280 * 1.5 / 4e9)  # NV12 from pageable memory
    assert running[at("nms")] == pytest.approx(400**2 / 2 * 3e-9)
    assert running[at("plan")] == pytest.approx(2e-3)


def test_the_first_image_of_a_batch_waits_for_the_others():
    one, four = (evaluate(CALM, PLAIN.replace(batch=each)) for each in (1, 4))

    assert one.wait_s == 0
    assert four.wait_s == pytest.approx(3 / 240)  # eight cameras of 30 images a second
    assert four.p999_s > 10e-3
    assert four.mfu_fraction > one.mfu_fraction
    assert four.images_per_s > one.images_per_s


def test_a_spike_of_one_frame_in_500_moves_the_mean_by_a_tenth_of_a_millisecond():
    calm, spiked = evaluate(CALM, PLAIN), evaluate(SPIKED, PLAIN)

    assert spiked.mean_frame_s - calm.mean_frame_s == pytest.approx(0.002 * 50e-3, rel=0.02)
    assert spiked.p99_s == pytest.approx(float(calm.p99_s), rel=0.01)
    assert spiked.p999_s > 50e-3
    assert spiked.miss_fraction == pytest.approx(0.002, rel=0.01)


def test_a_batch_is_struck_as_often_as_any_of_its_images():
    found = evaluate(SPIKED, PLAIN.replace(batch=8))

    assert found.spike_fraction == pytest.approx(1 - 0.998**8)


@pytest.mark.parametrize("spike", KINDS, ids=lambda each: each.id)
def test_each_spike_has_cures_and_only_these(spike):
    place = replace(CALM, spikes=(spike,))
    field, *cures = spike.cured_by
    for word in LOOP_CHOICES[field]:
        struck = evaluate(place, PLAIN.replace(**{field: word})).spike_fraction > 0
        assert struck == (word not in cures)


def test_running_longer_scales_with_the_stage_and_waiting_does_not():
    slow, fast = PLAIN, PLAIN.replace(precision="int8", dispatch="graph", fusion="1101")

    def extra_s(spike, design):
        times = evaluate(replace(CALM, spikes=(spike,)), design).times
        return float(times.median_s[1] - times.median_s[0])

    assert extra_s(PAGE_FAULT, slow) == pytest.approx(extra_s(PAGE_FAULT, fast), rel=0.02)
    assert extra_s(CLOCK_DROP, slow) > 3 * extra_s(CLOCK_DROP, fast)


def test_a_profiler_lengthens_what_it_looks_at():
    off, on = (evaluate(CALM, PLAIN.replace(profiler=each)) for each in ("off", "on"))

    assert on.step_time_s == pytest.approx(1.15 * float(off.step_time_s))


def test_an_early_exit_shortens_the_mean_and_lengthens_the_tail():
    plain = PLAIN.replace(batch=8, fusion="1110", dispatch="graph", mode="both", input_path="mapped", nms="gpu")
    rig = replace(CALM.rig, image_gap_s=0.0)
    place = replace(CALM, rig=rig)
    before, after = (evaluate(place, plain.replace(cascade=each)) for each in ("off", "exit"))

    assert after.mean_frame_s < 0.8 * before.mean_frame_s
    assert after.p999_s > 1.1 * before.p999_s
    # 0.25 of the pixels always, all of them in a quarter of the frames.
    assert after.stages.needed_flop[0] == pytest.approx((0.25 + 0.25) * before.stages.needed_flop[0])


def test_experts_are_all_kept_and_two_look_when_the_scene_changes():
    place = replace(CALM, rig=replace(CALM.rig, switch_fraction=0.004))
    one, four = (evaluate(place, PLAIN.replace(experts=each)) for each in (1, 4))
    size = place.rig.expert_size_fraction[4]

    assert four.capacity.parts[0][1] == pytest.approx(4 * size * one.capacity.parts[0][1])
    assert four.stages.again_s.sum() > 0
    assert four.times.share_fraction[1] == pytest.approx(0.004)


def test_a_graph_keeps_its_tensors_twice():
    eager, graph = (evaluate(CALM, PLAIN.replace(dispatch=each)) for each in ("eager", "graph"))

    assert graph.needed_bytes - eager.needed_bytes == pytest.approx(eager.capacity.parts[1][1])


def test_pixels_on_a_child_are_geometry():
    assert evaluate(CALM, PLAIN.replace(resolution=512)).pixels_count == pytest.approx(512 * 1.1 / 34.6)


def test_an_unknown_number_of_experts_says_which_there_are():
    with pytest.raises(BadDesign, match="No set of 3 experts exists; there are some of 1, 2, 4"):
        evaluate(CALM, PLAIN.replace(experts=3))


@given(design=designs())
def test_percentiles_keep_their_order_and_shares_their_bounds(design):
    outcome = evaluate(SPIKED, design)

    assert outcome.p50_s <= outcome.p99_s * (1 + 1e-9)
    assert outcome.p99_s <= outcome.p999_s * (1 + 1e-9)
    assert 0 < outcome.mfu_fraction < 1
    assert 0 < outcome.mbu_fraction < 1
    assert 0 <= outcome.miss_fraction <= 1
    assert outcome.times.share_fraction.sum() == pytest.approx(1)
    assert outcome.bound_times_s.min() >= -1e-12


@given(design=designs())
def test_no_stage_lies_above_the_roof(design):
    outcome = evaluate(CALM, design)
    operators = outcome.operators
    roof = np.minimum(outcome.peak_flop_per_s, outcome.hbm_bytes_per_s * operators.intensity_flop_per_byte)

    assert (operators.attained_flop_per_s <= roof * (1 + 1e-12)).all()
    assert (operators.hbm_bytes >= 0).all()


@given(design=designs())
def test_a_design_survives_json(design):
    assert VehicleDesign.from_json(design.to_json()) == design


def test_a_sweep_gives_what_its_designs_give():
    grid = PLAIN.replace(batch=np.array([1, 2, 4]), precision=np.array(["fp16", "int8", "fp16"]))
    found = sweep(SPIKED, grid, figures=("p999_s", "p50_s", "miss_fraction", "mfu_fraction", "feasible"))
    for place, (batch, precision) in enumerate(((1, "fp16"), (2, "int8"), (4, "fp16"))):
        alone = evaluate(SPIKED, PLAIN.replace(batch=batch, precision=precision))
        assert found["p999_s"][place] == pytest.approx(float(alone.p999_s), rel=1e-9)
        assert found["mfu_fraction"][place] == pytest.approx(float(alone.mfu_fraction), rel=1e-12)


def test_a_hundred_thousand_designs_are_swept_quickly():
    fields = {name: LOOP_CHOICES[name] for name in ("fusion", "precision", "sparsity", "cascade", "dispatch", "mode", "nms")}
    fields |= {"batch": (1, 2, 4, 8), "resolution": (448, 512, 640), "frames": (1000, 5000)}
    axes = np.meshgrid(*(np.array(values) for values in fields.values()), indexing="ij")
    grid = PLAIN.replace(**{name: axis.ravel()[:100_000] for name, axis in zip(fields, axes, strict=True)})
    fastest = 10.0
    for _ in range(3):
        started = time.process_time()  # other work on the machine does not count
        sweep(SPIKED, grid, figures=("feasible", "p999_s", "mfu_fraction"))
        fastest = min(fastest, time.process_time() - started)

    assert fastest < 0.6  # 0.3 s with a warm cache


TRACED = {
    "random spike": (SPIKED, PLAIN),
    "periodic spike": (replace(CALM, spikes=(CLOCK_DROP,)), PLAIN),
    "two courses": (CALM, PLAIN.replace(cascade="exit")),
    "experts": (CALM, PLAIN.replace(experts=2, mode="both")),
    "batch": (SPIKED, PLAIN.replace(batch=4)),
}


@pytest.mark.parametrize("name", TRACED)
def test_the_stages_of_a_recorded_frame_add_up_to_it(name):
    place, design = TRACED[name]
    trace = loop_trace(place, design, evaluate(place, design))

    assert (trace.running_s + trace.waiting_s).sum(axis=1) == pytest.approx(trace.frame_s)


@pytest.mark.parametrize("name", TRACED)
def test_recording_and_closed_form_agree(name):
    place, design = TRACED[name]
    design = design.replace(frames=60_000)
    outcome = evaluate(place, design)
    trace = loop_trace(place, design, outcome)

    assert trace.mean_s == pytest.approx(float(outcome.mean_frame_s), rel=0.006)
    for share, exact in ((0.5, outcome.p50_s), (0.99, outcome.p99_s), (0.999, outcome.p999_s)):
        low, high = trace.interval_s(share)
        # The interval of 95% widened by the fit of sums of lognormals, a hundredth at most.
        assert 0.985 * low <= float(exact) <= 1.015 * high


@pytest.mark.parametrize("spike", KINDS, ids=lambda each: each.id)
def test_the_excess_names_the_stage_and_whether_it_waits(spike):
    place = replace(CALM, spikes=(replace(sized(CALM, PLAIN, spike, 50e-3), chance_fraction=0.004),))
    design = PLAIN.replace(frames=20_000)
    trace = loop_trace(place, design, evaluate(place, design))
    excess = excess_by_stage(trace)
    stage, waits = excess.worst

    assert waits == spike.waits
    assert spike.spreads or STAGE_IDS[stage] == spike.stage
    assert (excess.running_s + excess.waiting_s).sum() == pytest.approx(50e-3, rel=0.1)


def test_a_periodic_spike_shows_in_its_distances_and_a_random_one_does_not():
    def gaps(spike):
        place = replace(CALM, spikes=(spike,))
        design = PLAIN.replace(frames=20_000)
        return loop_trace(place, design, evaluate(place, design)).gaps_count

    assert set(gaps(CLOCK_DROP).tolist()) == {500}
    assert np.ptp(gaps(PAGE_FAULT)) > 500


def test_a_recording_is_the_same_every_time_and_shows_no_slow_frame_where_none_is():
    found = scenario(0)
    outcome = evaluate(found, found.crisis)
    first, second = (loop_trace(found, found.crisis, outcome) for _ in range(2))
    calm = loop_trace(CALM, PLAIN, evaluate(CALM, PLAIN))

    assert np.array_equal(first.frame_s, second.frame_s)
    assert calm.slow == ()
    assert excess_by_stage(calm) is None


def test_the_timeline_shows_one_block_with_its_gaps():
    plain, fused = PLAIN, PLAIN.replace(fusion="1111", precision="int8")
    unfused = timeline(CALM, plain)
    paired = timeline(CALM, fused)

    assert unfused.names[:3] == ("Block 2 split", "Block 2 split: norm", "Block 2 split: SiLU")
    assert any("first + Block" in name for name in paired.names)
    assert unfused.layer_time_s == pytest.approx(float((unfused.durations_s + unfused.gaps_before_s).sum()))
    assert len(paired.names) < len(unfused.names)
