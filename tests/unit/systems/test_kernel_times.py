"""How long kernels take, checked against the times of their arithmetic and traffic."""

import numpy as np
import pytest

from rooflab.evaluate import evaluate
from rooflab.tracks.cloud_titan import CLOUD_TITAN

PLACE = CLOUD_TITAN.scenario(0)
FUSED = PLACE.crisis.replace(attention_kernel="fused", dispatch="graph", batch=32, context_tokens=4096)


def kernels(**changes):
    """Return the operators of a design by name: arithmetic, traffic, link, and the time inside the kernels."""
    operators = evaluate(PLACE, FUSED.replace(**changes)).operators
    inside = operators.time_s - operators.launch_s
    return {
        name: (operators.compute_s[at], operators.memory_s[at], operators.link_s[at], inside[at])
        for at, name in enumerate(operators.ids)
    }


def test_small_products_add_arithmetic_to_traffic():
    compute_s, memory_s, _, inside_s = kernels()["qkv"]

    # 32 rows by (64 + 16) x 128 / 8 columns are 10 tiles of 128 x 128, fewer than the 108 multiprocessors of an A100.
    assert inside_s == pytest.approx(compute_s + memory_s)


def test_large_products_hide_part_of_their_traffic():
    compute_s, memory_s, _, inside_s = kernels(phase="prefill", batch=1)["gate_up"]
    tiles = (4096 / 128) * (2 * 28672 / 8 / 128)  # 1792: 16.6 waves

    assert inside_s == pytest.approx(compute_s + (108 / tiles) ** 0.25 * memory_s)


def test_fused_attention_hides_its_scores_behind_the_cache():
    compute_s, memory_s, _, inside_s = kernels()["attention"]

    assert 0 < compute_s < memory_s
    assert inside_s == pytest.approx(memory_s)


def test_copies_of_eager_attention_hide_nothing():
    compute_s, memory_s, _, inside_s = kernels(attention_kernel="eager")["attention"]
    hbm_s = 1 / (PLACE.calibration.hbm_fraction * 2.039e12)
    cache = 80 * 32 * 4096 * 2 * 128 * 2  # one KV head on each of eight GPUs, in two bytes, of all layers
    scores = 80 * 32 * 4096 * 8 * 2  # of eight query heads
    copied_s = (cache + 8 * cache + 6 * scores) * hbm_s  # one read, eight copies written; scale, mask and softmax

    assert inside_s == pytest.approx(copied_s + max(compute_s, memory_s - copied_s))


def test_a_small_all_reduce_is_read_at_once_and_a_large_one_goes_around_the_ring():
    link_bytes_per_s = PLACE.calibration.link_fraction * 300e9
    ring_s = 80 * 2 * 7 / 8 * 8192 * 2 / link_bytes_per_s  # of one sequence, all layers
    small, large = kernels(batch=8)["mlp_reduce"][2], kernels(batch=512)["mlp_reduce"][2]

    assert small == pytest.approx(8 * ring_s * 8 / 2)  # every GPU reads seven whole messages
    assert large == pytest.approx(512 * ring_s)


def test_the_causes_of_a_step_add_up_to_it():
    for change in ({}, {"attention_kernel": "eager"}, {"phase": "prefill", "batch": 1}, {"batch": 512}):
        outcome = evaluate(PLACE, FUSED.replace(**change))
        assert outcome.bound_times_s.sum() == pytest.approx(outcome.step_time_s)
        assert np.all(outcome.bound_times_s >= 0)


def test_one_more_sequence_never_shortens_a_step():
    for phase, name in (("decode", "batch"), ("prefill", "context_tokens")):
        grid = FUSED.replace(phase=phase, batch=1).replace(**{name: np.arange(1, 1025)})
        times_s = evaluate(PLACE, grid).step_time_s
        assert np.all(np.diff(times_s) > 0)  # where a row of tiles begins, too
