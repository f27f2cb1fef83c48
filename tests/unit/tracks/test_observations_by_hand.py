"""What an observation asks, worked out apart from the track: which roof shortened a layer, where operations and bytes went."""

import pytest

from rooflab.evaluate import evaluate, imagine
from rooflab.lab.setting import setting
from rooflab.specs import WhatIf
from rooflab.tracks import TRACKS
from tests.unit.rendered_bench import quantities

VARIANTS = range(6)
LAYERS = {"cloud-titan": "attention", "edge-guardian": "stem", "mobile-nomad": "depthwise", "tiny-pioneer": "recurrent"}
FELT, HALF = 0.03, 0.4  # what a learner sees as a fall, and as a fall by about half
# The two designs, by what is changed of the first one.
COMPARED = {
    ("cloud-titan", 2): ({"fusion": "000000"}, {"fusion": "111111"}),
    ("edge-guardian", 2): ({"fusion": "0000"}, {"fusion": "1111"}),
    ("mobile-nomad", 2): ({"fusion": "00000"}, {"fusion": "11111"}),
    ("tiny-pioneer", 2): ({"fusion": "00000"}, {"fusion": "11111"}),
    ("cloud-titan", 3): ({"draft_tokens": 0}, {"draft_tokens": 4}),
    ("edge-guardian", 3): ({"cascade": "off"}, {"cascade": "exit"}),
    ("mobile-nomad", 3): ({"draft_tokens": 0}, {"draft_tokens": 4}),
    ("tiny-pioneer", 3): ({"gate": "none"}, {"gate": "cautious"}),
}


def time_s(scenario, design, layer, **supposed):
    outcome = evaluate(imagine(scenario, WhatIf(**supposed)), design)
    return outcome.operators.time_s[outcome.operators.ids.index(layer)]


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_roof_that_shortened_the_layer_is_the_answer(track, variant):
    place = setting(track.id, 1, variant)
    asked, layer, crisis = place.part.observation, LAYERS[track.id], place.scenario.crisis
    before = time_s(place.scenario, crisis, layer)
    peak = 1 - time_s(place.scenario, crisis, layer, peak_factor=2.0) / before
    bandwidth = 1 - time_s(place.scenario, crisis, layer, bandwidth_factor=2.0) / before

    by_peak, by_bandwidth = peak >= FELT, bandwidth >= FELT
    expected = {(True, True): "both", (True, False): "peak", (False, False): "neither"}.get(
        (by_peak, by_bandwidth), "bandwidth-half" if bandwidth >= HALF else "bandwidth-less"
    )
    told = quantities(asked.explain(place.scenario, expected))

    assert place.answer(asked) == expected
    assert told[-2].is_(peak) and told[-1].is_(bandwidth)
    assert told[0].is_(before, "s")


@pytest.mark.parametrize(("track_id", "number"), COMPARED, ids=str)
@pytest.mark.parametrize("variant", VARIANTS)
def test_where_operations_and_bytes_went_is_the_answer(track_id, number, variant):
    place = setting(track_id, number, variant)
    asked = place.part.observation
    first, then = (evaluate(place.scenario, place.scenario.crisis.replace(**each)) for each in COMPARED[track_id, number])
    if number == 2:
        pairs = [tuple(float(getattr(each.operators, name).sum()) for each in (first, then)) for name in ("flop", "hbm_bytes")]
    else:
        pairs = [tuple(float(getattr(each, name)) for each in (first, then)) for name in ("flop_per_output", "bytes_per_output")]

    ways = ["stayed" if abs(after / before - 1) <= 5e-4 else "rose" if after > before else "fell" for before, after in pairs]
    assert place.answer(asked) == "-".join(ways)
    words = asked.explain(place.scenario, place.answer(asked))
    for (before, after), part, unit in zip(pairs, words.split(". ")[0].split(", D_vol "), ("FLOP", "B"), strict=True):
        told = quantities(part)
        assert told[0].is_(before, unit) and told[-1].is_(after, unit), (words, before, after)
