"""Laws of the physics that hold for every design that any bench can make, whatever its kind."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.analyses.gains import gains
from rooflab.evaluate import evaluate
from rooflab.model.roofline import attainable_flop_per_s
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.tracks import TRACKS

BENCHES = [(track, number) for track in TRACKS for number in (2, 3)]
each_bench = pytest.mark.parametrize(("track", "number"), BENCHES, ids=lambda each: getattr(each, "id", each))


def drawn(data, track, number):
    """Draw a variant of a part, and a design that its controls can make."""
    part = track.part(number)
    mission = part.mission(data.draw(st.integers(0, 3)))
    return part, mission, _design(data, part, mission)


def _design(data, part, mission):
    values = {each.id: data.draw(st.sampled_from(np.asarray(each.space).tolist())) for each in part.controls}
    return mission.baseline.replace(**values)


def faster(place, factor):
    """Return the scenario with every memory outside the arithmetic `factor` times as fast."""
    if isinstance(place, VehicleScenario | GlassesScenario):
        return replace(place, device=replace(place.device, hbm_bytes_per_s=factor * place.device.fact("hbm_bytes_per_s")))
    if isinstance(place, EarbudScenario):
        return replace(place, chips=tuple(_quicker(each, factor) for each in place.chips))
    return replace(
        place, devices=tuple(replace(each, hbm_bytes_per_s=factor * each.fact("hbm_bytes_per_s")) for each in place.devices)
    )


def _quicker(chip, factor):
    memories = {name: replace(each, bytes_per_s=factor * each.bytes_per_s) for name, each in chip.memories.items()}
    return replace(chip, memories=memories)


@each_bench
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_dot_lies_above_its_roof(track, number, data):
    _, mission, design = drawn(data, track, number)
    outcome = evaluate(mission.scenario, design)
    operators = outcome.operators
    roof = attainable_flop_per_s(
        intensity_flop_per_byte=operators.intensity_flop_per_byte,
        peak_flop_per_s=outcome.peak_flop_per_s,
        hbm_bytes_per_s=outcome.hbm_bytes_per_s,
    )
    shown = (operators.intensity_flop_per_byte > 0) & (operators.time_s > 0)

    assert np.all(operators.attained_flop_per_s[shown] <= roof[shown] * (1 + 1e-9))


@each_bench
@settings(max_examples=25, deadline=None)
@given(st.data(), st.floats(1.01, 8))
def test_more_bandwidth_is_never_slower(track, number, data, factor):
    _, mission, design = drawn(data, track, number)

    before = float(evaluate(mission.scenario, design).step_time_s)
    assert float(evaluate(faster(mission.scenario, factor), design).step_time_s) <= before * (1 + 1e-12)


@each_bench
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_factors_of_levers_multiply_to_the_total(track, number, data):
    part, mission, design = drawn(data, track, number)
    found = gains(mission.scenario, mission.baseline, design, part.levers)

    before, after = (float(evaluate(mission.scenario, each).output_time_s) for each in (mission.baseline, design))
    assert np.prod([each.factor for each in found.gains]) == pytest.approx(before / after)
    assert found.total_factor == pytest.approx(before / after)


FUSIBLE = [each for each in BENCHES if any(control.chain for control in each[0].part(each[1]).controls)]


@pytest.mark.parametrize(("track", "number"), FUSIBLE, ids=lambda each: getattr(each, "id", each))
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_fusion_adds_no_bytes_and_never_takes_operations_away(track, number, data):
    _, mission, design = drawn(data, track, number)
    apart = [at for at, digit in enumerate(design.fusion) if digit == "0"]
    if getattr(design, "hops_batched", 1) > 1:
        apart = apart[1:]  # the one kernel of a cell reads its input weights again for every hop
    if not apart:
        return
    at = data.draw(st.sampled_from(apart))
    fused = design.replace(fusion=design.fusion[:at] + "1" + design.fusion[at + 1 :])
    none = design.replace(fusion="0" * len(design.fusion))
    unfused, before, after = (evaluate(mission.scenario, each).operators for each in (none, design, fused))

    assert after.hbm_bytes.sum() <= before.hbm_bytes.sum() * (1 + 1e-9)
    assert after.launches.sum() <= before.launches.sum() + 1e-9
    assert after.flop.sum() >= unfused.flop.sum() * (1 - 1e-9)  # some groupings compute something twice


@pytest.mark.parametrize(
    ("track", "number", "weights", "whole"),
    [
        (TRACKS[0], 2, ("bf16", "w8a16"), None),
        (TRACKS[0], 3, ("bf16", "w8a16"), "fp8"),
        (TRACKS[2], 2, ("fp16", "w8a16"), "w8a8"),
        (TRACKS[2], 3, ("fp16", "w8a16"), "w8a8"),
    ],
    ids=lambda each: str(getattr(each, "id", each)),
)
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_narrow_weights_move_the_dot_and_a_narrow_format_the_roof_too(track, number, weights, whole, data):
    _, mission, design = drawn(data, track, number)
    plain, narrow = (evaluate(mission.scenario, design.replace(precision=each)) for each in weights)

    assert narrow.peak_flop_per_s == plain.peak_flop_per_s
    assert narrow.operators.weight_bytes.sum() < plain.operators.weight_bytes.sum()
    if whole:
        assert evaluate(mission.scenario, design.replace(precision=whole)).peak_flop_per_s > plain.peak_flop_per_s
