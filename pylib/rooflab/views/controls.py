"""The controls of the design; every slider has a number twin on the same parameter."""

import panel as pn
import param

from rooflab.views.markup import element, folded
from rooflab.views.steps.scoring import ScoringView
from rooflab.views.tags import PartTags
from rooflab.views.twins import twin
from rooflab.views.what_if import WhatIfView
from rooflab.views.widgets import button, select, text
from rooflab.workbench import Workbench
from rooflab.workbench.boards import AttemptsBoard

__all__ = ["ControlsView"]


class ControlsView(pn.viewable.Viewer):
    """Everything of the design that the learner can set."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    attempts = param.ClassSelector(class_=AttemptsBoard, allow_None=True, constant=True, doc="The mission's attempts, if any")
    tags = param.ClassSelector(class_=PartTags, default=PartTags(), constant=True, doc="What its controls belong to")

    def __init__(self, **params):
        self._notice = text("", "rp-notice")
        self._notice.visible = False
        super().__init__(**params)
        scoring = [ScoringView(board=self.attempts)] if self.attempts else []
        self._layout = pn.Column(
            text(element("h3", "Design", class_="rp-unseen"), "rp-unseen-head"),
            *scoring,
            *(part for control in self.bench.part.controls for part in self._control(control)),
            self._notice,
            *([WhatIfView(bench=self.bench)] if self.bench.part.what_ifs else []),
            text(_meanings(self.bench.part), "rp-meanings"),
            button(self.bench.param.restore_start, _back(self.bench), "rp-quiet"),
            *([button(self.bench.param.share, "Copy a link to this design", "rp-quiet")] if self.bench.recorded else []),
            css_classes=["rp-controls"],
            sizing_mode="stretch_width",
        )

    @param.depends("bench.notice", watch=True)
    def _say_what_was_changed(self):
        notice = element("p", self.bench.notice, role="status") if self.bench.notice else ""
        self._notice.update(text=notice, visible=bool(notice))

    def _control(self, control):
        parameters = self.bench.param
        if control.chain:
            return _chain(parameters, control, self.tags)
        if control.choices or control.values:
            return (select(parameters[control.id], control.label, tags=self.tags.draft("bench", control.id)),)
        return (twin(parameters, control, self.tags),)

    def __panel__(self):
        return self._layout


def _chain(parameters, control, tags):
    """Offer the named levels, and every boundary of the chain on its own."""
    words = "Runs as one kernel"
    level, bonds = f"{control.id}_level", f"{control.id}_bonds"
    return (
        select(parameters[level], control.label, tags=tags.draft("bench", level)),
        text(element("span", words, class_="rp-label"), "rp-label-row"),
        pn.widgets.CheckBoxGroup.from_param(
            parameters[bonds],
            css_classes=["rp-bonds"],
            tags=[*tags.draft("bench", bonds), f"rooflab:label:{words}"],
            sizing_mode="stretch_width",
            margin=0,
        ),
    )


def _back(bench):
    if not bench.recorded:
        return "Back to the usual design"
    return "Back to the crisis design" if bench.part.mission is None else "Back to the baseline"


def _meanings(part):
    """Explain controls and gauges where a learner may open it; experts keep a short list."""
    named = [(each.label, each.help) for each in part.controls] + [(each.name, each.help) for each in part.gauges]
    explained = [element("div", element("dt", name), element("dd", words)) for name, words in named if words]
    return folded("What these mean", element("dl", *explained))

