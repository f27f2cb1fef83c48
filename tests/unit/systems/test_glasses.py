"""Frames on glasses: energy by hand, what bounds and heats, limits, and a grid against single designs."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.errors import BadDesign
from rooflab.evaluate import design_from_json, error_band, evaluate, sweep, timeline
from rooflab.model.roofline import attainable_flop_per_s
from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.heat import heat_trace
from rooflab.tracks.mobile_nomad.scenario import PLAIN, glasses

PLACE = glasses(0)
FUSIONS = tuple("".join(each) for each in product("01", repeat=5))
LEAN = PLAIN.replace(precision="w8a8", fusion="11111", tile_rows=14)
DESIGNS = st.builds(
    GlassesDesign,
    precision=st.sampled_from(("fp16", "w8a16", "w8a8")),
    fusion=st.sampled_from(FUSIONS),
    tile_rows=st.sampled_from((1, 2, 4, 8, 14)),
    frames_per_s=st.sampled_from((30, 60, 72, 90)),
    frames_batched=st.sampled_from((1, 2, 4)),
    translations_per_s=st.sampled_from((1, 2, 4, 8)),
    translations_batched=st.sampled_from((1, 2, 4)),
    ambient_c=st.integers(15, 40),
    sparsity=st.sampled_from(("dense", "quarter", "2:4")),
    skipped_frames=st.sampled_from((0, 1, 3)),
    draft_tokens=st.sampled_from((0, 2, 8)),
    experts=st.sampled_from((1, 4, 8)),
)


def outcome(design=PLAIN, place=PLACE, **changes):
    return evaluate(place, design.replace(**changes))


def test_the_energy_of_a_frame_has_three_terms():
    found = outcome()
    flop, moved = found.operators.flop.sum(), found.operators.hbm_bytes.sum()

    # FP16: 2 pJ for an operation of either engine; 100 pJ for a byte; 0.3 W while awake.
    assert found.frame_energy_j == pytest.approx(2e-12 * flop + 100e-12 * moved + 0.3 * found.step_time_s)


def test_power_is_what_always_runs_and_sixty_frames():
    found = outcome()

    assert found.power_w == pytest.approx(0.85 + 60 * (2.5e-3 + found.frame_energy_j))
    assert found.power_w == pytest.approx(
        found.idle_power_w + found.memory_power_w + found.arithmetic_power_w + found.static_power_w
    )


def test_the_reference_glasses_shed_one_and_eight_tenths_of_a_watt():
    assert outcome().power_limit_w == pytest.approx((43 - 25) / 10)
    assert outcome(ambient_c=35).power_limit_w == pytest.approx((43 - 35) / 10)


def test_the_skin_after_ten_minutes_is_an_exponential():
    found = outcome()

    assert found.skin_c == pytest.approx(25 + 10 * found.power_w * (1 - np.exp(-600 / 300)))


def test_operations_of_a_frame_by_hand():
    found = outcome(translations_per_s=1)
    filtered = found.operators.flop[: found.operators.ids.index("check")].sum()

    # 56.5 M multiply-adds and 6.0 M operations of norms, activations and gates, for ten patches.
    assert filtered == pytest.approx(10 * (2 * 56.51e6 + 6.0e6), rel=5e-3)


def test_bytes_of_weights_follow_their_format():
    fp16, narrow = outcome(), outcome(precision="w8a16")

    assert narrow.operators.weight_bytes.sum() == pytest.approx(fp16.operators.weight_bytes.sum() / 2)
    assert narrow.operators.activation_bytes.sum() == pytest.approx(fp16.operators.activation_bytes.sum())
    assert narrow.peak_flop_per_s == fp16.peak_flop_per_s  # it moves the dots, not the roof


def test_int8_throughout_moves_roof_and_dots_together():
    fp16, int8 = outcome(), outcome(precision="w8a8")

    assert int8.peak_flop_per_s == 2 * fp16.peak_flop_per_s
    assert int8.operators.intensity_flop_per_byte[0] == pytest.approx(2 * fp16.operators.intensity_flop_per_byte[0])


def test_gains_of_fusion_and_precision_overlap():
    start = outcome(tile_rows=14).frame_energy_j
    fused = outcome(tile_rows=14, fusion="11111").frame_energy_j
    narrow = outcome(tile_rows=14, precision="w8a8").frame_energy_j
    both = outcome(LEAN).frame_energy_j

    assert start - both < (start - fused) + (start - narrow)  # both take the same bytes


def test_where_intensity_is_high_precision_wins_and_where_it_is_low_fusion():
    def saved(design):
        before = outcome(design).power_w
        return (
            before - outcome(design, fusion="11111").power_w,
            before - outcome(design, precision="w8a8").power_w,
        )

    fusion, precision = saved(PLAIN.replace(tile_rows=14))
    assert fusion > precision
    fusion, precision = saved(PLAIN.replace(tile_rows=14, fusion="11101"))
    assert precision > fusion


def test_a_batch_of_frames_waits_for_its_last():
    one, four = outcome(LEAN), outcome(LEAN, frames_batched=4)

    assert four.step_time_s < one.step_time_s  # weights once, starts once
    assert four.frame_time_s > 3 / 60
    assert four.mfu_fraction > one.mfu_fraction


def test_full_fusion_of_sixteen_bit_weights_does_not_fit_half_a_mebibyte():
    small = replace(PLACE, on_chip_bytes=512.0 * 1024)

    wide = outcome(PLAIN, small, fusion="11111")
    assert not wide.feasible
    assert "needed on the chip by the largest fused kernel" in wide.reasons[0]
    assert outcome(LEAN, small).capacity.fits


def test_predicted_frames_lower_operations_and_drafts_raise_them():
    start = outcome(LEAN).flop_per_output

    assert outcome(LEAN, skipped_frames=3).flop_per_output < start
    assert outcome(LEAN, draft_tokens=4).flop_per_output > start
    assert outcome(LEAN, draft_tokens=4).bytes_per_output < outcome(LEAN).bytes_per_output


def test_a_skipped_frame_leaves_the_worst_frame_longer():
    assert outcome(LEAN, skipped_frames=3).frame_time_s > outcome(LEAN).frame_time_s
    assert outcome(LEAN, skipped_frames=3).step_time_s < outcome(LEAN).step_time_s
    assert outcome(LEAN, skipped_frames=3).stale_s == pytest.approx(3 / 60)


def test_every_prediction_right_filters_one_frame_in_four():
    sure = replace(PLACE, scene=replace(PLACE.scene, frame_acceptance_fraction=1.0))
    stem = outcome(LEAN, sure).operators.flop[0]

    assert outcome(LEAN, sure, skipped_frames=3).operators.flop[0] == pytest.approx(stem / 4)


def test_experts_read_less_and_are_all_kept():
    one, four = outcome(LEAN), outcome(LEAN, experts=4)

    assert four.bytes_per_output < one.bytes_per_output
    layers = PLACE.translator.encoder_params_count + PLACE.translator.decoder_params_count
    assert four.footprint_bytes - one.footprint_bytes == pytest.approx((4 * 0.5 - 1) * layers)


def test_patterns_of_sparsity_store_what_they_should():
    dense, quarter, pairs = (outcome(LEAN, sparsity=each) for each in ("dense", "quarter", "2:4"))

    assert quarter.footprint_bytes == pytest.approx(dense.footprint_bytes * (0.25 + 1 / 8))
    assert pairs.footprint_bytes == pytest.approx(dense.footprint_bytes * (0.5 + 1 / 8))
    assert quarter.operators.flop.sum() == pytest.approx(dense.operators.flop.sum())  # nothing is skipped
    assert pairs.operators.flop.sum() < 0.65 * dense.operators.flop.sum()


def test_a_chip_that_is_too_slow_drops_frames():
    slow = replace(PLACE, calibration=replace(PLACE.calibration, kernel_start_s=200e-6))
    found = outcome(PLAIN, slow)

    assert found.step_time_s > 1 / 60
    assert found.frames_per_s == pytest.approx(1 / found.step_time_s)
    assert found.busy_fraction == pytest.approx(1.0)


def test_the_trace_ends_as_the_closed_form_says():
    found = outcome()
    trace = heat_trace(PLACE, PLAIN, found)

    assert trace.skin_c.max() <= 43.0 + 1e-9
    first = trace.times_s[(trace.clock_fraction < 1).argmax()]
    assert first == pytest.approx(found.throttle_s, abs=5.0)  # a sample in five seconds
    settled = trace.frames_per_s[trace.times_s > found.throttle_s].mean()
    assert settled == pytest.approx(found.sustained_frames_per_s, rel=0.05)


def test_a_trace_of_a_cool_design_is_flat_in_its_frame_rate():
    trace = heat_trace(PLACE, LEAN, outcome(LEAN))

    assert set(trace.frames_per_s) == {60.0}
    assert trace.throttled_fraction == 0


def test_the_timeline_is_the_longest_block():
    found = timeline(PLACE, PLAIN)

    assert found.names == ("Expand", "Norm and activation 1", "Depthwise", "Norm and activation 2", "Project", "Norm and residual")
    assert found.gaps_before_s.sum() == pytest.approx(6 * 10e-6)
    assert found.layer_time_s == pytest.approx(found.durations_s.sum() + found.gaps_before_s.sum())


def test_a_fused_block_is_one_kernel_in_the_timeline():
    found = timeline(PLACE, LEAN)

    assert len(found.names) == 1
    assert found.names[0].startswith("Expand + norm and activation 1 + depthwise")


def test_the_band_is_the_range_over_what_is_assumed():
    found = outcome()
    band = error_band(PLACE, PLAIN, found)

    assert not band.validated
    assert band.low_s < found.step_time_s < band.high_s


@given(DESIGNS)
@settings(max_examples=80, deadline=None)
def test_no_design_breaks_the_laws(design):
    found = evaluate(PLACE, design)
    operators = found.operators
    roof = attainable_flop_per_s(
        intensity_flop_per_byte=operators.intensity_flop_per_byte,
        peak_flop_per_s=found.peak_flop_per_s,
        hbm_bytes_per_s=found.hbm_bytes_per_s,
    )

    assert (operators.attained_flop_per_s <= roof * (1 + 1e-9)).all()
    assert 0 < found.mfu_fraction < 1
    assert 0 < found.mbu_fraction < 1
    assert operators.time_s.sum() == pytest.approx(found.step_time_s)
    assert found.bound_times_s.sum() == pytest.approx(found.step_time_s)
    assert 0 < found.sustained_frames_per_s <= found.frames_per_s * (1 + 1e-12)
    assert found.throttled_power_w < found.power_w


@given(st.lists(DESIGNS, min_size=2, max_size=12))
@settings(max_examples=15, deadline=None)
def test_a_grid_is_its_designs(designs):
    grid = GlassesDesign(
        **{
            name: np.array([getattr(each, name) for each in designs])
            for name in PLAIN.to_json()
            if name != "kind"
        }
    )
    names = ("step_time_s", "power_w", "mfu_fraction", "needed_bytes", "sustained_frames_per_s", "footprint_bytes")
    found = sweep(PLACE, grid, figures=names)

    for at, each in enumerate(designs):
        single = evaluate(PLACE, each)
        for name in names:
            assert found[name][at] == pytest.approx(float(getattr(single, name)), rel=1e-12), name


def test_values_of_any_shape_broadcast():
    found = evaluate(PLACE, PLAIN.replace(ambient_c=np.array([[20], [30]]), frames_per_s=np.array([30, 60, 90])))

    assert found.power_w.shape == (2, 3)
    assert found.operators.flop.shape == (13, 2, 3)
    assert np.shape(found.feasible) == (2, 3)
    assert found.throttle_s[1, 2] < found.throttle_s[0, 2]  # warmer air


def test_a_hundred_thousand_designs_differ_where_they_should():
    at = np.arange(100_000)
    grid = PLAIN.replace(
        fusion=np.array(FUSIONS)[at % 32],
        precision=np.array(["fp16", "w8a16", "w8a8"])[at // 32 % 3],
        tile_rows=np.array([1, 2, 4, 8, 14])[at // 96 % 5],
        ambient_c=15 + at // 480 % 25,
    )

    found = sweep(PLACE, grid, figures=("power_w", "feasible"))
    # Rows matter for the 16 fusions in which the first norm shares a kernel with the filter.
    assert len(np.unique(found["power_w"].round(12))) == 3 * (16 + 16 * 5)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fusion": "111"}, "fusion must be a text of 5 digits"),
        ({"fusion": 11111}, "fusion must be a text of 5 digits, .* got 11111"),
        ({"fusion": np.array(["11111", "11112"])}, "got '11112'"),
        ({"precision": "int3"}, "precision must be one of fp16, w8a16, w8a8"),
        ({"ambient_c": 60}, "ambient_c must be a whole number from 0 to 42"),
        ({"frames_per_s": 0}, "frames_per_s must be a whole number from 1 to 240"),
    ],
)
def test_a_malformed_design_says_what_is_accepted(changes, words):
    with pytest.raises(BadDesign, match=words):
        PLAIN.replace(**changes)


def test_an_unknown_number_of_experts_says_which_there_are():
    with pytest.raises(BadDesign, match="No translator has 3 experts; there are some with 1, 4, 8"):
        outcome(experts=3)


def test_a_design_survives_its_plain_form():
    assert design_from_json(PLAIN.to_json()) == PLAIN


def test_roofs_show_the_other_format_and_another_device():
    roofs = PLACE.roofs(PLAIN)

    assert [each.name for each in roofs] == ["AR glasses FP16", "AR glasses INT8", "Jetson Orin Nano 8 GB, Super mode"]
    assert roofs[1].peak_flop_per_s == 2 * roofs[0].peak_flop_per_s


def test_what_no_vendor_publishes_says_assumed():
    for record, name in (
        (PLACE.device, "peak_flop_per_s"),
        (PLACE.calibration, "hbm_fraction"),
        (PLACE.energy, "dram_j_per_byte"),
        (PLACE.energy, "idle_w"),
        (PLACE.body, "resistance_k_per_w"),
        (PLACE.scene, "patches"),
        (PLACE.translator, "hidden"),
    ):
        assert record.source_of(name).confidence == "assumed"
