"""The reflection: a claim, its evidence among the pins, its price, and what stays at risk."""

import panel as pn
import param

from ridgepoint.lab.entries import TEXT_LIMIT
from ridgepoint.views.markup import element, joined
from ridgepoint.views.widgets import Choices, button, text
from ridgepoint.workbench import ReflectionForm

__all__ = ["ReflectedView", "ReflectionView"]

FIELDS = (
    ("claim", "Claim", "One or two sentences: what binds, and how you know."),
    ("tradeoff", "Trade-off", "What does the remedy cost, and who pays?"),
    ("residual_risk", "Residual risk", "What could still go wrong, or where does the claim stop holding?"),
)


class ReflectionView(pn.viewable.Viewer):
    """Short fields, capped; what is missing is said and nothing is lost."""

    form = param.ClassSelector(class_=ReflectionForm, constant=True, doc="The learner's reflection")
    task = param.String(constant=True, doc="What is asked, in the track's words")

    def __init__(self, **params):
        self._missing = text("", "rp-missing")
        super().__init__(**params)
        fields = {name: _field(self.form.param[name], words, hint) for name, words, hint in FIELDS}
        self._layout = pn.Column(
            text(joined(element("p", "Reflection", class_="rp-eyebrow"), element("h3", self.task)), "rp-question"),
            Choices.from_param(
                self.form.param.constraint,
                css_classes=["rp-choices"],
                tags=["ridgepoint:label:The constraint you claim"],
                sizing_mode="stretch_width",
                margin=0,
            ),
            fields["claim"],
            text(element("span", "Evidence: the pinned readings that carry the claim", class_="rp-label"), "rp-label-row"),
            pn.widgets.CheckBoxGroup.from_param(
                self.form.param.evidence,
                css_classes=["rp-evidence"],
                tags=["ridgepoint:label:Evidence: the pinned readings that carry the claim"],
                sizing_mode="stretch_width",
                margin=0,
            ),
            fields["tradeoff"],
            fields["residual_risk"],
            button(self.form.param.submit, "Enter it in the ledger", "rp-primary"),
            self._missing,
            css_classes=["rp-form"],
            sizing_mode="stretch_width",
        )

    @param.depends("form.message", watch=True)
    def _say_what_is_missing(self):
        self._missing.text = element("p", self.form.message, role="alert") if self.form.message else ""

    def __panel__(self):
        return self._layout


class ReflectedView(pn.viewable.Viewer):
    """The reflection as the ledger has it: the part is done."""

    rows = param.List(constant=True, doc="(what, text) pairs in the order written")

    def __panel__(self):
        return pn.Column(
            text(
                joined(
                    element("h3", "Part 1 is done: your diagnosis is in the ledger"),
                    element(
                        "dl",
                        *(element("div", element("dt", what), element("dd", words)) for what, words in self.rows),
                        class_="rp-formulas",
                    ),
                    element("p", "The bench stays open. Export your ledger from the menu to keep or hand in a copy."),
                ),
                "rp-done",
            ),
            sizing_mode="stretch_width",
        )


def _field(parameter, words, hint):
    return pn.widgets.TextAreaInput.from_param(
        parameter,
        label=words,
        placeholder=hint,
        description=None,
        max_length=TEXT_LIMIT,
        rows=3,
        css_classes=["rp-field"],
        width=None,
        sizing_mode="stretch_width",
        margin=0,
    )
