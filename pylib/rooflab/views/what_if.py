"""What if: rates and shares that are supposed beside the design, and one button that ends it."""

import panel as pn
import param

from rooflab.views.markup import element, joined
from rooflab.views.twins import twin
from rooflab.views.widgets import button, select, text
from rooflab.workbench import Workbench

__all__ = ["WhatIfView"]


class WhatIfView(pn.viewable.Viewer):
    """Controls that belong to no design: what they suppose is shown, and never scored, pinned or shared."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")

    def __init__(self, **params):
        super().__init__(**params)
        part = self.bench.part
        self._reset = button(self.bench.param.stop_supposing, "Suppose nothing", "rp-quiet")
        self._layout = pn.Column(
            text(joined(element("h4", "What if"), element("p", _words(self.bench), class_="rp-note")), "rp-head"),
            *(self._control(each) for each in part.what_ifs),
            self._reset,
            css_classes=["rp-what-if"],
            sizing_mode="stretch_width",
        )
        self._show()

    @param.depends("bench.scenario", watch=True)
    def _show(self):
        self._reset.visible = bool(self.bench.what_if.words)

    def _control(self, control):
        parameters = self.bench.param
        return select(parameters[control.id], control.label) if control.choices else twin(parameters, control)

    def __panel__(self):
        return self._layout


def _words(bench):
    part = bench.part
    assumed = f"Assumed: {part.assumed(bench.real)}. " if part.assumed else ""
    return f"{assumed}Nothing supposed is pinned, scored or shared."
