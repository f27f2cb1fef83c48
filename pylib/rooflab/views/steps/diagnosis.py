"""The diagnosis: name the binding constraint; the instruments decide."""

import panel as pn
import param

from rooflab.views.markup import element, joined
from rooflab.views.steps.bearings import bearings
from rooflab.views.steps.reveal import verdict
from rooflab.views.tags import PartTags, press
from rooflab.views.widgets import Choices, button, text
from rooflab.workbench import ChoiceForm

__all__ = ["DiagnosedView", "DiagnosisView"]


class DiagnosisView(pn.viewable.Viewer):
    """Offer the diagnoses."""

    KIND = "diagnosis"
    EYEBROW = "Diagnosis"
    SUBMIT = "Commit to this diagnosis"
    form = param.ClassSelector(class_=ChoiceForm, constant=True, doc="The learner's answer")
    tags = param.ClassSelector(class_=PartTags, default=PartTags(), constant=True, doc="What its controls belong to")

    def __init__(self, **params):
        self._missing = text("", "rp-missing")
        super().__init__(**params)
        question = self.form.question
        self._layout = pn.Column(
            text(joined(element("p", self.EYEBROW, class_="rp-eyebrow"), element("h3", question.text)), "rp-question"),
            Choices.from_param(
                self.form.param.choice,
                css_classes=["rp-choices"],
                tags=[*self.tags.draft(self.KIND, "choice"), f"rooflab:label:{question.text}"],
                sizing_mode="stretch_width",
                margin=0,
            ),
            button(self.form.param.submit, self.SUBMIT, "rp-primary", tags=press(self.KIND)),
            self._missing,
            css_classes=["rp-form"],
            sizing_mode="stretch_width",
        )

    @param.depends("form.message", watch=True)
    def _say_what_is_missing(self):
        self._missing.text = element("p", self.form.message, role="alert") if self.form.message else ""

    def __panel__(self):
        return self._layout


class DiagnosedView(pn.viewable.Viewer):
    """The diagnosis given, whether it holds, and why."""

    HOLDS = "Your diagnosis is supported"
    FAILS = "Your diagnosis is not supported"
    SAYS = "The instruments say"
    question = param.String(constant=True, doc="What was asked")
    given = param.String(constant=True, doc="The diagnosis given")
    answer = param.String(constant=True, doc="The one that holds")
    right = param.Boolean(constant=True, doc="Whether they are the same")
    feedback = param.String(constant=True, doc="The mechanism, with the scenario's numbers")
    weighed = param.List(default=[], constant=True, doc="What the readings pinned before say of it, one Weighed a reading")

    def __panel__(self):
        return pn.Column(
            text(
                joined(
                    element("h3", self.HOLDS if self.right else self.FAILS),
                    element("p", self.question, class_="rp-asked"),
                    element("p", verdict(self.right), f" You said: {self.given}."),
                    None if self.right else element("p", element("strong", f"{self.SAYS}: {self.answer}.")),
                    element("p", self.feedback),
                    bearings(self.weighed, "your diagnosis") if self.weighed else None,
                ),
                "rp-diagnosed",
            ),
            sizing_mode="stretch_width",
        )
