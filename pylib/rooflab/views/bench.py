"""The workbench: controls, roofline and verdict always in sight, and of the other instruments one at a time."""

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
from rooflab.views.instruments.stopped import StoppedView
from rooflab.views.instruments.trace import TraceView
from rooflab.views.instruments.traffic import TrafficView
from rooflab.views.instruments.trail import TrailView
from rooflab.views.instruments.verdict import VerdictView
from rooflab.views.tags import PartTags
from rooflab.workbench import Workbench

__all__ = ["ALWAYS_IN_SIGHT", "VIEWS", "Bench", "PanelView"]

VIEWS = {
    "trace": TraceView,
    "roofline": RooflineView,
    "heat": HeatView,
    "matrix": MatrixView,
    "trail": TrailView,
    "verdict": VerdictView,
    "readings": ReadingsView,
    "traffic": TrafficView,
    "memory": MemoryView,
    "gains": OptimizationWaterfall,
    "profiler": ProfilerView,
    "peek": PeekView,
}
"""The view of each instrument, by its id."""

ALWAYS_IN_SIGHT = ("roofline", "verdict")
FOLLOWS_UNSEEN = ("trail",)
"""Notes every move, so it is there from the start."""


class PanelView(pn.viewable.Viewer):
    """One instrument at a time: built when it is first looked at, and redrawn when it is looked at again."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    looked_at = param.Selector(default=None, doc="Id of the instrument that is open; None while another tab is")

    def __init__(self, **params):
        super().__init__(**params)
        self.offered = [each for each in instruments_of(self.bench.part) if each.id not in ALWAYS_IN_SIGHT]
        self.param.looked_at.objects = {"None": None, **{each.title: each.id for each in self.offered}}
        self.views = {}
        self._layout = pn.Column(css_classes=["rp-instruments"], sizing_mode="stretch_width")
        for each in self.offered:
            if each.id in FOLLOWS_UNSEEN:
                self._put_up(each.id, in_sight=False)
        self._show()
        self._grey()

    def look_at(self, name):
        """Open an instrument by its id; any other name closes what is open."""
        self.looked_at = name if any(each.id == name for each in self.offered) else None

    @param.depends("looked_at", watch=True)
    def _show(self):
        opened = self.looked_at
        self.bench.param.update(
            profiling=self.bench.profiling or opened == "profiler", peeking=self.bench.peeking or opened == "peek"
        )
        if opened is not None and opened not in self.views:
            self._put_up(opened, in_sight=True)
        for name, (view, layout) in self.views.items():
            view.in_sight = layout.visible = name == opened

    def _put_up(self, name, *, in_sight):
        view = VIEWS[name](bench=self.bench, in_sight=in_sight)
        layout = view.__panel__()
        layout.visible = in_sight
        layout.css_classes = [*layout.css_classes, f"rp-instrument-{name}"]
        self.views[name] = view, layout
        self._layout.append(layout)

    @param.depends("bench.outcome", watch=True)
    def _grey(self):
        grey(self._layout, self.bench)

    def __panel__(self):
        return self._layout


def grey(layout, bench, *own):
    """Grey what a design which cannot run is not graded on; `own` are the other classes that the layout has."""
    classes = ["rp-instruments", *own] if bench.outcome().runs else ["rp-instruments", *own, "rp-void"]
    if layout.css_classes != classes:
        layout.css_classes = classes


class Bench:
    """The pieces of the bench, each for a place of its own on the page."""

    def __init__(self, bench, *, attempts=None, tags=PartTags()):
        self.controls = ControlsView(bench=bench, attempts=attempts, tags=tags)
        self.stopped = StoppedView(bench=bench)
        self.roofline = RooflineView(bench=bench)
        self.verdict = VerdictView(bench=bench)
        self.panel = PanelView(bench=bench)
        self.charted = pn.Column(self.roofline, css_classes=["rp-instruments"], sizing_mode="stretch_both")
        bench.param.watch(lambda _event: grey(self.charted, bench, "rp-charted"), "current")
        grey(self.charted, bench, "rp-charted")
