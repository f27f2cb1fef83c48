"""The prediction lock: questions, confidence, one button; afterwards what was predicted."""

import panel as pn
import param

from rooflab.units import format_fraction
from rooflab.views.markup import element, folded, joined
from rooflab.views.tags import PartTags, press
from rooflab.views.widgets import Choices, button, text
from rooflab.workbench import PredictionForm

__all__ = ["LockView", "PredictedView", "question_fields"]

HOW_SURE = "How sure are you?"


class LockView(pn.viewable.Viewer):
    """Ask each question before anything that answers it is built."""

    form = param.ClassSelector(class_=PredictionForm, constant=True, doc="The learner's answers")
    tags = param.ClassSelector(class_=PartTags, default=PartTags(), constant=True, doc="What its controls belong to")

    def __init__(self, **params):
        self._missing = text("", "rp-missing")
        super().__init__(**params)
        words = "Lock in this revision" if self.form.revision else "Lock in my predictions"
        self._layout = pn.Column(
            *(part for number, answer in enumerate(self.form.answers, 1) for part in question_fields(number, answer, self.tags)),
            button(self.form.param.submit, words, "rp-primary", tags=["rooflab:submit", *press("prediction")]),
            self._missing,
            css_classes=["rp-form"],
            sizing_mode="stretch_width",
        )

    @param.depends("form.message", watch=True)
    def _say_what_is_missing(self):
        self._missing.text = element("p", self.form.message, role="alert") if self.form.message else ""

    def __panel__(self):
        return self._layout


class PredictedView(pn.viewable.Viewer):
    """What was predicted first, and what it was revised to; frozen."""

    form = param.ClassSelector(class_=PredictionForm, constant=True, doc="Holds the event that asks to revise")
    predicted = param.List(constant=True, doc="(question, (choice, confidence), revision or None) in the order asked")
    revisable = param.Boolean(constant=True, doc="Whether the answers have not been revealed yet")

    def __init__(self, **params):
        super().__init__(**params)
        revise = button(self.form.param.revise, "Revise (the first answer stays)", "rp-quiet")
        self._layout = pn.Column(
            text(_locked(self.predicted), "rp-predicted"),
            *([revise] if self.revisable else []),
            css_classes=["rp-form"],
            sizing_mode="stretch_width",
        )

    def __panel__(self):
        return self._layout


def question_fields(number, answer, tags):
    """Lay out one question: its words, its choices, and how sure the learner is."""
    question = answer.question
    return (
        text(
            joined(element("p", f"Question {number}", class_="rp-eyebrow"), element("h3", question.text)), "rp-question"
        ),
        Choices.from_param(
            answer.param.choice,
            css_classes=["rp-choices"],
            tags=[
                *tags.draft("prediction", f"{question.id}.choice"),
                f"rooflab:answer:{question.id}",
                f"rooflab:label:{question.text}",
            ],
            sizing_mode="stretch_width",
            margin=0,
        ),
        text(element("span", HOW_SURE, class_="rp-label"), "rp-label-row"),
        Choices.from_param(
            answer.param.confidence,
            inline=True,
            css_classes=["rp-segmented", "rp-confidence"],
            tags=[
                *tags.draft("prediction", f"{question.id}.confidence"),
                f"rooflab:confidence:{question.id}",
                f"rooflab:label:Question {number}: {HOW_SURE}",
            ],
            sizing_mode="stretch_width",
            margin=0,
        ),
    )


def _locked(predicted):
    """Fold the answers away: what was asked and answered is a click off."""
    return folded("Your predictions are locked", *map(_predicted, predicted))


def _predicted(prediction):
    """Write one question with the first answer, and a revision as what it is."""
    question, first, revision = prediction
    return element(
        "div",
        element("p", question, class_="rp-asked"),
        _answer("First answer:", first),
        _answer("Revised to:", revision) if revision else None,
        class_="rp-answered",
    )


def _answer(words, given):
    choice, confidence = given
    return element(
        "p",
        element("span", f"{words} ", class_="rp-label"),
        element("strong", choice),
        f" ({format_fraction(confidence)} sure)",
    )
