"""Hints: what was taken stands there, and every button says of which step it is."""

import panel as pn

from rooflab.views.steps.hints import HintsView
from rooflab.workbench import HintForm


def view(step, taken=(), next_level=1):
    return HintsView(form=HintForm(step=step, taken=list(taken), next_level=next_level))


def labels(made):
    return [each.label for each in made.__panel__().select(pn.widgets.Button)]


def test_the_buttons_of_two_steps_have_names_of_their_own():
    explore, attempt = labels(view("explore")), labels(view("attempt"))

    assert len(explore) == len(attempt) == 1
    assert explore != attempt


def test_after_the_third_hint_there_is_no_button():
    assert labels(view("explore", ["a", "b", "c"], 0)) == []
