"""One slow frame of a recording, picked in the chart or from a list, and what a trace says of it."""

import panel as pn
import param

from rooflab.charts.frames import FramesChart
from rooflab.lab.instruments import TRACE_RUNNING, TRACE_WAITING
from rooflab.systems.vehicle.recording import compare_frames
from rooflab.systems.vehicle.stages import STAGE_NAMES
from rooflab.units import format_count, format_fraction, format_time
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.widgets import pin_button, plain_select, select, text
from rooflab.workbench import Workbench

__all__ = ["FramesView", "ladder_words", "picked_words"]

MOST_LISTED = 20
NONE = "none"
KEY = "Upper bars: the typical frame. Lower bars: the picked one. Solid: running. Hatched: waiting. Dashed outline: what is longer."


class FramesView(pn.viewable.Viewer):
    """The list of the slowest frames; with tracing on, the picked one beside the typical one, stage by stage."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")

    def __init__(self, **params):
        super().__init__(**params)
        self._trace = None
        self.list = plain_select("Slow frame, the longest first", self._choose)
        self.said = text("", "rp-bars")
        self.rows = text("")
        self.chart = FramesChart(stages=STAGE_NAMES, stylesheets=STYLESHEETS)
        self._traced = pn.Column(
            self.chart.figure,
            self.rows,
            *self._pins(),
            visible=False,
            margin=0,
            sizing_mode="stretch_width",
        )
        self._layout = pn.Column(self.list, self.said, self._traced, margin=0, sizing_mode="stretch_width")

    def _pins(self):
        """Return the choice of a stage and the buttons that pin its difference, where the part can trace."""
        if not _can_trace(self.bench):
            return []
        pins = (
            pin_button(self.bench, TRACE_WAITING, "Pin its extra waiting", "Pin waiting"),
            pin_button(self.bench, TRACE_RUNNING, "Pin its extra running", "Pin running"),
        )
        return [
            select(self.bench.param.layer, "Stage"),
            pn.Row(*pins, css_classes=["rp-actions"], margin=(8, 0), sizing_mode="stretch_width"),
        ]

    def show(self, trace, drawn):
        """Offer the slow frames of a recording; a picked frame stays picked if it is still slow and `drawn`."""
        self._trace = trace
        if self.bench.frame is not None and self.bench.frame not in drawn:
            self.bench.frame = None  # which draws
        else:
            self._draw()

    @param.depends("bench.frame", watch=True)
    def _draw(self):
        if self._trace is None:
            return
        frame, trace = self.bench.frame, self._trace
        self._offer(frame)
        compared = None if frame is None else compare_frames(trace, frame)
        traced = compared is not None and self.bench.design().profiler == "on"
        self.said.text = picked_words(self.bench, trace, compared)
        if traced:
            self.chart.show(compared)
            self.chart.figure.tags = [f"rooflab:alt:A typical and a picked frame, stage by stage. {_difference(compared)}"]
            self.rows.text = _stages(compared)
        elif self.rows.text:
            self.chart.clear()
            self.chart.figure.tags = []
            self.rows.text = ""
        if self._traced.visible != traced:
            self._traced.visible = traced

    def _offer(self, frame):
        """List the longest frames, and the picked one even if it is none of them."""
        listed = self._trace.slowest(MOST_LISTED)
        if frame is not None and frame not in listed:
            listed = (*listed, frame)
        offered = [(str(each), f"Frame {format_count(each)}: {format_time(self._trace.frame_s[each])}") for each in listed]
        self.list.update(options=[(NONE, "No frame"), *offered], value=NONE if frame is None else str(frame))

    def _choose(self, value):
        self.bench.frame = None if value == NONE else int(value)

    def __panel__(self):
        return self._layout


def _can_trace(bench):
    return "profiler" in bench.controls


def ladder_words(bench):
    """Say which levels of profiling there are, which one is on, what each shows and what it costs."""
    traced = bench.design().profiler == "on"
    constants = bench.scenario.calibration
    price = constants.source_of("observer_fraction").beside(f"{format_fraction(constants.observer_fraction)} to every stage")
    rungs = [
        ("Application level", not traced, "the time of each frame, nothing inside it. Adds nothing."),
        ("Trace level", traced, f"each stage of a picked frame, running and waiting apart. Adds {price}."),
        ("Kernel level", bench.profiling, "the kernels of one block, in profiler mode below. Computed by the model: adds nothing here."),
    ]
    levels = element(
        "ul",
        *(
            element("li", element("strong", f"{name}{', on' if on else ''}: "), words)
            for name, on, words in rungs
            if _can_trace(bench) or name != "Trace level"
        ),
        class_="rp-ladder",
    )
    return folded(f"Profiling: {'trace' if traced else 'application'} level", levels)


def picked_words(bench, trace, compared):
    """Say what is known of the picked frame at the level of profiling that is on."""
    if compared is None:
        hint = "Pick one: click a triangle, or choose from the list." if trace.slow else "No slow frame: none to pick."
        return element("p", hint)
    if bench.design().profiler == "on":
        return joined(element("h3", _difference(compared)), element("p", KEY))
    picked = f"Frame {format_count(compared.picked.frame)} takes {format_time(compared.picked.time_s)}"
    usual = f"the typical frame {format_time(compared.typical.time_s)}."
    way = "Time stamps say no more. Turn the tracing profiler on to see inside." if _can_trace(bench) else "Time stamps say no more."
    return joined(element("h3", f"{picked}, {usual}"), element("p", way))


def _difference(compared):
    """Name the stages that make a picked frame longer, and whether they run or wait."""
    picked, typical = compared.picked, compared.typical
    words = (
        f"Frame {format_count(picked.frame)} takes {format_time(picked.time_s)}, typical frame {format_count(typical.frame)} "
        f"{format_time(typical.time_s)}: {_more(compared.more_s)}."
    )
    listed = "; ".join(f"{compared.names[at]} {_longer(compared, at)}" for at in compared.longer)
    if compared.has_spike:
        return f"{words} {listed}."
    return f"{words} It has no spike, only ordinary scatter: pick a longer one."


def _longer(compared, at):
    """Say whether a stage waits or runs longer; a difference of less than a tenth of the frame's is scatter."""
    parts = (("waits", compared.more_waiting_s[at]), ("runs", compared.more_running_s[at]))
    return " and ".join(f"{does} {_more(more_s)}" for does, more_s in parts if abs(more_s) >= compared.more_s / 10)


def _more(time_s):
    return f"{format_time(abs(time_s))} {'longer' if time_s >= 0 else 'less'}"


def _stages(compared):
    rows = [
        (
            f"{name}, longer" if at in compared.longer else name,
            f"{_ms(compared.typical.waiting_s[at])} + {_ms(compared.typical.running_s[at])}",
            f"{_ms(compared.picked.waiting_s[at])} + {_ms(compared.picked.running_s[at])}",
            _ms(compared.more_waiting_s[at]),
            _ms(compared.more_running_s[at]),
        )
        for at, name in enumerate(compared.names)
    ]
    whole = (compared.typical.time_s, compared.picked.time_s, compared.more_waiting_s.sum(), compared.more_running_s.sum())
    return table(
        f"Frame {format_count(compared.picked.frame)} beside typical frame {format_count(compared.typical.frame)}, in ms",
        ("Stage", "Typical: waits + runs", "Picked: waits + runs", "Waits longer by", "Runs longer by"),
        [*rows, ("Frame", *map(_ms, whole))],
    )


def _ms(time_s):
    """Write a time in milliseconds, to the hundredth.

    >>> _ms(0.05578), _ms(-1e-6)
    ('55.78', '0.00')
    """
    return f"{round(1e3 * float(time_s), 2) + 0.0:.2f}"
