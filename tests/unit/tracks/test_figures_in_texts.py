"""Every figure in a track's written text is the model's: a table of the figure, and what it is read from."""

import re

import pytest

from rooflab.evaluate import evaluate
from rooflab.facts.hearables import EARBUD
from rooflab.facts.networks_tiny import ISOLATION_LSTM
from rooflab.facts.vehicle import ORIN_LOOP, STREET_RIG
from rooflab.lab.setting import setting
from rooflab.specs import HOP_FORMATS
from rooflab.systems.glasses.evaluate import SOAK_S
from rooflab.tracks import TRACKS
from rooflab.tracks.edge_guardian.scenario import long_trace, plain_s
from rooflab.tracks.mobile_nomad.scenario import FRAMES_PER_S
from rooflab.tracks.tiny_pioneer.scenario import ALIGNED_STATES

FIGURE = re.compile(r"(?<![\w.,-])\d[\d.,]*\d|(?<![\w.,-])\d")
UNIT = re.compile(r"\s?(%|(?:ms|mW|FPS|frames|minutes|m|bands|inputs|bytes?)\b)")
VARIANTS = range(5)


def limit(quantity, unit_scale):
    """Read a target of the first part, the same in every variant."""
    return lambda track_id: [
        next(each.limit for each in setting(track_id, 1, variant).scenario.targets if each.quantity == quantity) * unit_scale
        for variant in VARIANTS
    ]


def always(value):
    return lambda track_id: [value]


def kv_share(track_id):
    return [100 * float(evaluate(place.scenario, place.scenario.crisis).kv_time_fraction) for place in _places(track_id)]


def spike(track_id):
    """By how much frames with the spike are longer than a usual one, in ms; a loop may have others that just miss."""
    found = []
    for place in _places(track_id):
        trace, _ = long_trace(place.scenario)
        excess_s = trace.frame_s - plain_s(place.scenario)
        found.append(1e3 * float(excess_s[excess_s > excess_s.max() / 2].mean()))
    return found


def _places(track_id):
    return [setting(track_id, 1, variant) for variant in VARIANTS]


READ_FROM = {
    "cloud-titan": {"80%": (kv_share, 0.025)},
    "edge-guardian": {
        "10 ms": (limit("p999_s", 1e3), 0),
        "50 ms": (spike, 0.16),
        "15%": (always(100 * ORIN_LOOP.observer_fraction), 0),
        "30 m": (always(STREET_RIG.distance_m), 0),
    },
    "mobile-nomad": {
        "60 FPS": (always(FRAMES_PER_S), 0),
        "60": (always(FRAMES_PER_S), 0),
        "30 FPS": (always(FRAMES_PER_S / 2), 0),
        "10 minutes": (always(SOAK_S / 60), 0),
    },
    "tiny-pioneer": {
        "10 ms": (limit("delay_s", 1e3), 0),
        "1 mW": (limit("power_w", 1e3), 0),
        "5 ms": (always(EARBUD.hop_s * 1e3), 0),
        "5.00 ms": (always(EARBUD.hop_s * 1e3), 0),
        "64 bands": (always(ISOLATION_LSTM.inputs), 0),
        "64 inputs": (always(ISOLATION_LSTM.inputs), 0),
        "164": (always(ISOLATION_LSTM.inputs + ISOLATION_LSTM.hidden), 0),
        "96": (always(ALIGNED_STATES), 0),
        "4 bytes": (always(HOP_FORMATS["float32"]), 0),
        "1 byte": (always(HOP_FORMATS["int8"]), 0),
    },
}
"""A figure of a text, what it is read from, and how far from it "about" may be, as a share."""

NO_FIGURE_OF_THE_MODEL = {
    "cloud-titan": {"1", "32", "256"},  # batches to try
    "edge-guardian": {"99 frames", "999 frames", "100", "1000", "2", "4"},  # what percentiles and 2:4 mean
    "mobile-nomad": set(),
    "tiny-pioneer": {"32", "1", "100%"},  # a multiple; a ratio of one
}
"""Numbers that define a word or name something to try."""


def written(track):
    """Yield the texts that are written and not computed; choices and options come from the constants themselves."""
    yield from (track.crisis, track.north_star)
    for part in track.parts:
        yield from (part.objective, *part.briefing, part.reflection, *(each.text for each in part.questions))
        yield from (each.help for each in (*part.controls, *part.gauges))
        yield from (each.name for each in part.gauges)
        yield from (words for hints in part.hints for words in hints.words)
        if part.demand:
            yield part.demand.text


def figures(text):
    for each in FIGURE.finditer(text):
        unit = UNIT.match(text, each.end())
        yield each[0] + (unit[0] if unit else "")


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_every_figure_of_a_written_text_is_known_and_none_is_left_over(track):
    found = {figure for text in written(track) for figure in figures(text)}
    known = set(READ_FROM[track.id]) | NO_FIGURE_OF_THE_MODEL[track.id]

    assert found - known == set()


@pytest.mark.parametrize(("track_id", "figure"), [(name, each) for name, table in READ_FROM.items() for each in table])
def test_a_figure_of_a_text_is_the_model_s(track_id, figure):
    read, about = READ_FROM[track_id][figure]
    number = float(re.match(r"[\d.]+", figure)[0])

    values = read(track_id)

    assert values
    assert values == pytest.approx([number] * len(values), rel=about or 1e-9)
