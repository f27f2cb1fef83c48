"""On arrival in Explore the window has at most 350 words: the page's own, and those of controls, picture, roofline, verdict and task."""

import re

import pytest
from landing import landing
from tests.unit.views.test_app import shown
from tests.unit.views.test_exploring import exploring
from tests.unit.views.visible import PAGE, document_lines, lines_of, words_count

from rooflab.tracks import TRACKS

MOST = 350
PLACES = [(track.id, part.number) for track in TRACKS for part in track.parts]
REGIONS = ("controls", "roofline", "verdict", "tasks", "observation", "hints")
"""The regions in sight as the bench is opened, at the tab of the task; the others are behind tabs."""


def inside(tag):
    """Return what the page has inside an element, by the start of its tag."""
    name = tag.split()[0]
    return re.search(rf"<{re.escape(tag)}[^>]*>(.*?)</{name}>", PAGE.read_text(encoding="utf-8"), re.S)[1]


def page(place):
    """Return the lines around the bench: the header, the tracks in a row, the path, the tabs, the footer."""
    row = re.findall(r'(?:class="track-name"[^>]*|<legend)>([^<]+)<', landing())
    parts = re.findall(r'class="part-name">([^<]+)<', PAGE.read_text(encoding="utf-8"))
    steps = [each["label"] for each in place["steps"]]
    tabs = [each["name"] for each in place["tabs"]]
    assert len(row) == len(TRACKS) + 3 and len(parts) == 3 and steps and tabs
    return [*lines_of(inside('header class="bar"')), *row, *parts, *steps, *tabs, "Enlarge", *lines_of(inside('footer class="foot"'))]


def picture(told):
    """Return the lines beside the picture that is drawn: its title, its pace, a button that picks, and its table's."""
    pace = told["picture"]["pace"]
    picks = told["picture"]["numbers"].get("picks") or []
    return [told["picture"]["title"], pace["words"][pace["chosen"]] if pace else "", *(each["name"] for each in picks[:1]), "Table"]


@pytest.mark.parametrize(("track_id", "number"), PLACES, ids=str)
def test_few_words_are_in_sight_on_arrival_in_explore(track_id, number):
    lab = exploring(track_id, number)
    assert lab.app.lesson.progress.current == "explore"
    shown(lab.app, tabs=())

    found = {name: words_count(document_lines([lab.app.roots[name].get_root()])) for name in REGIONS}
    found |= {"page": words_count(page(lab.app.place())), "picture": words_count(picture(lab.pictures[-1]))}

    assert all(found[name] > 20 for name in ("controls", "roofline", "verdict", "tasks", "page")), found
    assert sum(found.values()) <= MOST, found
