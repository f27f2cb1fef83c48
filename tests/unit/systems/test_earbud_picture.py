"""The picture of an earbud shows the outcome's numbers and no others, over all parts and seeded designs."""

from math import isclose

import pytest
from tests.unit.pictured import LEAST_S, MOST_S, drawn_outcomes, labels, lasts_s, untold
from tests.unit.rendered_bench import quantities, shows

from rooflab.systems.earbud.matrix import matrix_layout
from rooflab.systems.earbud.picture import PATTERN_STEPS, earbud_picture
from rooflab.systems.picture import HIDDEN, Look

CLOSE = pytest.approx
each_part = pytest.mark.parametrize("number", [1, 2, 3])
HIDES_POWER = Look(hides=lambda quantity: quantity == "power_w")


def pictures(number, look=None):
    for place, design, outcome in drawn_outcomes("tiny-pioneer", number):
        yield place.scenario, design, outcome, earbud_picture(place.scenario, design, outcome, look or Look())


def drawn(number, look=None):
    found = [each for each in pictures(number, look) if each[3].numbers["hops"]]
    assert len(found) > 10
    return found


@each_part
def test_a_step_wakes_and_computes_as_long_as_the_outcome_says(number):
    for scenario, design, outcome, picture in drawn(number):
        hops = picture.numbers["hops"]

        assert hops["hop_s"] == scenario.earbud.hop_s and hops["step_s"] == CLOSE(scenario.earbud.hop_s * outcome.outputs)
        assert hops["wake_s"] == scenario.chip(design.chip_id).wake_s
        assert hops["full_s"] == CLOSE(float(outcome.hop_time_s * outcome.outputs)) and hops["mean_s"] == outcome.step_time_s
        assert hops["gate_s"] == outcome.operators.time_s[0]
        # The mean of the steps, some in full and some stopped by the gate, is the outcome's.
        run = hops["run_fraction"]
        assert run * hops["full_s"] + (1 - run) * hops["gate_s"] == CLOSE(float(outcome.step_time_s))
        assert len(hops["runs_full"]) == PATTERN_STEPS and abs(sum(hops["runs_full"]) - run * PATTERN_STEPS) < 1
        assert sum(each["fraction"] for each in hops["causes"]) == CLOSE(1.0)
        assert all(shows(each["label"].removeprefix(each["name"]), each["fraction"]) for each in hops["causes"])
        assert shows(hops["busy_label"], hops["full_s"], "s") and shows(hops["wake_label"], hops["wake_s"], "s")


@pytest.mark.parametrize("number", [1, 2])
def test_the_area_under_the_power_is_the_mean_power(number):
    for _, _, outcome, picture in drawn(number):
        hops, power = picture.numbers["hops"], picture.numbers["power"]

        asleep = (1 - hops["duty_fraction"]) * (power["asleep_w"] or 0.0)
        assert hops["duty_fraction"] * power["awake_w"] + asleep == CLOSE(float(outcome.power_w)) == CLOSE(power["mean_w"])
        assert power["energy_j"] == CLOSE(float(outcome.power_w) * hops["hop_s"]) == CLOSE(sum(each["j"] for each in power["parts"]))
        assert shows(power["mean_label"], outcome.power_w, "W")
        assert quantities(power["energy_label"])[0].is_(power["energy_j"], "J")
        assert hops["sleeps"] == (hops["duty_fraction"] < 1) == (power["asleep_w"] is not None)


@each_part
def test_limits_are_those_of_the_targets(number):
    for _, _, outcome, picture in drawn(number, Look()):
        delay, power = picture.numbers["delay"], picture.numbers["power"]
        targets = {each.target.quantity: each for each in outcome.targets}

        for shown, quantity, name in ((delay, "delay_s", "limit_s"), (power, "power_w", "limit_w")):
            if quantity in targets:
                assert shown[name] == targets[quantity].target.limit
            else:
                assert shown[name] is shown["met"] is None
        if delay["delay_s"] is not None:
            assert delay["delay_s"] == outcome.delay_s and delay["met"] == bool(targets["delay_s"].met)


@each_part
def test_rows_of_weights_are_those_of_the_layout(number):
    for scenario, design, outcome, picture in drawn(number):
        layout, matrix = matrix_layout(scenario, design), picture.numbers["matrix"]

        for drawn_rows, rows in zip(matrix["matrices"], layout.matrices, strict=True):
            filled = sum(each["bytes"] for each in drawn_rows["parts"]) + drawn_rows["vector_fill_bytes"] + drawn_rows["line_fill_bytes"]
            assert filled == CLOSE(rows.stored_bytes) == CLOSE(drawn_rows["stored_bytes"])
        assert matrix["waste_fraction"] == CLOSE(1 - float(outcome.line_fraction))
        asked, given = quantities(matrix["pull_label"])
        assert asked.is_(outcome.asked_bytes_per_s, "B/s") and given.is_(outcome.given_bytes_per_s, "B/s")


def test_hops_that_pile_up_have_no_delay_and_the_picture_says_so():
    piled = [each for each in drawn(1) if each[2].cannot_run]

    assert piled
    for _, _, outcome, picture in piled:
        assert outcome.busy_fraction > 1 and picture.numbers["hops"]["mean_s"] > picture.numbers["hops"]["step_s"]
        assert picture.numbers["delay"]["delay_s"] is None and "pile up" in picture.title and "Cannot run" in picture.words


@each_part
def test_words_and_table_tell_all_that_is_drawn(number):
    for *_, picture in pictures(number):
        assert not untold(picture)


@each_part
def test_a_step_lasts_two_to_six_seconds_at_the_pace_that_is_named(number):
    for *_, picture in drawn(number):
        assert picture.pace.period_s == picture.numbers["hops"]["step_s"]
        assert LEAST_S <= lasts_s(picture) <= MOST_S


def test_a_hidden_power_is_told_nowhere():
    for _, _, outcome, picture in drawn(3, HIDES_POWER):
        told = [picture.title, picture.words, *(value for _, value in picture.rows), *labels(picture.numbers)]
        watts = [each for text in told for each in quantities(text) if each.unit in ("W", "J")]

        assert not watts and picture.numbers["power"] is None
        assert (HIDDEN in picture.title or outcome.cannot_run) and HIDDEN in picture.words and ("Power", HIDDEN) in picture.rows
        hidden = [float(getattr(outcome, name)) for name in ("power_w", "network_power_w", "hop_energy_j")]
        assert not [each for each in _floats(picture.numbers) if any(isclose(each, value, rel_tol=1e-9) for value in hidden)]


def _floats(value):
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _floats(each)
    elif isinstance(value, float):
        yield value
