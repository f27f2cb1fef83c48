"""Every term by hand in designs that use all of them at once, with no two factors alike and none that is zero."""

import math

import numpy as np
import pytest

from rooflab.evaluate import evaluate
from rooflab.lab.setting import setting
from rooflab.model.mixture import quantile_interval_shares
from rooflab.tracks.mobile_nomad.scenario import PLAIN, glasses

# A service that drafts with a mixture while prompts ride along.

DRAFTS, BATCH = 3, 24


def served(**changes):
    place = setting("cloud-titan", 3, 0)
    design = place.start.replace(
        batch=BATCH, draft_tokens=DRAFTS, experts="tensor", precision="w8a16", kv_precision="bf16", sparsity="dense", fusion="000000", context_tokens=1100,
    ).replace(**changes)  # fmt: skip
    return place.scenario, design, evaluate(place.scenario, design)


def of(outcome, name, operator):
    return float(getattr(outcome.operators, name)[outcome.operators.ids.index(operator)])


def counts(found, design):
    """Return tokens of a round, all tokens of a pass, prompt tokens that ride along, and the experts that are met."""
    service, model = found.service, found.mixture
    kept = sum(service.acceptance_fraction**place for place in range(DRAFTS + 1))
    riding = (design.batch - 1) * kept * service.prompt_tokens / service.output_tokens
    own = design.batch * (DRAFTS + 1)
    e, k = model.experts, model.experts_per_token

    def met(tokens):
        return e * (1 - (1 - k / e) ** tokens)

    share = riding / max(riding, service.prompt_tokens)
    return kept, own + riding, riding, met(own) + share * (met(own + max(riding, service.prompt_tokens)) - met(own))


def test_every_token_meets_its_experts_with_drafts_and_prompts():
    found, design, outcome = served()
    model, n = found.mixture, found.device_count
    _, tokens, _, met = counts(found, design)
    expert = 3 * model.hidden * model.ffn / n  # gate, up, down

    router = model.hidden * model.experts / n
    assert of(outcome, "weight_bytes", "gate_up") == pytest.approx(model.layers * (met * 2 / 3 * expert + router) * 1.0)  # INT8
    assert of(outcome, "weight_bytes", "down") == pytest.approx(model.layers * met * 1 / 3 * expert * 1.0)
    assert of(outcome, "flop", "gate_up") == pytest.approx(model.layers * 2 * tokens * model.experts_per_token * 2 / 3 * expert, rel=0.02)
    assert of(outcome, "flop", "down") == pytest.approx(model.layers * 2 * tokens * model.experts_per_token * 1 / 3 * expert, rel=0.02)


def test_attention_of_a_verification_sees_what_was_drafted_and_the_prompts():
    found, design, outcome = served()
    model, n = found.mixture, found.device_count
    _, tokens, riding, _ = counts(found, design)
    context, drafted, prompt = design.context_tokens, DRAFTS, found.service.prompt_tokens
    width = 2 * model.kv_heads * model.head_dim / n * 2.0  # keys and values of a token in BF16

    assert n <= model.kv_heads
    assert of(outcome, "kv_bytes", "attention") == pytest.approx(model.layers * (BATCH * (context + drafted) + riding) * width, rel=0.25)
    read = (BATCH * (context + drafted) + riding) * found.service.paged_read_factor * width
    assert of(outcome, "kv_bytes", "attention") in (pytest.approx(model.layers * read), pytest.approx(model.layers * read / found.service.paged_read_factor))
    # The first of four queries sees the context, the last three more; a prompt sees half of itself.
    scores = BATCH * (4 * (context + drafted) - (1 + 2 + 3)) + riding * (prompt + 1) / 2
    assert of(outcome, "flop", "attention") == pytest.approx(model.layers * 4 * model.head_dim * model.heads / n * scores)
    assert of(outcome, "flop", "lm_head") == pytest.approx(2 * BATCH * (1 + drafted) * model.hidden * model.vocab / n, rel=1e-3)


def test_the_memory_of_a_service_holds_both_models_and_both_caches():
    found, design, outcome = served()
    model, small, n = found.mixture, found.draft, found.device_count
    _, tokens, _, _ = counts(found, design)
    kept = design.context_tokens + (found.service.page_tokens - 1) / 2

    def cache(each):
        return 2 * each.layers * max(each.kv_heads, n) * each.head_dim * 2.0 / n

    held = outcome.capacity
    assert float(held.weight_bytes) == pytest.approx(1.0 * model.params_count / n)
    assert float(held.kv_bytes) == pytest.approx(BATCH * kept * cache(model))
    assert float(held.draft_bytes) == pytest.approx(1.0 * small.params_count / n + BATCH * kept * cache(small))
    assert float(held.activation_bytes) == pytest.approx(2 * tokens * (2 * model.hidden + 2 * model.ffn / n) + 4 * BATCH * model.vocab / n)


def test_what_a_round_gives_and_takes():
    found, design, outcome = served()
    kept, *_ = counts(found, design)

    assert float(outcome.round_tokens_count) == pytest.approx(kept)
    assert float(outcome.tokens_per_s) == pytest.approx(BATCH * kept / float(outcome.step_time_s))
    assert float(outcome.inter_token_s) == pytest.approx(float(outcome.step_time_s) / kept)
    assert float(outcome.step_time_s) == pytest.approx(float(outcome.operators.time_s.sum()))
    assert float(np.sum(outcome.bound_times_s)) == pytest.approx(float(outcome.step_time_s))


@pytest.mark.parametrize(("name", "value"), [("batch", 48), ("draft_tokens", 1), ("kv_precision", "fp8"), ("precision", "bf16"), ("context_tokens", 2200)])
def test_each_of_them_counts(name, value):
    *_, before = served()
    *_, after = served(**{name: value})

    assert of(after, "kv_bytes", "attention") != of(before, "kv_bytes", "attention") or name == "precision"
    assert float(after.needed_bytes) != float(before.needed_bytes)


# Glasses under the governor.


@pytest.mark.parametrize("frames_per_s", [60, 90])
def test_a_throttled_frame_takes_energy_by_the_square_of_the_voltage(frames_per_s):
    found = glasses(0)
    outcome = evaluate(found, PLAIN.replace(frames_per_s=frames_per_s))
    energy, body = found.energy, found.body
    step = float(outcome.step_time_s)
    kept = float(outcome.frames_per_s)
    arithmetic, memory, static = (float(each) / kept for each in (outcome.arithmetic_power_w, outcome.memory_power_w, outcome.static_power_w))
    clock, volts = 0.5, 0.8
    slowed = min(clock * frames_per_s, clock / step)

    assert (body.throttle_clock_fraction, body.throttle_voltage_fraction) == (clock, volts)
    assert static == pytest.approx(energy.static_w * step)
    # Switching goes with V^2, leakage with V for twice as long, a byte of DRAM with neither.
    by_hand = energy.idle_w + slowed * (energy.capture_j + arithmetic * volts**2 + memory + static * volts / clock)
    assert float(outcome.throttled_power_w) == pytest.approx(by_hand)
    assert float(outcome.power_w) == pytest.approx(energy.idle_w + kept * (energy.capture_j + arithmetic + memory + static))
    assert float(outcome.idle_power_w) == pytest.approx(energy.idle_w + kept * energy.capture_j)
    assert float(outcome.heat_fraction) == pytest.approx(float(outcome.power_w) / ((43 - 25) / 10))
    rise = float(outcome.power_w) * body.resistance_k_per_w
    tau = body.resistance_k_per_w * body.capacity_j_per_k
    assert float(outcome.skin_c) == pytest.approx(25 + rise * (1 - math.exp(-600 / tau)))
    if rise > 18:
        assert float(outcome.throttle_s) == pytest.approx(-tau * math.log(1 - 18 / rise))


def test_the_skin_follows_the_governor_between_its_two_temperatures():
    from rooflab.systems.glasses.heat import heat_trace

    found, design = glasses(0), PLAIN
    outcome = evaluate(found, design)
    trace = heat_trace(found, design, outcome)
    late = trace.times_s > float(outcome.throttle_s)

    assert trace.skin_c[0] == 25
    assert trace.skin_c[late].max() <= 43 + 1e-6
    assert trace.skin_c[late].min() >= 41 - 0.5
    assert (trace.clock_fraction[~late][:-1] == 1).all()
    assert set(np.unique(trace.clock_fraction)) == {0.5, 1.0}


# A hop that is gated, divided among experts and collected.


def hop(**changes):
    place = setting("tiny-pioneer", 3, 0)
    design = place.start.replace(gate="cautious", experts=2, sparsity="dense", hidden=128, **changes)
    return place.scenario, design, evaluate(place.scenario, design)


def test_the_power_of_a_hop_is_awake_asleep_and_the_front_end():
    found, design, outcome = hop()
    chip, known, earbud = found.chip(design.chip_id), found.algorithms, found.earbud
    plain = evaluate(found, design.replace(gate="none"))
    run = 1 - earbud.silent_fraction * known.caught_fraction["cautious"]
    gate = known.gate_cost_fraction["cautious"] + known.router_fraction
    full_s = float(plain.step_time_s) / (1 + known.router_fraction)

    assert float(outcome.step_time_s) == pytest.approx(full_s * (run + gate))
    assert float(outcome.hop_time_s) == pytest.approx(full_s * (1 + gate))
    assert float(outcome.delay_s) == pytest.approx(earbud.hop_s + full_s * (1 + gate))
    busy = full_s * (run + gate) / earbud.hop_s
    duty = min(busy + chip.wake_s / earbud.hop_s, 1)
    assert float(outcome.busy_fraction) == pytest.approx(busy)
    assert float(outcome.sleep_power_w) == pytest.approx((1 - duty) * chip.sleep_w)
    assert float(outcome.power_w) == pytest.approx(duty * chip.active_w + (1 - duty) * chip.sleep_w + earbud.front_end_w)
    assert float(outcome.speech_lost_fraction) == known.speech_lost_fraction["cautious"]


def test_experts_are_smaller_and_all_are_kept():
    found, design, outcome = hop(placement="flash")
    alone = evaluate(found, design.replace(experts=1))
    parts, single = dict(outcome.capacity.parts), dict(alone.capacity.parts)
    size = found.algorithms.expert_size_fraction[2]

    assert parts["weights of other experts"] == pytest.approx(parts["weights"])
    assert single["weights of other experts"] == 0
    assert float(parts["weights"]) <= float(single["weights"])
    assert float(outcome.footprint_bytes) == pytest.approx(2 * (float(parts["weights"])) + float(parts["filling up of lines and vectors"]) + float(parts["gate in front"]))
    assert 0 < size < 1


# A loop with a batch, a cascade and several spikes.


def test_a_frame_waits_for_its_batch_and_the_mean_counts_every_kind():
    place = setting("edge-guardian", 3, 0)
    design = place.start.replace(batch=4, cascade="exit", experts=2)
    found, outcome = place.scenario, evaluate(place.scenario, design)
    times = outcome.times

    assert float(outcome.wait_s) == pytest.approx(3 * found.rig.image_gap_s)
    assert float(np.sum(times.share_fraction)) == pytest.approx(1)
    mean = sum(share * median * math.exp(sigma**2 / 2) for share, median, sigma in zip(times.share_fraction, times.median_s, times.sigma_factor, strict=True))
    assert float(outcome.mean_frame_s) == pytest.approx(float(outcome.wait_s) + mean)
    assert float(outcome.images_per_s) == pytest.approx(4 / mean)
    assert float(outcome.pixels_count) == pytest.approx(design.resolution * found.rig.target_m / found.rig.view_width_m)
    late = float(outcome.p999_s) - float(outcome.wait_s)
    assert float(times.above_fraction(late)) == pytest.approx(0.001, rel=1e-3)
    parts = dict(outcome.capacity.parts)
    assert float(parts["workspace"]) == 16e6
    assert float(parts["tensors of the graph"]) in (0.0, float(parts["activations"]))
    images = {"pageable": 2 * 4, "pinned": 4 + 2 * 8, "mapped": 2 * 8}[design.input_path]
    assert float(parts["images"]) == pytest.approx(images * found.rig.image_bytes)


def test_an_interval_of_a_quantile_is_that_of_a_count():
    low, high = quantile_interval_shares(0.99, 2000)

    half = 1.959964 * math.sqrt(0.99 * 0.01 / 2000)
    assert (float(low), float(high)) == pytest.approx((0.99 - half, 0.99 + half))
