"""Every picture is plain JSON, runs at the pace that it names, and tells nothing of an objective that is not scored."""

import json
import random
import re

import pytest
from tests.unit.tracks.test_experiments import PARTS, each_part, values

from rooflab.errors import LabError, ModelError
from rooflab.evaluate import Look, evaluate, picture
from rooflab.lab.instruments import figure
from rooflab.lab.setting import setting
from rooflab.systems.picture import Picture, pace_of
from rooflab.units import format_quantity

DESIGNS = 20
PREFIXES = {"": 1.0, "m": 1e-3, "µ": 1e-6, "n": 1e-9, "k": 1e3}


def drawn_designs(place, seed=13, count=DESIGNS):
    """Yield the first design of a part, then designs whose controls are drawn from all that they offer."""
    draw = random.Random(f"{place.key} {seed}")
    yield place.start
    found = 1
    while found < count:
        change = {each.id: draw.choice(values(each, getattr(place.start, each.id))) for each in place.part.controls}
        try:
            yield place.scenario.mend(place.start.replace(**change))[0]
        except LabError:
            continue
        found += 1


def pictured(track_id, number):
    """Yield designs of a part with their outcomes and pictures."""
    place = setting(track_id, number, 0)
    for design in drawn_designs(place):
        outcome = evaluate(place.scenario, design)
        yield place, design, outcome, picture(place.scenario, design, outcome)


def leaves(value):
    """Yield every number and every text of plain JSON."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    else:
        yield value


def floats(value):
    return [each for each in leaves(value) if isinstance(each, float)]


def seconds(words):
    """Return the seconds that the words of a pace name."""
    if words == "in real time":
        return 1.0
    number, unit = re.fullmatch(r"([\d.]+) (\w?)s here is 1 s", words).groups()
    return float(number) * PREFIXES[unit]


@each_part
def test_a_picture_reaches_the_page_as_it_is(track_id, number):
    for _place, _design, _outcome, made in pictured(track_id, number):
        plain = made.plain()

        assert json.loads(json.dumps(plain, allow_nan=False)) == plain
        assert made.title and made.words and len(made.rows) >= 1


@each_part
def test_a_period_takes_two_to_six_seconds_at_the_pace_that_is_named(track_id, number):
    for _place, _design, _outcome, made in pictured(track_id, number):
        if made.pace is None:
            continue
        pace = made.pace
        named = [seconds(each) for each in pace.words]

        assert named == pytest.approx(list(pace.rungs_s), rel=1e-9)
        assert 2 <= pace.period_s / named[pace.chosen] <= 6
        assert list(pace.rungs_s) == sorted(set(pace.rungs_s))


@pytest.mark.parametrize(("track_id", "number"), [each for each in PARTS if each[1] > 1], ids=str)
def test_no_number_of_a_picture_is_that_of_a_sealed_objective(track_id, number):
    place = setting(track_id, number, 0)
    objective = place.mission.objective
    sealed = (objective.quantity, *objective.equals)
    look, told = Look(hides=sealed.__contains__), 0
    for design in drawn_designs(place):
        outcome = evaluate(place.scenario, design)
        shown, hidden = picture(place.scenario, design, outcome), picture(place.scenario, design, outcome, look)
        figures = [float(figure(outcome, each)) for each in sealed]
        told += sum(any(each == pytest.approx(value, rel=1e-9) for value in figures) for each in floats(shown.numbers))

        assert [each for each in floats(hidden.numbers) if any(each == pytest.approx(value, rel=1e-9) for value in figures)] == []
    # Where the open picture tells the figure, this test has seen it go.
    assert told or objective.quantity not in ("mfu_fraction",) or track_id != "cloud-titan"


@pytest.mark.parametrize("period_s", [1e-7, 2e-4, 0.005, 0.109, 0.9999, 2.0, 5.0, 1800.0])
def test_a_pace_is_a_round_number(period_s):
    pace = pace_of(period_s)

    assert all(re.fullmatch(r"[125]0*(\.0*)?e[+-]\d+", f"{each:.0e}") for each in pace.rungs_s)
    assert pace.words[pace.chosen].startswith((format_quantity(pace.rungs_s[pace.chosen], "s", digits=1), "in real time"))


def test_what_never_ends_has_no_pace():
    assert pace_of(float("inf")) is pace_of(0.0) is None


@pytest.mark.parametrize("value", [float("inf"), float("nan"), (1.0,), object()])
def test_what_json_cannot_carry_is_refused(value):
    with pytest.raises(ModelError, match="numbers.a"):
        Picture(kind="serving", title="t", words="w", rows=(("a", "b"),), pace=None, numbers={"a": value})
