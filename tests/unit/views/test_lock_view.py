"""The lock asks, and says what is missing."""

from rooflab.tracks import track
from rooflab.views.steps.lock import LockView
from rooflab.workbench import PredictionForm

QUESTIONS = track("cloud-titan").part(1).questions


def test_what_is_missing_is_shown_as_an_alert():
    form = PredictionForm(QUESTIONS)
    view = LockView(form=form)

    form.message = "Still missing: <everything>."

    assert view._missing.text == '<p role="alert">Still missing: &lt;everything&gt;.</p>'


def test_nothing_is_chosen_beforehand():
    form = PredictionForm(QUESTIONS)
    LockView(form=form).__panel__()

    assert [answer.choice for answer in form.answers] == [None, None]
    assert [answer.confidence for answer in form.answers] == [None, None]
