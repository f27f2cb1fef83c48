"""The figures of a class, read back: bars are counts, paths end at regrets, dots are shares; with nobody, one learner and 300."""

import json
import math
import re
from dataclasses import replace
from functools import cache
from html import escape, unescape
from statistics import median
from xml.etree import ElementTree

import pytest
from tests.browser.ledgers import ledger
from tests.inputs import INPUTS

from rooflab.command.reading import read_class
from rooflab.lab.classroom.classroom import classroom
from rooflab.lab.classroom.paths import median_path
from rooflab.lab.classroom.tallies import choice_tallies
from rooflab.lab.ledger.entries import CONFIDENCE_LEVELS, Prediction, Reflection
from rooflab.lab.ledger.ledger import append, dump, parse
from rooflab.lab.scoring import Calibration, CalibrationPoint
from rooflab.lab.setting import design_of, setting
from rooflab.lab.steps.commits import committed
from rooflab.tracks import TRACKS, track
from rooflab.views.figures.answers import LONGEST, answers_figure
from rooflab.views.figures.calibration import calibration_figure
from rooflab.views.figures.paths import ACROSS, UP, paths_figure
from rooflab.views.markup import in_picture
from rooflab.views.screens.classroom import classroom_markup

MANY = 300


@cache
def done(track_id):
    return parse(ledger(track_id, attempts=6))


def learner(number):
    """Return a ledger unlike its neighbours: other answers, other confidences, the attempts in another order or cut short."""
    whole = done(TRACKS[number % len(TRACKS)].id)
    made = replace(whole, session=f"learner-{number}", entries=())
    for entry in mixed(whole.entries, number):
        if isinstance(entry, Prediction):
            choices = next(each for each in track(entry.track).part(entry.part).questions if each.id == entry.question_id).choices
            entry = replace(entry, choice_id=choices[number % len(choices)].id, confidence=CONFIDENCE_LEVELS[(number + entry.part) % 6])
        if not isinstance(entry, Reflection):  # its evidence would have other numbers
            made = append(made, entry)
    return dump(made)


def mixed(entries, number):
    """Yield the entries with the attempts of each part turned round and cut short, the last of them final."""
    attempts = {part: [each for each in entries if each.part == part and getattr(each, "role", "") == "attempt"] for part in (2, 3)}
    kept = {part: turned(each, number // len(TRACKS)) for part, each in attempts.items()}
    for entry in entries:
        role = getattr(entry, "role", "")
        if role == "attempt":
            if kept[entry.part][0]:
                yield kept[entry.part][0].pop(0)
        else:
            yield final(entry.track, entry.part, kept[entry.part][1]) if role == "final" else entry


def turned(attempts, number):
    """Return some of the attempts in another order, and the place of the last of them."""
    order = [(number + at) % len(attempts) for at in range(len(attempts))][: 1 + number // len(attempts) % len(attempts)]
    return [attempts[at] for at in order], order[-1]


@cache
def final(track_id, part, at):
    """Return a final design: the attempt at that place."""
    place = setting(track_id, part, 0)
    entries = [each for each in done(track_id).entries if each.part == part and getattr(each, "role", "") == "attempt"]
    return committed(place, design_of(place, entries[at].design), at="2026-11-02T11:00:00Z", role="final")


@pytest.fixture(scope="module")
def many():
    return classroom([(f"{number}.json", learner(number)) for number in range(MANY)])


def tree(markup):
    return ElementTree.fromstring(markup)


def words(figure):
    return [each.text for each in figure.iter("text")]


def rects(figure, class_):
    return [float(each.get("width")) for each in figure.iter("rect") if each.get("class") == class_]


def lines(figure, *classes):
    return [[tuple(map(float, point.split(","))) for point in each.get("points").split()] for each in figure.iter("polyline") if each.get("class") in classes]


def pieces(found):
    """Return every figure of a class by what it draws."""
    yield from ((asked, tree(answers_figure(asked, "title"))) for asked in found.questions)
    yield from ((mission, tree(paths_figure(mission))) for mission in found.missions)
    yield found.calibration, tree(calibration_figure(found.calibration))


def test_a_class_of_nobody_has_no_figure():
    found = classroom([])

    assert "<svg" not in classroom_markup(found)


@pytest.mark.parametrize("track_id", [each.id for each in TRACKS])
def test_a_class_of_one_has_a_figure_of_each_kind(track_id):
    found = classroom([("one.json", ledger(track_id, attempts=4))])
    page = tree(f"<div>{classroom_markup(found)}</div>")

    assert len(list(page.iter("svg"))) == len(found.questions) + 2 + 1
    assert all(each.get("aria-label").strip() for each in page.iter("svg"))


def test_the_figures_of_three_hundred_learners_are_not_large(many):
    page = classroom_markup(many)

    assert len(many.learners) == MANY
    assert sum(len(each) for each in re.findall(r"<svg.*?</svg>", page, re.S)) < 300_000


def test_a_bar_is_as_long_as_its_count_and_says_it(many):
    for asked in many.questions:
        figure = tree(answers_figure(asked, "title"))
        most = max(each.count for each in asked.choices)
        for class_, field in (("rp-fig-right", "right_count"), ("rp-fig-wrong", "wrong_count"), ("rp-fig-open", "unrevealed_count")):
            counts = [getattr(each, field) for each in asked.choices if getattr(each, field)]
            assert rects(figure, class_) == pytest.approx([LONGEST * count / most for count in counts], abs=0.06)
        told = " ".join(words(figure))
        for each in asked.choices:
            assert in_picture(each.text) == escape(each.text.replace("D_vol", "Dᵥₒₗ"))
            assert unescape(in_picture(each.text)) in told
            assert f"{each.right_count} correct" in told or not each.right_count


def test_what_was_not_revealed_is_not_marked_as_correct():
    asked = choice_tallies(("cloud-titan", 1, "slope"), [("no", None, 0.8, 0), ("no", None, 0.9, 0)])
    figure = tree(answers_figure(asked, "title"))

    assert rects(figure, "rp-fig-right") == rects(figure, "rp-fig-wrong") == []
    assert "2 not revealed" in words(figure)
    assert not any("correct" in each for each in (*words(figure), figure.find("svg").get("aria-label")))


def test_a_path_falls_to_the_regret_of_the_best_attempt_so_far(many):
    for mission in many.missions:
        assert len(mission.paths) == mission.final_count
        for path in mission.paths:
            known = [each for each in path if each is not None]
            assert known == sorted(known, reverse=True) and len(path) <= mission.attempts_count
        drawn = {tuple(one) for one in lines(tree(paths_figure(mission)), "rp-fig-path", "rp-fig-alike")}
        assert 1 < len(drawn) <= len({each for each in mission.paths if each[-1] is not None})
        most = min(max((value for each in mission.paths for value in each if value is not None), default=0.0) or 0.01, 1.0)
        ends = {round(UP[1] + min(path[-1], most) / most * (UP[0] - UP[1]), 1) for path in mission.paths if path[-1] is not None}
        assert {one[-1][1] for one in drawn} == ends
        lost = sum(path[-1] is None for path in mission.paths)
        assert bool(lost) == any(f"feasible: {lost} of {len(mission.paths)}" in each for each in words(tree(paths_figure(mission))))
    assert any(len({path[-1] for path in each.paths}) > 1 for each in many.missions)


def test_paths_end_where_the_regret_of_the_ledger_says():
    """Each learner here ends with the best of all, so every path ends at 0, on the line of the optimum."""
    found = classroom([(f"{each.id}.json", ledger(each.id, attempts=5)) for each in TRACKS])

    for mission in found.missions:
        (path,) = mission.paths
        (optimum,) = lines(tree(paths_figure(mission)), "rp-fig-best")
        (drawn,) = lines(tree(paths_figure(mission)), "rp-fig-path")
        assert path[-1] == pytest.approx(0.0, abs=1e-9)
        assert drawn[-1][1] == optimum[0][1] == UP[1]


def test_the_median_counts_who_has_nothing_feasible_and_keeps_who_has_ended():
    paths = ((0.4, 0.2), (None, 0.1), (0.3, 0.3, 0.0), (None, None, None), ())

    # Four learners have a final design: [inf, inf, 0.3, 0.4], [inf, 0.1, 0.2, 0.3], [inf, 0.0, 0.1, 0.2].
    assert median_path(paths) == (None, pytest.approx(0.25), pytest.approx(0.15))
    assert median_path(((0.4,), (0.2,), (None,))) == (0.4,)
    assert median_path(()) == ()


def test_the_dots_of_the_median_are_that_median(many):
    for mission in many.missions:
        figure = tree(paths_figure(mission))
        told = [(number, each) for number, each in enumerate(median_path(mission.paths), 1) if each is not None]
        dots = [(float(each.get("cx")), float(each.get("cy"))) for each in figure.iter("circle")]
        step = (ACROSS[1] - ACROSS[0]) / (mission.attempts_count - 1)
        assert [x for x, _ in dots] == pytest.approx([ACROSS[0] + (number - 1) * step for number, _ in told], abs=0.06)
        for at in {0, len(told) - 1}:
            values = sorted(math.inf if each[min(told[at][0], len(each)) - 1] is None else each[min(told[at][0], len(each)) - 1] for each in mission.paths)
            assert told[at][1] == median(values)


def test_an_interval_is_wilsons():
    nine = CalibrationPoint(confidence_fraction=0.9, right_fraction=0.9, prediction_count=10)
    all_right = CalibrationPoint(confidence_fraction=1.0, right_fraction=1.0, prediction_count=5)

    # The ends are where the score test just keeps p: |p - 0.9| = 1.96 sqrt(p (1 - p) / 10).
    for end in nine.interval_fraction:
        assert abs(end - 0.9) == pytest.approx(1.96 * math.sqrt(end * (1 - end) / 10))
    assert all_right.interval_fraction == (pytest.approx(5 / (5 + 1.96**2)), 1.0)


def test_the_curve_stands_at_confidence_and_share_with_its_count(many):
    figure = tree(calibration_figure(many.calibration))
    (curve,) = lines(figure, "rp-fig-curve")
    (diagonal,) = lines(figure, "rp-fig-other")
    (x0, y0), (x1, y1) = diagonal
    bins = many.calibration.bins

    assert [each.confidence_fraction for each in bins] == pytest.approx(CONFIDENCE_LEVELS)
    for each, (x, y) in zip(bins, curve, strict=True):
        assert (x - x0) / (x1 - x0) == pytest.approx((each.confidence_fraction - 0.5) / 0.5, abs=0.002)
        assert (y - y0) / (y1 - y0) == pytest.approx((each.right_fraction - 0.5) / 0.5, abs=0.002)
        assert str(each.prediction_count) in words(figure)
    assert sum(each.prediction_count for each in bins) == many.calibration.prediction_count


def test_odd_confidences_are_put_to_the_nearest_tenth():
    points = [(0.04, 1.0, 1), (0.55, 0.0, 1), (0.62, 1.0, 3), (0.64, 0.0, 1)]
    found = Calibration(
        points=tuple(CalibrationPoint(confidence_fraction=c, right_fraction=r, prediction_count=n) for c, r, n in points),
        prediction_count=6, right_count=4, brier_fraction=0.2,
    )  # fmt: skip

    assert [(round(each.confidence_fraction, 3), each.right_fraction, each.prediction_count) for each in found.bins] == [
        (0.04, 1.0, 1),
        (0.61, 0.6, 5),  # (0.55 + 3 × 0.62 + 0.64) / 5
    ]
    assert "0%" in words(tree(calibration_figure(found)))  # the axis begins at 0 where a file holds less than the lock offers


def test_every_place_is_inside_its_figure(many):
    for _, figure in pieces(many):
        svg = figure.find("svg")
        width, height = map(float, svg.get("viewBox").split()[2:])
        spots = [point for one in lines(svg, *{each.get("class") for each in svg.iter("polyline")}) for point in one]
        spots += [(float(each.get("x")), float(each.get("y"))) for each in (*svg.iter("text"), *svg.iter("rect"))]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in spots)


def test_the_class_of_all_inputs_is_drawn():
    intake = read_class([str(INPUTS)])
    found = classroom(intake.ledgers(), refused=intake.refused, passed_over=intake.passed_over)
    drawn = re.findall(r"<svg.*?</svg>", classroom_markup(found), re.S)

    assert len(found.learners) > 10
    of_tracks = len(found.questions) + sum(bool(each.paths) for each in found.missions) + 1
    assert len(drawn) == of_tracks + len(found.fleet.questions) + 3  # roofs, ridges and what was measured over predicted
    assert "nan" not in "".join(drawn)
    json.dumps([each.paths for each in found.missions], allow_nan=False)
