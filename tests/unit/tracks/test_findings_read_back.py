"""What an experiment is said to have shown, read back: each figure by the words before it, with and without the change."""

import re

import pytest

from rooflab.evaluate import BOUNDS, evaluate
from rooflab.lab.setting import setting
from tests.unit.rendered_bench import quantities
from tests.unit.tracks.test_experiments import VARIANTS, doing

STAYS = re.compile(r"stays at|\S+(?: \S{1,6})? as before")
LATENCY = BOUNDS.index("latency")


def of_all(name):
    return lambda outcome: getattr(outcome.operators, name).sum()


def of_one(operator, name):
    return lambda outcome: getattr(outcome.operators, name)[outcome.operators.ids.index(operator)]


def figure(name, scale=1.0):
    return lambda outcome: getattr(outcome, name) / scale


def weights(outcome):
    return dict(outcome.capacity.parts)["weights"]


# By track and experiment: what is put back for the comparison (None: to what the start has), and the words before each figure.
TOLD = {
    ("cloud-titan", 1, "batch-intensity"): (
        {"batch": None},
        ("of attention:", of_one("attention", "intensity_flop_per_byte"), ""),
        ("of gate and up:", of_one("gate_up", "intensity_flop_per_byte"), ""),
    ),
    ("cloud-titan", 2, "batch-weights"): (
        {"batch": None},
        ("for each token:", figure("bytes_per_output"), "B"),
        ("to the next token", figure("inter_token_s"), "s"),
    ),
    ("cloud-titan", 2, "paged-cache"): (
        {"kv_layout": "contiguous"},
        ("Memory needed", figure("needed_bytes"), "B"),
        ("batch that fits", figure("max_batch_count"), ""),
    ),
    ("cloud-titan", 3, "experts-stored"): (
        {"experts": "dense"},
        ("weights stored:", lambda outcome: outcome.capacity.weight_bytes, "B"),
        ("read in a step:", of_all("weight_bytes"), "B"),
        ("GFLOP for each token:", figure("flop_per_output", 1e9), ""),
    ),
    ("edge-guardian", 1, "longer-recording"): ({"frames": None}, ("over the deadline", figure("chance_seen_fraction"), "")),
    ("edge-guardian", 2, "batch-waits"): (
        {"batch": None},
        ("waits for the last:", figure("wait_s"), "s"),
        ("for each image:", lambda outcome: outcome.operators.launches.sum() / outcome.outputs, ""),
    ),
    ("edge-guardian", 2, "graph-launches"): (
        {"dispatch": None},
        ("host work", lambda outcome: outcome.bound_times_s[LATENCY], "s"),
        ("its bytes:", of_all("hbm_bytes"), "B"),
    ),
    ("edge-guardian", 3, "experts-stored"): ({"experts": 1}, ("Weights stored:", weights, "B"), ("for each image:", figure("flop_per_output"), "FLOP")),
    ("mobile-nomad", 1, "warmer-day"): ({"ambient_c": None}, ("the skin bears", figure("power_limit_w"), "W"), ("power drawn", figure("power_w"), "W")),
    ("mobile-nomad", 2, "phrases-batched"): (
        {"translations_batched": 1},
        ("vocabulary for each frame:", of_one("vocabulary", "hbm_bytes"), "B"),
        ("delay of a translation", figure("translation_delay_s"), "s"),
    ),
    ("mobile-nomad", 2, "narrower-format"): (
        {"precision": "fp16"},
        ("Bytes of a frame:", of_all("hbm_bytes"), "B"),
        ("The ridge", figure("ridge_flop_per_byte"), "FLOP per byte"),
    ),
    ("mobile-nomad", 3, "experts-stored"): ({"experts": 1}, ("of all weights", figure("footprint_bytes"), "B"), ("for each frame:", figure("flop_per_output"), "FLOP")),
    ("tiny-pioneer", 1, "weights-elsewhere"): (
        {"placement": None},
        ("what it gives,", figure("pull_fraction"), "×"),
        ("computing a hop", figure("hop_time_s"), "s"),
    ),
    ("tiny-pioneer", 2, "hops-together"): ({"hops_batched": 1}, ("for each hop:", figure("bytes_per_output"), "B"), ("The delay", figure("delay_s"), "s")),
    ("tiny-pioneer", 2, "aligned-state"): (
        {"hidden": None},
        ("share that is weights", figure("vector_fraction"), ""),
        ("what is stored, it", figure("line_fraction"), ""),
    ),
    ("tiny-pioneer", 3, "experts-stored"): ({"experts": 1}, ("of all weights", figure("footprint_bytes"), "B"), ("for each hop:", figure("flop_per_output"), "FLOP")),
    ("cloud-titan", 3, "drafted-tokens"): (
        {"draft_tokens": 0},
        ("for each output:", figure("flop_per_output"), "FLOP"),
        ("Bytes:", figure("bytes_per_output"), "B"),
    ),
    ("edge-guardian", 3, "first-look"): (
        {"cascade": "off"},
        ("for each output:", figure("flop_per_output"), "FLOP"),
        ("Bytes:", figure("bytes_per_output"), "B"),
    ),
    ("mobile-nomad", 3, "drafted-tokens"): (
        {"draft_tokens": 0, "skipped_frames": 0},
        ("for each output:", figure("flop_per_output"), "FLOP"),
        ("Bytes:", figure("bytes_per_output"), "B"),
    ),
    ("tiny-pioneer", 3, "gate-in-front"): (
        {"gate": "none"},
        ("for each output:", figure("flop_per_output"), "FLOP"),
        ("Bytes:", figure("bytes_per_output"), "B"),
    ),
}


def read_after(words, told):
    """Return the first quantities after some words: two, or one of what stays."""
    assert words.count(told) == 1, (told, words)
    rest = words[words.index(told) + len(told) :].lstrip()
    first, second = quantities(rest)[:2] if len(quantities(rest)) > 1 else quantities(rest) * 2
    return (first, first) if STAYS.match(rest) else (first, second)


@pytest.mark.parametrize(("track_id", "number", "name"), TOLD, ids=lambda each: str(each))
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_figure_of_a_finding_is_that_of_the_design_with_and_without(track_id, number, name, variant):
    put_back, *figures = TOLD[track_id, number, name]
    trial = doing(track_id, number, variant)[name]
    other = trial.design.replace(**{field: getattr(trial.start, field) if value is None else value for field, value in put_back.items()})
    before, after = (evaluate(trial.scenario, each) for each in (other, trial.design))
    words = setting(track_id, number, variant).part.experiment(name).finding(trial)

    for told, value, unit in figures:
        first, second = read_after(words, told)
        assert second.is_(float(value(after)), unit), (told, words, float(value(after)))
        assert first.is_(float(value(before)), unit) or first.is_(float(value(before)), ""), (told, words, float(value(before)))
