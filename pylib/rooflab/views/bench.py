"""The workbench: controls beside the instruments, one design under all of them."""

import panel as pn
import param

from rooflab.lab.instruments import instruments_of
from rooflab.views.controls import ControlsView
from rooflab.views.instruments.gains import OptimizationWaterfall
from rooflab.views.instruments.heat import HeatView
from rooflab.views.instruments.matrix import MatrixView
from rooflab.views.instruments.memory import MemoryView
from rooflab.views.instruments.peek import PeekView
from rooflab.views.instruments.profiler import ProfilerView
from rooflab.views.instruments.readings import ReadingsView
from rooflab.views.instruments.roofline import RooflineView
from rooflab.views.instruments.trace import TraceView
from rooflab.views.instruments.traffic import TrafficView
from rooflab.views.instruments.trail import TrailView
from rooflab.views.steps.pins import PinsView
from rooflab.views.tags import PartTags
from rooflab.workbench import Pinboard, Workbench
from rooflab.workbench.boards import AttemptsBoard

__all__ = ["VIEWS", "WorkbenchView"]

VIEWS = {
    "trace": TraceView,
    "roofline": RooflineView,
    "heat": HeatView,
    "matrix": MatrixView,
    "trail": TrailView,
    "readings": ReadingsView,
    "traffic": TrafficView,
    "memory": MemoryView,
    "gains": OptimizationWaterfall,
    "profiler": ProfilerView,
    "peek": PeekView,
}
"""The view of each instrument, by its id."""


class WorkbenchView(pn.viewable.Viewer):
    """All instruments of a part over one bench."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    board = param.ClassSelector(class_=Pinboard, allow_None=True, constant=True, doc="The readings pinned so far, if any can be")
    attempts = param.ClassSelector(class_=AttemptsBoard, allow_None=True, constant=True, doc="The mission's attempts, if any")
    tags = param.ClassSelector(class_=PartTags, default=PartTags(), constant=True, doc="What its controls belong to")

    def __init__(self, **params):
        super().__init__(**params)
        self.instruments = {each.id: VIEWS[each.id](bench=self.bench) for each in instruments_of(self.bench.part)}
        self._layout = pn.Row(
            ControlsView(bench=self.bench, attempts=self.attempts, tags=self.tags),
            pn.Column(
                *self.instruments.values(),
                *([PinsView(board=self.board, controls=self.bench.part.controls)] if self.board else []),
                css_classes=["rp-instruments"],
                sizing_mode="stretch_width",
            ),
            css_classes=["rp-bench"],
            sizing_mode="stretch_width",
        )

    def __panel__(self):
        return self._layout
