"""The workbench: controls beside the instruments, one design under all of them."""

import panel as pn
import param

from ridgepoint.views.controls import ControlsView
from ridgepoint.views.peek import PeekView
from ridgepoint.views.pins import PinsView
from ridgepoint.views.profiler import ProfilerView
from ridgepoint.views.readings import ReadingsView
from ridgepoint.views.roofline import RooflineView
from ridgepoint.workbench import Pinboard, Workbench

__all__ = ["WorkbenchView"]


class WorkbenchView(pn.viewable.Viewer):
    """All instruments of part 1 over one bench."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    board = param.ClassSelector(class_=Pinboard, constant=True, doc="The readings pinned so far")

    def __init__(self, **params):
        super().__init__(**params)
        self.roofline = RooflineView(bench=self.bench)
        self.readings = ReadingsView(bench=self.bench)
        self.profiler = ProfilerView(bench=self.bench)
        self._layout = pn.Row(
            ControlsView(bench=self.bench),
            pn.Column(
                self.roofline,
                self.readings,
                self.profiler,
                PeekView(bench=self.bench),
                PinsView(board=self.board),
                css_classes=["rp-instruments"],
                sizing_mode="stretch_width",
            ),
            css_classes=["rp-bench"],
            sizing_mode="stretch_width",
        )

    def __panel__(self):
        return self._layout
