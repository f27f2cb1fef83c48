"""The picture of glasses shows the outcome's numbers and no others, over all parts and seeded designs."""

import pytest
from tests.unit.pictured import LEAST_S, MOST_S, drawn_outcomes, lasts_s, untold
from tests.unit.rendered_bench import shows

from rooflab.systems.glasses.heat import heat_trace
from rooflab.systems.glasses.picture import glasses_picture
from rooflab.systems.picture import HIDDEN, Look

CLOSE = pytest.approx
each_part = pytest.mark.parametrize("number", [1, 2, 3])


def pictures(number):
    for place, design, outcome in drawn_outcomes("mobile-nomad", number):
        yield place.scenario, design, outcome, glasses_picture(place.scenario, design, outcome, Look())


def running(number):
    found = [each for each in pictures(number) if each[2].cannot_run is None]
    assert len(found) > 10
    return found


@each_part
def test_the_curve_is_the_skin_of_the_heat_trace_and_each_label_its_temperature(number):
    for scenario, design, outcome, picture in running(number):
        heat, trace = picture.numbers["heat"], heat_trace(scenario, design, outcome)

        assert set(zip(heat["times_s"], heat["skin_c"], strict=True)) <= set(zip(trace.times_s.tolist(), trace.skin_c.tolist(), strict=True))
        assert (heat["times_s"][0], heat["times_s"][-1]) == (0.0, trace.times_s[-1])
        assert all(shows(label, skin_c, "°C") for label, skin_c in zip(heat["labels"], heat["skin_c"], strict=True))
        slow = {time_s for time_s, share in zip(trace.times_s.tolist(), trace.clock_fraction.tolist(), strict=True) if share < 1}
        assert {time_s for time_s, held in zip(heat["times_s"], heat["throttled"], strict=True) if held} == slow & set(heat["times_s"])
        assert (heat["limit_c"], heat["resume_c"]) == (scenario.body.limit_c, scenario.body.resume_c)
        assert heat["low_c"] <= min(heat["skin_c"]) and max(heat["skin_c"]) < heat["high_c"]


@each_part
def test_frames_power_and_bus_are_the_outcomes(number):
    for scenario, design, outcome, picture in running(number):
        frames, power, bus = (picture.numbers[name] for name in ("frames", "power", "bus"))
        trace = heat_trace(scenario, design, outcome)
        slow = trace.frames_per_s[trace.clock_fraction < 1]

        assert (frames["asked_per_s"], frames["full_per_s"]) == (design.frames_per_s, outcome.frames_per_s)
        assert frames["throttled_per_s"] == (slow[0] if slow.size else None)
        assert frames["mean_per_s"] == outcome.sustained_frames_per_s and shows(frames["mean_label"], outcome.sustained_frames_per_s, "FPS")
        assert sum(each["w"] for each in power["parts"]) == CLOSE(power["power_w"]) == CLOSE(float(outcome.power_w))
        assert all(shows(each["label"], each["w"], "W") for each in power["parts"])
        assert shows(power["label"], outcome.power_w, "W") and shows(power["limit_label"], outcome.power_limit_w, "W")
        assert power["limit_w"] == outcome.power_limit_w
        assert (bus["busy_fraction"], bus["needed_fraction"]) == (outcome.bus_busy_fraction, outcome.mbu_fraction)
        assert shows(bus["busy_label"], bus["busy_fraction"]) and shows(bus["needed_label"], bus["needed_fraction"])


@each_part
def test_words_and_table_tell_all_that_is_drawn(number):
    for *_, picture in running(number):
        heat = picture.numbers["heat"]

        assert not untold(picture, but=[*heat["labels"], *(each["label"] for each in heat["ticks"])])


@each_part
def test_a_time_constant_lasts_two_to_six_seconds_at_the_pace_that_is_named(number):
    for scenario, _, _, picture in running(number):
        assert picture.pace.period_s == scenario.body.resistance_k_per_w * scenario.body.capacity_j_per_k
        assert LEAST_S <= lasts_s(picture) <= MOST_S


@pytest.mark.parametrize("number", [2, 3])
def test_what_does_not_fit_on_the_chip_shows_its_memory_and_nothing_else(number):
    stopped = [each for each in pictures(number) if each[2].cannot_run]

    assert stopped
    for _, _, outcome, picture in stopped:
        memory = picture.numbers["stopped"]["memory"]
        assert memory["needed_bytes"] > memory["available_bytes"]
        assert sum(each["bytes"] for each in memory["parts"]) == CLOSE(float(outcome.needed_bytes))
        assert shows(memory["needed_label"], outcome.needed_bytes, "B")
        assert picture.pace is None and picture.numbers["heat"] is None
        assert "Cannot run" in picture.title and not untold(picture)


def test_a_hidden_energy_of_the_frame_hides_the_power_by_cause():
    for place, design, outcome in drawn_outcomes("mobile-nomad", 3):
        if outcome.cannot_run:
            continue
        picture = glasses_picture(place.scenario, design, outcome, Look(hides=lambda quantity: quantity == "frame_energy_j"))

        power = picture.numbers["power"]
        assert power["parts"] is None and HIDDEN in power["hidden"] and HIDDEN in picture.words
        assert "arithmetic" not in picture.words and not any(name.startswith("Power: ") for name, _ in picture.rows)
