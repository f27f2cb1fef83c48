"""The picture of a roof shows the outcome's layers under the scenario's roofs, in every track and part."""

from dataclasses import replace

import pytest
from tests.unit.pictured import LEAST_S, MOST_S, drawn_outcomes, lasts_s, untold
from tests.unit.rendered_bench import shows

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate, imagine
from rooflab.model.roofline import BOUNDS
from rooflab.specs import WhatIf
from rooflab.systems.roof_picture import roof_picture
from rooflab.tracks import TRACKS

PARTS = [(each.id, part.number) for each in TRACKS for part in each.parts]
each_part = pytest.mark.parametrize(("track_id", "number"), PARTS, ids=[f"{track}-{number}" for track, number in PARTS])
HIGHER = WhatIf(peak_factor=2.0)
WIDER = WhatIf(bandwidth_factor=2.0)


def longest(outcome):
    return outcome.operators.ids[int(outcome.operators.time_s.argmax())]


def supposed(scenario, design, what_if):
    """Return the picture of the layer that takes longest, as the bench has it when something is supposed."""
    real, imagined = evaluate(scenario, design), imagine(scenario, what_if)
    own, roofs = scenario.roofs(design)[0], imagined.roofs(design)
    outcome = evaluate(imagined, design)
    return roof_picture(outcome, longest(real), (replace(roofs[0], name=f"What if: {roofs[0].name}"), own), real=real)


@each_part
def test_dots_and_roofs_are_those_of_outcome_and_scenario(track_id, number):
    for place, design, outcome in drawn_outcomes(track_id, number, variants=(0,)):
        roofs, operators = place.scenario.roofs(design), outcome.operators
        for layer in operators.ids:
            numbers = roof_picture(outcome, layer, roofs).numbers
            at = operators.ids.index(layer)

            dots = {each["name"]: (each["flop_per_byte"], each["flop_per_s"], each["bound"]) for each in numbers["dots"]}
            assert dots == {
                name: (operators.intensity_flop_per_byte[i], operators.attained_flop_per_s[i], BOUNDS[operators.bound[i]])
                for i, name in enumerate(operators.names)
                if operators.attained_flop_per_s[i] > 0
            }
            assert [each["name"] for each in numbers["dots"] if each["chosen"]] == [each for each in [operators.names[at]] if each in dots]
            assert numbers["layer_s"] == operators.time_s[at] and shows(numbers["layer_label"].partition(": ")[2], numbers["layer_s"], "s")
            times = {"memory": operators.memory_s, "compute": operators.compute_s, "latency": operators.launch_s, "link": operators.link_s}
            assert {each["id"]: each["s"] for each in numbers["lanes"]} == {name: each[at] for name, each in times.items() if each[at] > 0}
            assert all(shows(each["label"], each["s"], "s") for each in numbers["lanes"])
        for drawn, roof in zip(numbers["roofs"], roofs[:2], strict=False):
            assert (drawn["peak_flop_per_s"], drawn["bytes_per_s"]) == (roof.peak_flop_per_s, roof.hbm_bytes_per_s)
            assert shows(drawn["peak_label"], roof.peak_flop_per_s, "FLOP/s") and shows(drawn["slope_label"], roof.hbm_bytes_per_s, "B/s")


@each_part
def test_every_dot_and_ridge_is_on_the_axes(track_id, number):
    for place, design, outcome in drawn_outcomes(track_id, number, variants=(0,)):
        numbers = roof_picture(outcome, longest(outcome), place.scenario.roofs(design)).numbers
        axes = numbers["axes"]

        chosen = [each for each in numbers["dots"] if each["chosen"]]
        places = [(each["flop_per_byte"], each["flop_per_s"]) for each in chosen]
        places += [(each["ridge_flop_per_byte"], each["peak_flop_per_s"]) for each in numbers["roofs"]]
        for across, up in places:
            assert axes["low_flop_per_byte"] <= across <= axes["high_flop_per_byte"]
            assert axes["low_flop_per_s"] <= up <= axes["high_flop_per_s"]


def test_a_higher_peak_leaves_the_dot_of_a_memory_bound_layer_where_it_was():
    place = TRACKS[0].scenario(0)
    picture = supposed(place, place.crisis, HIGHER)
    (dot,) = (each for each in picture.numbers["dots"] if each["chosen"])
    own, real = picture.numbers["roofs"]

    assert own["peak_flop_per_s"] == 2 * real["peak_flop_per_s"] and own["bytes_per_s"] == real["bytes_per_s"]
    assert dot["bound"] == "memory" and dot["flop_per_s"] == pytest.approx(picture.numbers["stood"]["flop_per_s"], rel=0.005)
    assert "× 2: the roof rises" in picture.title and "stays: memory-bound" in picture.title


def test_more_bandwidth_takes_it_along():
    place = TRACKS[0].scenario(0)
    picture = supposed(place, place.crisis, WIDER)
    (dot,) = (each for each in picture.numbers["dots"] if each["chosen"])
    own, real = picture.numbers["roofs"]

    assert own["bytes_per_s"] == 2 * real["bytes_per_s"] and own["peak_flop_per_s"] == real["peak_flop_per_s"]
    assert dot["flop_per_s"] > 1.9 * picture.numbers["stood"]["flop_per_s"]
    assert "comes along" in picture.title


@each_part
def test_words_and_table_tell_all_that_is_drawn(track_id, number):
    for place, design, outcome in drawn_outcomes(track_id, number, variants=(0,)):
        assert not untold(roof_picture(outcome, longest(outcome), place.scenario.roofs(design)))


@each_part
def test_a_layer_lasts_two_to_six_seconds_at_the_pace_that_is_named(track_id, number):
    for place, design, outcome in drawn_outcomes(track_id, number, variants=(0,)):
        picture = roof_picture(outcome, longest(outcome), place.scenario.roofs(design))

        assert picture.pace.period_s == picture.numbers["layer_s"]
        assert LEAST_S <= lasts_s(picture) <= MOST_S


def test_an_unknown_layer_is_refused():
    place = TRACKS[0].scenario(0)

    with pytest.raises(BadDesign, match="no operator 'nothing'"):
        roof_picture(evaluate(place, place.crisis), "nothing", place.roofs(place.crisis))
