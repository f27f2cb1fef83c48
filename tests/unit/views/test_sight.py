"""What is out of sight is not drawn, and is right when it is looked at again: every instrument of every part."""

from collections import Counter

import pytest
from tests.unit.drawn_screen import all_in_sight, put_up
from tests.unit.rendered_bench import Rendered, bench_of, every_part
from tests.unit.views.test_app import Lab
from tests.unit.views.test_nothing_stale import other_value

PARTS = every_part()
each_part = pytest.mark.parametrize(("track", "number"), PARTS.values(), ids=PARTS)

ALWAYS = 22
"""The most changes that a move sends for controls, roofline and strip: of a choice that brings other roofs."""
TAB = {"trace": 14, "matrix": 12, "trail": 8, "heat": 5}
"""The most that it sends for an instrument behind a tab; of those not named, one text."""


def moves(bench):
    """Move every control of a bench in turn, then what is looked at, and yield the name of each."""
    for control in bench.part.controls:
        setattr(bench, control.id, other_value(bench, control))
        yield control.id
    bench.layer = bench.outcome().operators.ids[-1]
    yield "layer"
    bench.marked = bench.start
    yield "marked"
    bench.record_again = True
    yield "recording"


@each_part
def test_a_view_out_of_sight_is_not_drawn_and_is_right_when_it_is_looked_at_again(track, number):
    bench = bench_of(track, number)
    watched = Rendered.of(bench)
    pieces, _ = put_up(bench)
    hidden = Rendered(**all_in_sight(pieces.panel))
    pieces.panel.look_at("task")
    first = {name: hidden.seen(name) for name in hidden.views}
    for moved in moves(bench):
        assert [name for name in hidden.views if hidden.seen(name)["texts"] != first[name]["texts"]] == [], moved
    behind = [name for name in hidden.views if hidden.seen(name) != watched.seen(name)]

    assert {"readings", "peek"} <= set(behind)
    for name in hidden.views:
        pieces.panel.look_at(name)
        assert hidden.seen(name) == watched.seen(name), name
        assert [each for each, (view, _) in pieces.panel.views.items() if view.in_sight] == [name]


@each_part
def test_a_view_that_is_first_looked_at_after_moves_shows_what_one_in_sight_shows(track, number):
    """The trail is there from the start: it notes the moves unseen."""
    bench = bench_of(track, number)
    watched = Rendered.of(bench)
    pieces, _ = put_up(bench)
    assert set(pieces.panel.views) <= {"trail"}
    done = list(moves(bench))

    shown = Rendered(**all_in_sight(pieces.panel))

    assert len(done) > 3
    assert {name for name in shown.views if shown.seen(name) != watched.seen(name)} == set()
    assert set(shown.views) == {each.id for each in pieces.panel.offered}


@each_part
def test_a_move_sends_the_changes_of_what_is_in_sight_once_each_and_no_others(track, number):
    bench = bench_of(track, number)
    pieces, document = put_up(bench)
    all_in_sight(pieces.panel)
    events = []
    document.on_change(events.append)
    for tab in ("task", *(each.id for each in pieces.panel.offered)):
        pieces.panel.look_at(tab)
        seen = _models(pieces.controls, pieces.stopped, pieces.charted, pieces.verdict, *(view for view, _ in pieces.panel.views.values() if view.in_sight))
        seen |= {model.id for model, _ in pieces.panel.__panel__()._models.values()}
        for control in bench.part.controls:
            events.clear()
            setattr(bench, control.id, other_value(bench, control))
            changed = Counter((_changed(each).id, getattr(each, "attr", "data")) for each in events)

            assert changed and {model for model, _ in changed} <= seen, (tab, control.id)
            assert set(changed.values()) == {1}, (tab, control.id)
            assert len(events) <= ALWAYS + (0 if tab == "task" else TAB.get(tab, 1)), (tab, control.id)


def _models(*views):
    """Return the ids of the models that these views have in a document."""
    layouts = [each.__panel__() if hasattr(each, "__panel__") else each for each in views]
    return {model.id for layout in layouts for made, _ in layout._models.values() for model in made.references()}


def _changed(event):
    return event.column_source if hasattr(event, "column_source") else event.model


def test_the_tab_that_the_page_has_open_stays_open_on_a_bench_that_is_made_anew():
    mine, theirs = Lab().go("explore"), Lab().go("diagnose")
    mine.app.look_at("readings")
    before = mine.app.lesson.pieces

    mine.app.offer_import("theirs.json", theirs.store.text.encode())
    mine.press("transfer", "Replace my ledger with this one")

    assert mine.app.lesson.pieces is not before
    assert mine.app.lesson.pieces.panel.looked_at == "readings"


def test_a_tab_that_is_opened_before_the_bench_is_built_is_open_on_it():
    lab = Lab()
    lab.app.look_at("peek")

    lab.predict()

    assert lab.app.lesson.pieces.panel.looked_at == "peek"


def test_what_is_no_instrument_closes_the_one_that_was_open():
    lab = Lab().go("explore")
    lab.app.look_at("profiler")
    view, layout = lab.app.lesson.pieces.panel.views["profiler"]
    assert view.in_sight and layout.visible and view.trace.visible

    lab.app.look_at("pins")

    assert (lab.app.lesson.pieces.panel.looked_at, view.in_sight, layout.visible) == (None, False, False)
