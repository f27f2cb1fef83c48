"""The prediction lock: questions, confidence, one button, and what is still missing."""

import html

import panel as pn
import param

from ridgepoint.views.widgets import Choices
from ridgepoint.workbench import PredictionForm

__all__ = ["LockView"]


class LockView(pn.viewable.Viewer):
    """Ask each question of the lock before anything that answers it is built."""

    form = param.ClassSelector(class_=PredictionForm, constant=True, doc="The learner's answers")

    def __init__(self, **params):
        self._missing = pn.pane.HTML("", css_classes=["rp-missing"])
        super().__init__(**params)
        submit = pn.widgets.Button.from_param(
            self.form.param.submit,
            label="Lock in both predictions",
            description=None,  # else Panel makes a tooltip of the doc, and imports a Markdown parser for it
            css_classes=["rp-primary"],
            tags=["ridgepoint:submit"],
        )
        self._layout = pn.Column(
            *(part for answer in self.form.answers for part in _question(answer)),
            submit,
            self._missing,
            css_classes=["rp-lock"],
        )

    @param.depends("form.message", watch=True)
    def _say_what_is_missing(self):
        self._missing.object = f'<p role="alert">{html.escape(self.form.message)}</p>' if self.form.message else ""

    def __panel__(self):
        return self._layout


def _question(answer):
    """Lay out one question: its words, its choices, and how sure the learner is."""
    question = answer.question
    return (
        pn.pane.HTML(f'<p class="rp-question">{html.escape(question.text)}</p>'),
        Choices.from_param(
            answer.param.choice,
            css_classes=["rp-choices"],
            tags=[f"ridgepoint:answer:{question.id}", f"ridgepoint:label:{question.text}"],
        ),
        pn.pane.HTML('<p class="rp-label">How sure are you?</p>'),
        Choices.from_param(
            answer.param.confidence,
            inline=True,
            css_classes=["rp-confidence"],
            tags=[f"ridgepoint:confidence:{question.id}", "ridgepoint:label:How sure are you?"],
        ),
    )
