"""Limits are the briefings' own numbers, and every figure is shown in the unit that its name says."""

import re

import pytest

from rooflab.evaluate import evaluate
from rooflab.lab.setting import setting
from rooflab.tracks import TRACKS
from rooflab.units import format_reading
from tests.unit.rendered_bench import quantities

VARIANTS = range(12)

# Part by part: a target's quantity, its unit, whether more is better, and every limit that a variant may have.
LIMITS = {
    ("cloud-titan", 2): {"inter_token_s": ("s", False, {14e-3, 16e-3, 20e-3, 22e-3, 24e-3, 30e-3, 34e-3, 40e-3})},
    ("cloud-titan", 3): {"inter_token_s": ("s", False, {10e-3, 14e-3, 15e-3, 17e-3, 19e-3, 20e-3, 24e-3})},
    ("edge-guardian", 1): {"p999_s": ("s", False, {10e-3}), "miss_fraction": ("", False, {1e-4})},
    ("edge-guardian", 2): {"p999_s": ("s", False, {10e-3}), "images_per_s": ("images/s", True, {200, 240, 280, 320})},
    ("edge-guardian", 3): {"p999_s": ("s", False, {10e-3}), "pixels_count": ("pixels", True, {14, 16, 18, 20})},
    ("mobile-nomad", 1): {"frame_time_s": ("s", False, {1 / 60}), "heat_fraction": ("", False, {1.0})},
    ("mobile-nomad", 2): {
        "frame_time_s": ("s", False, {1 / 60}),
        "power_w": ("W", False, {1.4, 1.5, 1.6, 1.7, 1.9}),  # (43 - air) / 10 K/W
        "translation_delay_s": ("s", False, {1.0}),
    },
    ("mobile-nomad", 3): {
        "frame_time_s": ("s", False, {1 / 60}),
        "power_w": ("W", False, {1.2, 1.3, 1.4, 1.5}),
        "translation_delay_s": ("s", False, {1.0}),
        "stale_s": ("s", False, {25e-3, 40e-3, 55e-3}),
        "footprint_bytes": ("B", False, {12e6, 16e6, 21e6, 26e6}),
    },
    ("tiny-pioneer", 1): {"delay_s": ("s", False, {10e-3}), "power_w": ("W", False, {1e-3})},
    ("tiny-pioneer", 2): {"delay_s": ("s", False, {10e-3})},
    ("tiny-pioneer", 3): {
        "delay_s": ("s", False, {10e-3}),
        "power_w": ("W", False, {1e-3}),
        "speech_lost_fraction": ("", False, {5e-3}),
        "equivalent_states_count": ("states", True, {128, 144, 160}),
    },
}
# What a briefing says of a limit, with the number in it.
BRIEFED = {
    ("edge-guardian", 2): {"p999_s": (10e-3, "s")},
    ("edge-guardian", 3): {"p999_s": (10e-3, "s")},
    ("tiny-pioneer", 2): {"delay_s": (10e-3, "s")},
    ("tiny-pioneer", 3): {"delay_s": (10e-3, "s"), "power_w": (1e-3, "W")},
}
UNITS = (
    ("tokens_per_s", "tokens/s"),
    ("images_per_s", "images/s"),
    ("frames_per_s", "FPS"),
    ("bytes_per_s", "B/s"),
    ("flop_per_output", "FLOP"),
    ("tokens_count", "tokens"),
    ("pixels_count", "pixels"),
    ("states_count", "states"),
    ("pull_fraction", "×"),
    ("_fraction", ""),
    ("_bytes", "B"),
    ("_j", "J"),
    ("_w", "W"),
    ("_c", "°C"),
    ("_s", "s"),
)
"""The unit in which a figure is shown, by the end of its name."""


@pytest.mark.parametrize(("track_id", "number"), LIMITS, ids=lambda each: str(each))
def test_a_limit_is_one_that_is_asked(track_id, number):
    for variant in VARIANTS:
        targets = setting(track_id, number, variant).scenario.targets
        found = {each.quantity: (each.unit, each.at_least) for each in targets}
        asked = LIMITS[track_id, number]

        assert found == {quantity: (unit, more) for quantity, (unit, more, _) in asked.items()}
        for each in targets:
            assert any(float(each.limit) == pytest.approx(one) for one in asked[each.quantity][2]), (each.quantity, each.limit)


def test_the_crisis_of_the_service_is_half_the_rate_of_its_baseline():
    for variant in VARIANTS:
        found = setting("cloud-titan", 1, variant).scenario
        (target,) = found.targets

        assert float(target.limit) == pytest.approx(float(evaluate(found, found.reference).tokens_per_s))
        assert float(evaluate(found, found.crisis).tokens_per_s) == pytest.approx(0.5 * float(target.limit), rel=0.03)
        assert float(evaluate(found, found.crisis).kv_time_fraction) == pytest.approx(0.8, abs=0.015)


@pytest.mark.parametrize(("track_id", "number"), BRIEFED, ids=lambda each: str(each))
def test_the_briefing_names_the_limit(track_id, number):
    place = setting(track_id, number, 0)
    said = [each for words in place.part.briefing for each in quantities(words)]
    limits = {each.quantity: float(each.limit) for each in place.scenario.targets}

    for quantity, (value, unit) in BRIEFED[track_id, number].items():
        assert limits[quantity] == value
        assert any(each.is_(value, unit) for each in said), (quantity, place.part.briefing)


def test_every_figure_has_the_unit_of_its_name():
    for track in TRACKS:
        for part in track.parts:
            place = setting(track.id, part.number, 0)
            shown = [*part.gauges, *place.scenario.targets, *([place.mission.objective] if place.mission else []), *([part.demand] if part.demand else [])]
            for each in shown:
                unit = next(unit for end, unit in UNITS if each.quantity.endswith(end))
                assert each.unit == unit, (track.id, part.number, each.quantity)


def test_a_reading_is_written_in_its_unit():
    """Each as a learner would write it, with three digits; a fraction in percent."""
    for value, unit, words in [
        (1.1e-3, "W", "1.10 mW"),
        (14.2e-3, "J", "14.2 mJ"),
        (496.0, "s", "496 s"),
        (16.7e-3, "s", "16.7 ms"),
        (21e6, "B", "21.0 MB"),
        (0.005, "", "0.5%"),
        (1.01, "×", "1.01 ×"),
        (38.2, "°C", "38.2 °C"),
        (0.0, "W", "0 W"),
    ]:
        assert format_reading(value, unit) == words


def test_every_gauge_control_and_lever_has_an_id_for_programs_and_a_name_for_people():
    for track in TRACKS:
        for part in track.parts:
            for each in (*part.gauges, *part.levers):
                assert re.fullmatch(r"[a-z0-9-]+", each.id), each
            for each in part.controls:
                assert re.fullmatch(r"[a-z0-9_]+", each.id), each
                assert each.label[0].isupper()
                assert all(re.fullmatch(r"[a-z0-9:._-]+", one.id) for one in each.choices), each
