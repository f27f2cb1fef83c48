"""Every number in what is said after a prediction or a diagnosis, computed again from outcomes and in its order.

A row names a question and lists the figures that its words may state, in order, each with its unit; the words are free.
"""

from dataclasses import replace

import numpy as np
import pytest

from rooflab.evaluate import BOUNDS, evaluate
from rooflab.lab.setting import setting
from rooflab.model.roofline import LINK
from rooflab.tracks import TRACKS
from rooflab.tracks.cloud_titan.fuse_mission import BUILDABLE
from rooflab.tracks.cloud_titan.scenario import repaired
from rooflab.tracks.edge_guardian.fuse_mission import ALL_PASSES
from rooflab.tracks.edge_guardian.scenario import guilty, long_trace
from tests.unit.rendered_bench import quantities

VARIANTS = (0, 1, 2, 5)


def moved(outcome):
    return outcome.operators.hbm_bytes.sum()


def does(outcome):
    return outcome.operators.flop.sum()


def of(outcome, name, operator):
    return getattr(outcome.operators, name)[outcome.operators.ids.index(operator)]


def slope(operator):
    return lambda found, now: [(of(now, "intensity_flop_per_byte", operator), "FLOP"), (now.ridge_flop_per_byte, "")]


def cloud_bits(found, now):
    after = evaluate(found, repaired(found))
    halved = evaluate(found, repaired(found).replace(precision={"bf16": "w8a16", "w8a16": "w4a16"}[found.crisis.precision]))
    return [(after.step_time_s, "s"), (halved.step_time_s, "s"), (1 - halved.step_time_s / after.step_time_s, "")]


def cloud_diagnosis(found, now):
    after = evaluate(found, repaired(found))
    link = after.bound_times_s[LINK] / after.step_time_s
    return [
        (now.kv_time_fraction, ""),
        (now.mbu_fraction, ""),
        (now.step_time_s / after.step_time_s, "×"),
        (after.mbu_fraction, ""),
        (after.mfu_fraction, ""),
        (after.bound_times_s[0] / after.step_time_s, ""),
        (after.bound_times_s[1] / after.step_time_s, ""),
        (after.bound_times_s[BOUNDS.index("latency")] / after.step_time_s, ""),
        (link, ""),
    ]


def cloud_fusion(found, now):
    after = evaluate(found, found.crisis.replace(fusion=BUILDABLE))
    return [(does(now), "FLOP"), (moved(after), "B"), (moved(now), "B"), (after.operators.launches.sum(), ""), (now.operators.launches.sum(), "")]


def cloud_fall(found, now):
    after = evaluate(found, found.crisis.replace(fusion=BUILDABLE))
    saved_s = (moved(now) - moved(after)) / (found.calibration.hbm_fraction * now.hbm_bytes_per_s)
    starts = BOUNDS.index("latency")
    return [
        (now.step_time_s, "s"),
        (after.step_time_s, "s"),
        (1 - after.step_time_s / now.step_time_s, ""),
        (saved_s, "s"),
        (now.operators.launches.sum() - after.operators.launches.sum(), ""),
        (now.bound_times_s[starts], "s"),
        (after.bound_times_s[starts], "s"),
        (after.operators.weight_bytes.sum() + after.operators.kv_bytes.sum(), "B"),
        (60 / (now.step_time_s - after.step_time_s), ""),
    ]


def kept_tokens(share, drafts=4):
    """Count the drafts that hold before the first that does not, and the one token after them."""
    return sum(share**place for place in range(drafts + 1))


def cloud_drafts(found, now):
    after, alone, both = (evaluate(found, found.crisis.replace(**each)) for each in ({"draft_tokens": 4}, {"batch": 1}, {"batch": 1, "draft_tokens": 4}))
    return [
        (kept_tokens(found.service.acceptance_fraction), "tokens"),
        (after.flop_per_output / now.flop_per_output, "×"),
        (both.flop_per_output / alone.flop_per_output, "×"),
        (both.bytes_per_output / alone.bytes_per_output, ""),
    ]


def cloud_load(found, now):
    after = evaluate(found, found.crisis.replace(draft_tokens=4))
    drafting = after.operators.time_s[-1]
    return [
        (found.service.acceptance_fraction, ""),
        (kept_tokens(found.service.acceptance_fraction), "tokens"),
        (drafting, "s"),
        (after.step_time_s - drafting, "s"),
        (now.step_time_s, "s"),
        (now.inter_token_s, "s"),
        (after.inter_token_s, "s"),
        (found.crisis.batch, "sequences"),
        (of(now, "intensity_flop_per_byte", "gate_up"), "FLOP"),
        (of(after, "intensity_flop_per_byte", "gate_up"), ""),
        (now.ridge_flop_per_byte, ""),
    ]


def edge_statistics(found, now):
    plain = evaluate(found.__class__(**{**fields_of(found), "spikes": ()}), found.crisis)
    rare = next(each for each in found.spikes if each.id == guilty(found).id).chance_fraction
    return [(now.mean_frame_s, "s"), (now.p99_s, "s"), (now.p999_s, "s"), (1 / rare, ""), (plain.mean_frame_s, "s"), (now.mean_frame_s, "s"), (now.mean_frame_s / plain.mean_frame_s - 1, "")]


def fields_of(record):
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def edge_guilty(found, now):
    trace, _ = long_trace(found)
    slow = np.isin(np.arange(len(trace.frame_s)), list(trace.slow))
    run, wait = (each[slow].mean(axis=0) - each[~slow].mean(axis=0) for each in (trace.running_s, trace.waiting_s))
    worst = (-(run + wait)).argsort()[:2]
    more = [(max(each[at], 0), "s") for at in worst for each in (run, wait)]
    return [(slow.sum(), ""), (len(slow), ""), (trace.frame_s[slow].mean(), "s"), *more]


def edge_fusion(found, now):
    after = evaluate(found, found.crisis.replace(fusion="1100"))
    return [(does(now) / 1e6, ""), (moved(after), "B"), (moved(now), "B")]


def edge_fall(found, now):
    after = evaluate(found, found.crisis.replace(fusion=ALL_PASSES))
    spared = now.bound_times_s - after.bound_times_s
    return [
        (now.step_time_s, "s"),
        (after.step_time_s, "s"),
        (1 - after.step_time_s / now.step_time_s, ""),
        (now.operators.launches.sum(), ""),
        (after.operators.launches.sum(), ""),
        (moved(now), "B"),
        (moved(after), "B"),
        (sum(of(now, "time_s", each) for each in ("copy", "nms", "plan")), "s"),
        (spared[BOUNDS.index("latency")], "s"),
        (spared[BOUNDS.index("memory")], "s"),
    ]


def edge_drafts(found, now):
    after = evaluate(found, found.crisis.replace(cascade="exit"))
    return [
        (0.9, ""),
        (0.5, ""),
        (5 / kept_tokens(0.9), "×"),
        (5 / kept_tokens(0.5), "×"),
        (found.rig.exit_acceptance_fraction, ""),
        (after.flop_per_output, "FLOP"),
        (now.flop_per_output, "FLOP"),
    ]


def edge_experts(found, now):
    after = evaluate(found, found.crisis.replace(experts=4))
    weights = [dict(each.capacity.parts) for each in (now, after)]
    return [
        (found.rig.expert_size_fraction[4], ""),
        (now.mean_frame_s, "s"),
        (after.mean_frame_s, "s"),
        (found.rig.switch_fraction, ""),
        (now.p999_s, "s"),
        (after.p999_s, "s"),
        *((each["weights"], "B") for each in weights),
    ]


def glasses_change(found, now):
    changes = ({"fusion": "11111"}, {"precision": "w8a8"}, {"frames_per_s": 30})
    saved = [now.power_w - evaluate(found, found.crisis.replace(**each)).power_w for each in changes]
    return [(watts, "W") for watts in saved if watts > 0.5e-3]  # else "nothing"


def glasses_diagnosis(found, now):
    causes = (now.memory_power_w, now.arithmetic_power_w, now.static_power_w, now.idle_power_w)
    listed = [pair for watts in causes for pair in ((watts, "W"), (watts / now.power_w, ""))]
    return [(now.power_w, "W"), (now.power_limit_w, "W"), (now.throttle_s, "s"), *listed, (now.mbu_fraction, ""), (now.mfu_fraction, "")]


def glasses_fusion(found, now):
    after = evaluate(found, found.crisis.replace(fusion="10101", tile_rows=found.filter.input_size))
    return [(does(after) / 1e6, ""), (moved(now), "B"), (moved(after), "B")]


def glasses_saved(found, now):
    whole = max(1 - moved(evaluate(found, found.crisis.replace(fusion="11111", tile_rows=rows))) / moved(now) for rows in (found.crisis.tile_rows,))
    return [(whole, ""), (moved(now), "B"), (now.operators.weight_bytes.sum() / moved(now), ""), (now.operators.hbm_bytes[-3:].sum() / moved(now), "")]


def glasses_drafts(found, now):
    after, skipping = (evaluate(found, found.crisis.replace(**each)) for each in ({"draft_tokens": 4}, {"skipped_frames": 3}))
    ends = [[getattr(each.operators, name)[-2:].sum() for each in (after, now)] for name in ("flop", "hbm_bytes")]
    return [(ends[0][0] / ends[0][1], "×"), (ends[1][0] / ends[1][1], "×"), (does(skipping) / does(now), "")]


def glasses_energy(found, now):
    after = evaluate(found, found.crisis.replace(draft_tokens=4))
    pairs = [(getattr(each, name), unit) for name, unit in (("frame_energy_j", "J"), ("memory_power_w", "W"), ("arithmetic_power_w", "W")) for each in (now, after)]
    return [(found.scene.token_acceptance_fraction, ""), (kept_tokens(found.scene.token_acceptance_fraction), "tokens"), *pairs]


def hop_diagnosis(found, now):
    asleep = found.chip(found.crisis.chip_id).sleep_w
    shares = now.bound_times_s / now.hop_time_s
    return [
        (now.hop_time_s, "s"),
        *((shares[BOUNDS.index(each)], "") for each in ("memory", "compute", "latency")),
        (now.asked_bytes_per_s, "B/s"),
        (now.asked_bytes_per_s / now.given_bytes_per_s, "×"),
        (now.mbu_fraction, ""),
        (now.mfu_fraction, ""),
        (now.power_w, "W"),
        (asleep, "W"),
    ]


def hop_fusion(found, now):
    after = evaluate(found, found.reference)
    return [(moved(now), "B"), (moved(after), "B"), (does(now), "")]


def hop_fall(found, now):
    after = evaluate(found, found.reference)
    return [
        (now.hop_time_s, "s"),
        (after.hop_time_s, "s"),
        (1 - after.hop_time_s / now.hop_time_s, ""),
        (now.operators.launches.sum(), ""),
        (now.bound_times_s[BOUNDS.index("latency")], "s"),
        (now.bound_times_s[BOUNDS.index("memory")], "s"),
        (moved(now) - moved(after), "B"),
    ]


def hop_gate(found, now):
    run = 1 - found.earbud.silent_fraction * found.algorithms.caught_fraction["cautious"]
    cost = found.algorithms.gate_cost_fraction["cautious"]
    return [(run, ""), (cost, ""), (run + cost, "×")]


def hop_power(found, now):
    after, chip = evaluate(found, found.reference), found.chip(found.crisis.chip_id)
    hop = found.earbud.hop_s
    waking = [(chip.wake_s, "s"), (hop, "s"), (chip.active_w * chip.wake_s / hop, "W")] if now.step_time_s + chip.wake_s < hop else [(hop, "s")]
    return [
        (now.power_w, "W"),
        (after.power_w, "W"),
        (1 - after.power_w / now.power_w, ""),
        (now.sleep_power_w + now.front_end_w, "W"),
        *waking,
        (now.step_time_s, "s"),
        (after.step_time_s, "s"),
    ]


SAID = {
    ("cloud-titan", 1, "slope"): slope("attention"),
    ("cloud-titan", 1, "half-the-bits"): cloud_bits,
    ("cloud-titan", 1, "binding-constraint"): cloud_diagnosis,
    ("cloud-titan", 2, "linear-relu"): cloud_fusion,
    ("cloud-titan", 2, "fused-halves"): cloud_fall,
    ("cloud-titan", 3, "draft"): cloud_drafts,
    ("cloud-titan", 3, "draft-load"): cloud_load,
    ("edge-guardian", 1, "slope"): slope("stem"),
    ("edge-guardian", 1, "first-missing"): edge_statistics,
    ("edge-guardian", 1, "guilty-stage"): edge_guilty,
    ("edge-guardian", 2, "linear-relu"): edge_fusion,
    ("edge-guardian", 2, "all-passes"): edge_fall,
    ("edge-guardian", 3, "draft"): edge_drafts,
    ("edge-guardian", 3, "four-experts"): edge_experts,
    ("mobile-nomad", 1, "slope"): slope("stem"),
    ("mobile-nomad", 1, "one-change"): glasses_change,
    ("mobile-nomad", 1, "thermal-constraint"): glasses_diagnosis,
    ("mobile-nomad", 2, "linear-relu"): glasses_fusion,
    ("mobile-nomad", 2, "full-fusion"): glasses_saved,
    ("mobile-nomad", 3, "draft"): glasses_drafts,
    ("mobile-nomad", 3, "draft-energy"): glasses_energy,
    ("tiny-pioneer", 1, "slope"): lambda found, now: slope("recurrent")(found, now)[:1],
    ("tiny-pioneer", 1, "hop-constraint"): hop_diagnosis,
    ("tiny-pioneer", 2, "linear-relu"): hop_fusion,
    ("tiny-pioneer", 2, "one-kernel"): hop_fall,
    ("tiny-pioneer", 3, "draft"): hop_gate,
    ("tiny-pioneer", 3, "gate"): hop_power,
}


def not_computed(words, expected):
    """Return the first number of a text that is none of the figures that may follow on those before it, and what may follow."""
    left = [(float(value), {"FLOP per byte": "FLOP"}.get(unit, unit)) for value, unit in expected]
    found = [each for each in quantities(words) if each.unit or each.value > 10 or each.value != int(each.value)]
    matched = 0
    for each in found:
        said = replace(each, unit={"FLOP per byte": "FLOP", "tokens": "tokens"}.get(each.unit, each.unit))
        at = next((place for place, (value, unit) in enumerate(left) if said.is_(value, unit)), None)
        if at is not None:
            del left[: at + 1]
            matched += 1
        elif not any(said.is_(value, unit) for value, unit in FIXED):
            return each.value, each.unit, left
    return None if matched else ("no figure", "", left)


FIXED = ((30, "FPS"), (60, "FPS"), (60, ""), (96, "states"), (0.01, ""), (0.001, ""), (1000, ""), (99, ""), (99.9, ""))
"""What the words may say of themselves: a choice, a share that defines a percentile."""


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("key", SAID, ids=lambda each: "-".join(map(str, each)))
def test_every_number_is_computed_again(key, variant):
    track, number, name = key
    place = setting(track, number, variant)
    question = next(each for each in (*place.part.questions, place.part.diagnosis) if each and each.id == name)
    expected = SAID[key](place.scenario, evaluate(place.scenario, place.scenario.crisis))

    for choice in question.choices:
        words = question.explain(place.scenario, choice.id)
        assert not_computed(words, expected) is None, words


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_who_is_right_is_told_the_mechanism_and_who_is_not_a_sentence_more(track):
    for part in track.parts:
        for variant in VARIANTS:
            place = setting(track.id, part.number, variant)
            for question in (*part.questions, *([part.diagnosis] if part.diagnosis else [])):
                right = question.answer(place.scenario)
                told = question.explain(place.scenario, right)
                for choice in question.choices:
                    words = question.explain(place.scenario, choice.id)
                    assert words == told if choice.id == right else (words.startswith(told) and words != told), (question.id, choice.id)
