"""What the design was when the learner last pinned or scored stays beside what it is, in strip, readings and roofline."""

import pytest
from tests.browser.ledgers import midway
from tests.unit.designs import drawn_designs
from tests.unit.rendered_bench import Rendered, bench_of, every_part, quantities, shows
from tests.unit.views.test_app import Lab

from rooflab.evaluate import evaluate
from rooflab.lab.instruments import figure
from rooflab.lab.setting import setting
from rooflab.tracks import TRACKS
from rooflab.units import format_reading

PARTS = every_part()
each_part = pytest.mark.parametrize(("track", "number"), PARTS.values(), ids=PARTS)


def running(place, count, seed):
    """Return designs of a part that run, and are not its start."""
    return [each for each in drawn_designs(place, 12 * count, seed=seed) if each != place.start and evaluate(place.scenario, each).runs][:count]


@each_part
def test_every_gauge_says_and_marks_what_it_was(track, number):
    bench = bench_of(track, number)
    shown, place = Rendered.of(bench), setting(track.id, number, 0)
    told = 0
    assert not _marks(shown)
    for marked, design in zip(running(place, 3, 5), running(place, 3, 6), strict=True):
        bench.marked = marked
        bench.take(design)
        was, now = evaluate(place.scenario, marked), bench.outcome()
        targets = {each.target.quantity: each for each in now.targets if each.judged}
        for gauge in bench.part.gauges:
            box = shown.gauges().get(gauge.name)
            if box is None or gauge.quantity == "needed_bytes":
                continue
            value, before = figure(now, gauge.quantity), figure(was, gauge.quantity)
            note = box.one(class_="rp-was-words").text
            differs = format_reading(before, gauge.unit) != format_reading(value, gauge.unit)
            assert ("was " in note) == differs, (gauge.id, note)
            if differs:
                told += 1
                assert shows(note[note.index("was ") + 4 :], before, gauge.unit), (gauge.id, note)
            full = targets[gauge.quantity].target.limit if gauge.quantity in targets else gauge.full
            if full is not None and before != value:
                assert box.one(class_="rp-was").style("left") == pytest.approx(100 * min(before / full, 1), abs=0.006), gauge.id
    assert told > 3


@each_part
def test_the_roofline_says_where_the_layer_was(track, number):
    bench = bench_of(track, number)
    shown, place = Rendered.of(bench), setting(track.id, number, 0)
    (marked, design) = running(place, 2, 7)
    assert "Before" not in shown.text("roofline")

    bench.marked = marked
    bench.take(design)
    operators = evaluate(place.scenario, marked).operators
    for at, layer in enumerate(operators.ids):
        bench.layer = layer
        words = shown.markup("roofline").one("p").text
        if operators.attained_flop_per_s[at] > 0:
            intensity, attained = quantities(words[words.index("Before (dashed): ") :])[:2]
            assert intensity.is_(operators.intensity_flop_per_byte[at], "FLOP per byte")
            assert attained.is_(operators.attained_flop_per_s[at], "FLOP/s")
        else:
            assert "Before" not in words


@each_part
def test_nothing_is_beside_a_design_that_stands_as_it_was_marked(track, number):
    bench = bench_of(track, number)
    shown = Rendered.of(bench)

    bench.marked = bench.start

    assert bench.before is None and not _marks(shown)
    assert "Before" not in shown.text("roofline")


def _marks(shown):
    return [name for name, box in shown.gauges().items() if box.all(class_="rp-was") or "was " in box.text]


def test_a_pin_marks_the_design_and_a_later_one_takes_its_place():
    lab = Lab().go("explore")
    bench = lab.app.bench
    assert bench.marked is None

    bench.pin("mbu")
    assert bench.marked == bench.start
    bench.batch = 8
    assert bench.before.design == bench.start
    bench.pin("mfu")

    assert bench.marked.batch == 8 and bench.before is None
    assert Lab(lab.store.text).app.bench.marked == bench.marked


@pytest.mark.parametrize("track_id", [each.id for each in TRACKS])
def test_an_objective_that_was_hidden_when_it_was_pinned_stays_hidden_beside_the_next(track_id):
    lab = Lab(midway(track_id, 2, before="design", attempts=2), fragment=f"#{track_id}/2")
    bench, place = lab.app.bench, lab.app.lesson.place
    gauge = next(each for each in place.part.gauges if each.quantity == place.mission.objective.quantity)
    other = next(each for each in place.part.gauges if each.quantity not in (gauge.quantity, *place.mission.objective.equals) and each.quantity != "needed_bytes")
    design = running(place, 1, 8)[0]
    bench.take(design)
    assert bench.hides(gauge.quantity)
    bench.pin(other.id)
    assert bench.marked == design

    bench.take(place.start)

    shown = Rendered.of(bench).gauges()[gauge.name]
    assert not bench.hides(gauge.quantity) and bench.before is not None
    assert "was " not in shown.text and not shown.all(class_="rp-was")
