"""The figures of a report, read back: places along their axes are the figures of the designs, and nothing is told too early."""

import math
import re
from xml.etree import ElementTree

import pytest
from tests.browser.ledgers import ledger, midway

from rooflab.analyses.gains import gains
from rooflab.evaluate import evaluate
from rooflab.lab.ledger.ledger import Ledger, append, parse
from rooflab.lab.report.drawings import drawings
from rooflab.lab.report.report import report
from rooflab.lab.setting import optimum, setting
from rooflab.lab.steps.attempts import attempt_log
from rooflab.lab.steps.commits import committed
from rooflab.lab.steps.progress import progress
from rooflab.tracks import TRACKS
from rooflab.views.figures.attempts import attempts_figure
from rooflab.views.figures.gained import gained_figure
from rooflab.views.figures.way import way_figure
from rooflab.views.screens.report import report_markup

PLACES = [(track.id, number) for track in TRACKS for number in (2, 3)]
each_place = pytest.mark.parametrize(("track_id", "number"), PLACES, ids=str)


def done(track_id):
    return parse(ledger(track_id, attempts=4))


def log_of(entries, track_id, number):
    return attempt_log(setting(track_id, number, 0), progress(track_id, entries).part(number))


def tree(markup):
    return ElementTree.fromstring(markup)


def circles(figure, *classes):
    return [(float(each.get("cx")), float(each.get("cy"))) for each in figure.iter("circle") if each.get("class") in classes]


@each_place
def test_attempts_stand_at_their_values_and_the_final_one_is_ringed(track_id, number):
    entries = done(track_id)
    drawn, log = drawings(entries)[track_id, number], log_of(entries, track_id, number)
    figure = tree(attempts_figure(drawn))

    running = [each.attempt for each in log.scores if each.attempt.runs]
    places = circles(figure, "rp-fig-met", "rp-fig-missed")
    (best_y,) = {float(y) for each in figure.iter("polyline") if each.get("class") == "rp-fig-best" for y in re.findall(r",([\d.]+)", each.get("points"))}
    best = optimum(*log.setting.key).value

    assert len(places) == len(running) and len(circles(figure, "rp-fig-met")) == sum(each.feasible for each in running)
    assert circles(figure, "rp-fig-ring") == [places[running.index(log.final.attempt)]]
    heights, values = [*(y for _, y in places), best_y], [*(each.value for each in running), best]
    lowest, highest = values.index(min(values)), values.index(max(values))
    spread = values[highest] - values[lowest]
    scale = (heights[highest] - heights[lowest]) / spread if spread else 0.0
    assert scale < 0 or not spread  # up is more
    assert all(abs(y - heights[lowest] - scale * (value - values[lowest])) < 0.11 for y, value in zip(heights, values, strict=True))
    assert str(len(log.scores)) in [each.text for each in figure.iter("text")]


@each_place
def test_the_way_goes_from_the_start_through_every_design_that_runs(track_id, number):
    entries = done(track_id)
    drawn, log = drawings(entries)[track_id, number], log_of(entries, track_id, number)
    place = log.setting
    outcomes = [evaluate(place.scenario, each) for each in (place.start, *(each.attempt.design for each in log.scores))]
    outcomes = [each for each in outcomes if each.runs]  # what cannot run stands nowhere
    intensity = [float(each.operators.flop.sum() / each.operators.hbm_bytes.sum()) for each in outcomes]
    rate = [float(each.operators.flop.sum() / each.step_time_s) for each in outcomes]
    places = circles(tree(way_figure(drawn)), "rp-fig-dot", "rp-fig-last")

    assert len(places) == len(outcomes)
    for along, values, sign in ((0, intensity, 1), (1, rate, -1)):
        at, logs = [each[along] for each in places], [math.log10(each) for each in values]
        spread = max(logs) - min(logs)
        if spread > 1e-3:
            scale = sign * (max(at) - min(at)) / spread
            assert all(abs(at[n] - at[0] - scale * (logs[n] - logs[0])) < 0.2 for n in range(len(at)))
    assert drawn.roofs[0] == place.scenario.roofs(log.final.attempt.design)[0]


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_the_final_design_is_the_red_one_wherever_it_stands_and_no_dot_is_above_the_roofs(track):
    place = setting(track.id, 3, 0)
    entries, best = parse(midway(track.id, 3, before="design")), optimum(*place.key).best[0]
    for role, design in (("attempt", best), ("attempt", place.start), ("final", best)):
        entries = append(entries, committed(place, design, at="2026-11-02T12:00:00Z", role=role))
    drawn = drawings(entries)[track.id, 3]
    dots = [(each.get("class"), float(each.get("cx"))) for each in tree(way_figure(drawn)).iter("circle")]

    before = ["rp-fig-dot"] * bool(evaluate(place.scenario, place.start).runs)
    assert [class_ for class_, _ in dots] == [*before, "rp-fig-last", *before]
    assert "with attempt 1;" in way_figure(drawn)
    assert drawn.roofs[0] == place.scenario.roofs(best)[0]
    for point in drawn.points:
        assert any(point.attained_flop_per_s <= min(each.peak_flop_per_s, point.intensity_flop_per_byte * each.hbm_bytes_per_s) for each in drawn.roofs)


def test_what_cannot_run_is_a_cross_and_stands_on_no_roofline():
    drawn = drawings(done("tiny-pioneer"))["tiny-pioneer", 3]
    stopped = [each.number for each in drawn.marks if math.isnan(each.value)]

    assert stopped and not [number for number in stopped if f"attempt {number}" in drawn.names]
    assert len(drawn.names) == len(drawn.points) == 1 + len(drawn.marks) - len(stopped)
    assert [each.text for each in tree(attempts_figure(drawn)).iter("text")].count("×") == len(stopped)


@each_place
def test_bars_of_what_was_gained_add_up_on_their_axis(track_id, number):
    entries = done(track_id)
    drawn, log = drawings(entries)[track_id, number], log_of(entries, track_id, number)
    if not drawn.gains:
        assert log.final.attempt.design == log.setting.start
        return
    found = gains(log.setting.scenario, log.setting.start, log.final.attempt.design, log.setting.part.levers)
    figure = tree(gained_figure(drawn))
    *bars, whole = [(each.get("class"), float(each.get("x")), float(each.get("width"))) for each in figure.iter("rect")]
    changed = [each for each in found.gains if each.changed]

    assert drawn.total_factor == pytest.approx(math.prod(each.factor for each in changed))
    assert [each[0] for each in bars] == ["rp-fig-gain" if each.factor >= 1 else "rp-fig-loss" for each in changed]
    scale = whole[2] / abs(math.log(found.total_factor))
    for (_, _, width), each in zip(bars, changed, strict=True):
        assert width == pytest.approx(max(scale * abs(math.log(each.factor)), 1.0), abs=0.02 * scale * abs(math.log(found.total_factor)) + 0.2)


@each_place
def test_the_best_of_all_is_drawn_only_once_it_may_be_told(track_id, number):
    kind = "proposal" if number == 2 else "reply"
    entries = parse(midway(track_id, number, before=kind, attempts=3))
    drawn = drawings(entries)[track_id, number]

    assert math.isnan(drawn.best_value) == (number == 3)  # in part 3 the stakeholder still asks
    assert ("best of all" in attempts_figure(drawn).lower()) == (number == 2)


def test_every_figure_has_a_title_and_words_and_nothing_is_drawn_of_nothing():
    entries = done("edge-guardian")
    markup = report_markup(report(entries), drawn=drawings(entries))

    labels = re.findall(r'<svg [^>]*aria-label="([^"]+)"', markup)
    assert len(labels) == markup.count("<svg ") == markup.count("<figcaption>") >= 5
    assert all(len(each.split()) > 6 and each.endswith(".") for each in labels)
    assert not re.search(r"\bnan\b|\binf\b", markup)
    assert drawings(Ledger.new("2026-11-02T09:00:00Z", "learner")) == {}
    assert "rp-figures" not in report_markup(report(parse(ledger("edge-guardian", parts=1))))
