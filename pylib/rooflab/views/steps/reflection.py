"""The reflection: a claim, its evidence among the pins, its price, and what stays at risk."""

import panel as pn
import param

from rooflab.lab.ledger.entries import TEXT_LIMIT
from rooflab.units import counted
from rooflab.views.markup import element, joined
from rooflab.views.steps.bearings import bearings
from rooflab.views.tags import PartTags, press
from rooflab.views.widgets import Choices, button, text, text_area
from rooflab.workbench import ReflectionForm

__all__ = ["ReflectedView", "ReflectionView"]

FIELDS = {
    "claim": ("Claim", "What you found, and how."),
    "tradeoff": ("Trade-off", "What does the remedy cost?"),
    "rejected_alternative": ("Rejected alternative", "What else? Which number spoke against it?"),
    "residual_risk": ("Residual risk", "Where does the claim stop holding?"),
    "reevaluation_trigger": ("What would change your mind", "Which reading, at which value?"),
}
LAST = 3
STANCE_LABELS = {1: "The constraint you claim", 3: "What you optimised"}


class ReflectionView(pn.viewable.Viewer):
    """Short fields; what is missing or too long is said, and nothing that was typed is cut."""

    form = param.ClassSelector(class_=ReflectionForm, constant=True, doc="The learner's reflection")
    task = param.String(constant=True, doc="What is asked, in the track's words")
    tags = param.ClassSelector(class_=PartTags, default=PartTags(), constant=True, doc="What its controls belong to")

    def __init__(self, **params):
        self._missing = text("", "rp-missing")
        self._weighed = text("", "rp-weighed")
        super().__init__(**params)
        first, *others = map(self._field, self.form.written_fields)
        self._layout = pn.Column(
            text(joined(element("p", "Reflection", class_="rp-eyebrow"), element("h3", self.task)), "rp-question"),
            *self._stance(),
            first,
            text(element("span", "Evidence: your pinned readings", class_="rp-label"), "rp-label-row"),
            pn.widgets.CheckBoxGroup.from_param(
                self.form.param.evidence,
                css_classes=["rp-evidence"],
                tags=[
                    *self.tags.draft("reflection", "evidence"),
                    "rooflab:label:Evidence: your pinned readings",
                ],
                sizing_mode="stretch_width",
                margin=0,
            ),
            self._weighed,
            *others,
            button(self.form.param.submit, "Enter it in the ledger", "rp-primary", tags=press("reflection")),
            self._missing,
            css_classes=["rp-form"],
            sizing_mode="stretch_width",
        )

    def _field(self, name):
        """Return a field, and below it the words that say when it is too long."""
        too_long = text("", "rp-missing")

        def say(*_event):
            excess = self.form.excess_count(name)
            words = f"{counted(excess, 'character')} too many: at most {TEXT_LIMIT:,} fit."
            too_long.text = element("p", words, role="alert") if excess else ""

        say()
        self.form.param.watch(say, name)
        field = text_area(self.form.param[name], *FIELDS[name], tags=self.tags.draft("reflection", name))
        return pn.Column(field, too_long, sizing_mode="stretch_width", margin=0)

    def _stance(self):
        if not self.form.param.stance.objects:
            return []
        label = STANCE_LABELS[self.form.part_number]
        return [
            Choices.from_param(
                self.form.param.stance,
                css_classes=["rp-choices"],
                tags=[*self.tags.draft("reflection", "stance"), f"rooflab:label:{label}"],
                sizing_mode="stretch_width",
                margin=0,
            )
        ]

    @param.depends("form.message", "form.doubts", watch=True)
    def _say_what_is_missing(self):
        message = element("p", self.form.message, role="alert") if self.form.message else ""
        self._missing.text = _doubts(self.form.doubts) if self.form.doubts else message

    @param.depends("form.weighed", watch=True, on_init=True)
    def _say_what_the_readings_show(self):
        self._weighed.text = element("div", bearings(self.form.weighed, "your claim"), role="status") if self.form.weighed else ""

    def __panel__(self):
        return self._layout


NEXT = {
    1: "Continue to part 2",
    2: "Continue to part 3",
    3: "Open your report",
}
"""Where to after a part, in words."""


class ReflectedView(pn.viewable.Viewer):
    """The reflection as the ledger has it: the part is done."""

    track_id = param.String(constant=True, doc="Id of the track")
    part_number = param.Integer(constant=True, doc="Number of the part that is done")
    rows = param.List(constant=True, doc="(what, text) pairs in the order written")

    def _next(self):
        return f"#{self.track_id}/{self.part_number + 1}" if self.part_number < LAST else "#report"

    def __panel__(self):
        return pn.Column(
            text(
                joined(
                    element("h3", f"Part {self.part_number} is done"),
                    element(
                        "dl",
                        *(element("div", element("dt", what), element("dd", words)) for what, words in self.rows),
                        class_="rp-formulas",
                    ),
                    element("p", element("a", NEXT[self.part_number], href=self._next(), class_="rp-next")),
                    element("p", "The bench stays open." if self.part_number < LAST else "Or choose another track."),
                ),
                "rp-done",
            ),
            sizing_mode="stretch_width",
        )


def _doubts(doubts):
    """Say what is asked for again, and that it is kept as it is the next time."""
    labels = {name: label for name, (label, _hint) in FIELDS.items()} | {"evidence": "Evidence"}
    return element(
        "div",
        element("p", "Before this is kept, look at it once more:"),
        element("ul", *(element("li", element("strong", f"{labels[name]}: "), words) for name, words in doubts.items())),
        element("p", "Change it, or enter it again to keep it as it is."),
        class_="rp-doubts",
        role="alert",
    )
