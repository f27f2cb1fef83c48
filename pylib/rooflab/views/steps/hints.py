"""Hints in three steps, each taken on purpose and kept in the ledger."""

import panel as pn
import param

from rooflab.views.markup import element, joined
from rooflab.views.tags import press
from rooflab.views.widgets import button, text
from rooflab.workbench import HintForm

__all__ = ["HintsView"]

TITLES = {"explore": "Hints for exploring", "attempt": "Hints for the attempts"}
LEVELS = 3


class HintsView(pn.viewable.Viewer):
    """The hints of one step that were taken, and a button for the next."""

    form = param.ClassSelector(class_=HintForm, constant=True, doc="The hints of a step")

    def __init__(self, **params):
        super().__init__(**params)
        self._title = TITLES.get(self.form.step, "Hints")
        taken = self.form.taken
        words = [text(_taken(self._title, taken), "rp-hints")] if taken else []
        more = (
            [
                button(
                    self.form.param.take,
                    f"{self._title}: {self.form.next_level} of {LEVELS} (recorded)",
                    "rp-quiet",
                    tags=press(f"hint:{self.form.step}"),
                )
            ]
            if self.form.next_level
            else []
        )
        self._layout = pn.Column(*words, *more, css_classes=["rp-form", "rp-hint"], sizing_mode="stretch_width")

    def __panel__(self):
        return self._layout


def _taken(title, taken):
    return joined(
        element("h3", title),
        element("ol", *(element("li", words) for words in taken)),
    )
