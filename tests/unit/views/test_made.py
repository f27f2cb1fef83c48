"""After each action the page is told where what it made is, once, with words for the live region; and it is there."""

import re

import pytest
from bokeh.models import LayoutDOM
from tests.browser.ledgers import midway
from tests.unit.views.test_app import EARLY_AT, Lab, early, markup
from tests.unit.views.test_exploring import doing, exploring, lay

from rooflab.analyses.demand import ACCEPT
from rooflab.lab.instruments import instruments_of
from rooflab.tracks import TRACKS
from rooflab.views.bench import ALWAYS_IN_SIGHT

TITAN = "cloud-titan"
PARTS = [(track.id, part.number) for track in TRACKS for part in track.parts]
HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.S)


def done(lab, act):
    """Do an action, and return where the page is pointed at and what is said; what it points at is there."""
    lab.made.clear()
    lab.said.clear()
    act()
    (made,) = lab.made
    assert lab.said and all(lab.said)
    if made["region"] == "bench":
        assert all(lab.app.roots[each].objects for each in ("controls", "roofline", "verdict", "panel"))
    elif made["mark"]:
        root = lab.app.roots[made["region"]].get_root()
        assert [each for each in root.select({"type": LayoutDOM}) if made["mark"] in each.css_classes and each.visible]
    else:
        headings = [re.sub(r"<[^>]+>", "", each).strip() for each in HEADING.findall(markup(lab, made["region"]))]
        assert any(each.startswith(made["heading"]) for each in headings), headings
    return made["region"], made["heading"] or made["mark"]


def submit(form, **values):
    """Return an action: fill a form and send it."""

    def act():
        form.param.update(**values)
        form.param.trigger("submit")

    return act


def test_a_lock_opens_the_bench():
    lab = Lab()

    assert done(lab, lab.predict) == ("bench", "")


def test_a_lock_that_was_sent_before_python_was_there_opens_the_bench():
    lab = Lab(early=early(("slope", "no", 0.9), ("half-the-bits", "small", 0.6)))

    assert [each["region"] for each in lab.made] == ["bench"]
    assert lab.app.lesson.progress.predictions[0].at == EARLY_AT


def test_a_lock_with_gaps_opens_nothing():
    lab = Lab()

    lab.app.lesson.form.param.trigger("submit")

    assert lab.made == []


def test_a_pin_keeps_the_focus_where_it_was_and_its_button_says_that_it_took():
    lab = Lab().go("explore")
    (button,) = [each for each in lab.app.roots["verdict"].select(lambda each: "rooflab:press:pin:mbu" in getattr(each, "tags", ()))]
    lab.made.clear()

    lab.app.bench.pin("mbu")

    assert (lab.made, button.label) == ([], "Pinned")
    assert lab.said[-1].startswith("Pinned: ")
    lab.app.bench.batch = 8
    assert button.label == "Pin"


def test_a_hint_and_an_observation_are_pointed_at():
    lab = exploring(TITAN, 1)
    (ask,) = lab.app.roots["hints"].select(lambda each: hasattr(each, "clicks"))
    assert done(lab, lambda: ask._process_event(None)) == ("hints", "")

    _, trial = next(iter(doing(TITAN, 1, 0).items()))
    lay(lab.app.bench, trial)
    lab.app.bench.param.trigger("layer")
    assert done(lab, lab.observe) == ("observation", "")


def test_a_reveal_a_diagnosis_and_a_reflection_are_pointed_at():
    lab = Lab().go("reveal")
    assert done(lab, lambda: lab.press("reveal", "Compare with the model")) == ("reveal", "")

    assert done(lab, submit(lab.app.lesson.diagnosis, choice="memory")) == ("reflection", "Your diagnosis")

    form = lab.app.lesson.reflection
    written = {"claim": "HBM traffic binds the step: the bus is 78% busy.", "tradeoff": "A kernel of our own has to be maintained.", "residual_risk": "Short contexts would not profit from it."}
    form.param.update(stance="memory", evidence=[lab.app.lesson.board.pins[0].seq], **written)
    form.param.trigger("submit")
    assert done(lab, submit(form)) == ("reflection", "Part 1 is done")


@pytest.mark.parametrize("track_id", [each.id for each in TRACKS])
def test_scoring_and_standing_by_an_attempt_are_pointed_at(track_id):
    lab = Lab(midway(track_id, 2, before="design", attempts=1), fragment=f"#{track_id}/2")
    board = lab.app.lesson.mission.board

    assert done(lab, lambda: board.param.trigger("submit")) == ("controls", "rp-said")
    assert lab.said[-1].startswith("Attempt 1 is scored")
    assert done(lab, lambda: board.param.trigger("submit")) == ("controls", "rp-said")
    assert "No attempt is used for it." in lab.said[-1]
    assert done(lab, lambda: board.param.trigger("finish")) == ("attempt", "")


@pytest.mark.parametrize("track_id", [each.id for each in TRACKS])
def test_a_tiling_that_is_proposed_is_pointed_at(track_id):
    lab = Lab(midway(track_id, 2, before="proposal"), fragment=f"#{track_id}/2")
    form = lab.app.lesson.mission.tiling
    sizes = {"tile_rows": form.problem.tile_rows[0], "tile_columns": form.problem.tile_columns[0], "split": form.problem.splits[0]}

    assert done(lab, submit(form, **sizes)) == ("reflection", "Your tiling")


@pytest.mark.parametrize("track_id", [each.id for each in TRACKS])
def test_an_answer_to_the_stakeholder_is_pointed_at(track_id):
    lab = Lab(midway(track_id, 3, before="reply"), fragment=f"#{track_id}/3")
    controls = lab.app.lesson.place.part.controls

    assert done(lab, submit(lab.app.lesson.mission.demand, choice=ACCEPT, attributed=controls[0].id)) == ("reflection", "Your")


@pytest.mark.parametrize(("track_id", "number"), PARTS, ids=str)
def test_the_tabs_are_the_task_every_instrument_out_of_sight_and_what_was_pinned(track_id, number):
    lab = exploring(track_id, number)
    tabs = {each["id"]: each["name"] for each in lab.app.place()["tabs"]}
    expected = {"task", "pins", *(each.id for each in instruments_of(lab.app.lesson.place.part)), *(["baseline"] if lab.app.roots["baseline"].objects else [])}

    assert set(tabs) == expected - set(ALWAYS_IN_SIGHT)
    assert len(set(tabs.values())) == len(tabs) and all(tabs.values())
    assert next(iter(tabs)) == "task"
    for each in tabs:
        lab.app.look_at(each)
        opened = [name for name, (view, _) in lab.app.lesson.pieces.panel.views.items() if view.in_sight]
        assert opened == ([] if each in ("task", "pins", "baseline") else [each])


@pytest.mark.parametrize("track_id", [each.id for each in TRACKS])
def test_the_attempts_have_the_first_tab_once_they_are_open(track_id):
    lab = Lab(midway(track_id, 2, before="design"), fragment=f"#{track_id}/2")

    assert lab.app.place()["tabs"][0] == {"id": "attempts", "name": "Attempts"}
    assert lab.app.roots["attempt"].objects


def test_a_locked_bench_has_no_tabs():
    assert Lab().app.place()["tabs"] == []
