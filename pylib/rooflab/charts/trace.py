"""TraceChart: frame times in the order recorded, how often each occurs, and how far apart the slow ones are."""

import numpy as np
from bokeh.core.properties import without_property_validation
from bokeh.models import BoxAnnotation, ColumnDataSource, FixedTicker, HoverTool, Label, Range1d, Span, TapTool

from rooflab.charts.theme import LIMIT, MACHINE, QUIET, log_ticks, plain_figure
from rooflab.units import format_count

__all__ = ["TraceChart", "binned"]

BINS = 400
"""Bars along a recording: what a narrow screen can tell apart. The slow frames are drawn one by one."""

MOST_DOTS = 500
TARGET_PX = 24
"""Diameter in which a slow frame can be hit, with a finger too."""

LATE = 0.75
TIMES_MS = (1.0, 1000.0)
TIME_TICKS = {1: "1", 2: "2", 5: "5", 10: "10", 20: "20", 50: "50", 100: "100", 200: "200", 500: "500"}
COUNT_TICKS = {10.0**power: format_count(10.0**power) for power in range(6)}
GAP_BINS = 24
MARKS = {
    "mean": ("mean", QUIET, "dashed"),
    "p50": ("p50", MACHINE, "dotted"),
    "p99": ("p99", MACHINE, "dashed"),
    "p999": ("p99.9", MACHINE, "solid"),
    "long_run": ("p99.9 in the long run", QUIET, "solid"),
}
"""Name, colour and dash of each statistic in the histogram."""


class TraceChart:
    """Three figures; `source.data` is replaced, the figures stay. Times are in milliseconds.

    A slow frame that is tapped is in `slow.selected.indices`; `ring` has a circle about the picked one.
    """

    def __init__(self, *, stylesheets=()):
        self.band = ColumnDataSource({name: [] for name in ("frame", "low", "high")})
        self.slow = ColumnDataSource({name: [] for name in ("frame", "time")})
        self.ringed = ColumnDataSource({name: [] for name in ("frame", "time")})
        self.bars = ColumnDataSource({name: [] for name in ("left", "right", "count", "colour")})
        self.marks = ColumnDataSource({name: [] for name in ("time", "colour", "dash")})
        self.gaps = ColumnDataSource({name: [] for name in ("left", "right", "count")})
        self.frames = Range1d(0, 1000)
        self.times = Range1d(*TIMES_MS)
        self.counts = Range1d(0.5, 1e4)
        self.distances = Range1d(0, 1000)
        self.repeats = Range1d(0, 10)
        self.over_time = self._figure(stylesheets, 230, "Frame", "Frame time (ms)", self.frames, self.times, y_axis_type="log")
        self.histogram = self._figure(
            stylesheets, 230, "Frame time (ms)", "Frames", self.times, self.counts, x_axis_type="log", y_axis_type="log"
        )
        self.arrivals = self._figure(
            stylesheets, 150, "Frames between slow frames", "Times seen", self.distances, self.repeats
        )
        log_ticks(self.over_time.yaxis[0], TIME_TICKS)
        log_ticks(self.histogram.xaxis[0], TIME_TICKS)
        log_ticks(self.histogram.yaxis[0], COUNT_TICKS)
        self._add_frames()
        self._add_histogram()
        self._add_arrivals()

    @property
    def figures(self):
        """All figures, from the top."""
        return (self.over_time, self.histogram, self.arrivals)

    @staticmethod
    def _figure(stylesheets, height, x_label, y_label, x_range, y_range, **options):
        return plain_figure(
            height=height,
            x_label=x_label,
            y_label=y_label,
            stylesheets=stylesheets,
            x_range=x_range,
            y_range=y_range,
            **options,
        )

    def _add_frames(self):
        plot = self.over_time
        plot.varea(x="frame", y1="low", y2="high", source=self.band, fill_color=MACHINE, fill_alpha=0.55)
        dots = plot.scatter("frame", "time", source=self.slow, marker="triangle", size=7, color=LIMIT, fill_alpha=0.7)
        self.deadline = Span(dimension="width", location=10, line_color=LIMIT, line_width=2)
        self.deadline_label = Label(
            x=0, y=10, text="", text_font_size="12px", text_font_style="bold", x_offset=6, y_offset=3
        )
        plot.add_layout(self.deadline)
        plot.add_layout(self.deadline_label)
        targets = plot.scatter("frame", "time", source=self.slow, size=TARGET_PX, alpha=0)
        plot.scatter("frame", "time", source=self.ringed, size=TARGET_PX - 4, fill_color=None, line_color=MACHINE, line_width=3)
        dots.nonselection_glyph = targets.nonselection_glyph = None  # the ring says which is picked
        plot.add_tools(
            HoverTool(renderers=[dots], tooltips=[("frame", "@frame{0}"), ("time", "@time{0.0} ms")]),
            TapTool(renderers=[targets]),
        )

    def _add_histogram(self):
        plot = self.histogram
        bars = plot.quad(
            left="left", right="right", bottom=0.5, top="count", source=self.bars, fill_color="colour", line_color=None
        )
        self.limit = Span(dimension="height", location=10, line_color=LIMIT, line_width=2)
        plot.add_layout(self.limit)
        self.reach = BoxAnnotation(fill_color=MACHINE, fill_alpha=0.12, hatch_pattern="vertical_line", hatch_color=MACHINE, hatch_alpha=0.25)
        plot.add_layout(self.reach)
        plot.vspan(x="time", source=self.marks, line_color="colour", line_dash="dash", line_width=2)
        self.mark_labels = {}
        for row, (name, (words, _, _)) in enumerate(MARKS.items()):
            self.mark_labels[name] = Label(
                x=1, y=1, text=words, text_font_size="12px", text_baseline="top", x_offset=4, y_offset=-2 - 14 * row
            )
            plot.add_layout(self.mark_labels[name])
        plot.add_tools(
            HoverTool(renderers=[bars], tooltips=[("time", "@left{0.0} to @right{0.0} ms"), ("frames", "@count{0}")])
        )

    def _add_arrivals(self):
        bars = self.arrivals.quad(
            left="left", right="right", bottom=0, top="count", source=self.gaps, fill_color=LIMIT, line_color=None, fill_alpha=0.8
        )
        self.arrivals.yaxis[0].ticker = FixedTicker(ticks=[0, 5, 10])
        self.arrivals.add_tools(
            HoverTool(renderers=[bars], tooltips=[("distance", "@left{0} to @right{0} frames"), ("times", "@count{0}")])
        )

    @without_property_validation
    def show(self, *, frame_s, slow, gaps_count, deadline_s, marks_s, reach_s):
        """Draw a recording; `slow` are the places of frames over the deadline, `marks_s` statistics by name.

        `reach_s` is the interval in which p99.9 lies; inf where it has no upper end.
        """
        times = 1e3 * np.asarray(frame_s)
        deadline = 1e3 * deadline_s
        low, high = float(times.min()), float(times.max())
        self.times.update(start=max(0.9 * min(low, deadline), TIMES_MS[0]), end=min(1.25 * max(high, 1.5 * deadline), TIMES_MS[1]))
        self._show_frames(times, np.asarray(slow, dtype=int), deadline)
        self._show_histogram(times, deadline, {name: 1e3 * value for name, value in marks_s.items()})
        low, high = (1e3 * each for each in reach_s)
        self.reach.update(left=low, right=min(high, self.times.end))
        self._show_arrivals(np.asarray(gaps_count))

    def _show_frames(self, times, slow, deadline):
        self.frames.update(start=0, end=len(times))
        self.band.data = binned(times, BINS)
        shown = slow if len(slow) <= MOST_DOTS else np.sort(slow[np.argsort(times[slow])[-MOST_DOTS:]])
        self.slow.data = {"frame": shown, "time": times[shown]}
        self.deadline.location = deadline
        self.deadline_label.update(y=deadline, text=f"Deadline {deadline:g} ms")

    @without_property_validation
    def ring(self, frame):
        """Put the ring about a slow frame that is drawn, or about none; the page's choice is the same."""
        at = [] if frame is None else [self.frames_drawn.index(frame)]
        ringed = {name: [float(self.slow.data[name][each]) for each in at] for name in ("frame", "time")}
        if ringed != self.ringed.data:
            self.ringed.data = ringed
        self.slow.selected.indices = at

    @property
    def frames_drawn(self):
        """The slow frames that have a triangle, in order."""
        return [int(each) for each in self.slow.data["frame"]]

    def _show_histogram(self, times, deadline, marks):
        # An edge of the bins lies on the deadline, so that no bar is on both sides of it.
        step = 0.02
        first = int(np.floor(np.log10(times.min() / deadline) / step))
        last = int(np.ceil(np.log10(times.max() / deadline) / step)) + 1
        edges = deadline * 10 ** (step * np.arange(first, last + 1))
        counts, _ = np.histogram(times, edges)
        held = counts > 0
        self.bars.data = {
            "left": edges[:-1][held],
            "right": edges[1:][held],
            "count": counts[held],
            "colour": [LIMIT if edge >= 0.999 * deadline else MACHINE for edge in edges[:-1][held].tolist()],
        }
        top = 10.0 * len(times)  # room for the names of the marks, and one scale for all recordings of a length
        self.counts.update(end=top)
        self.limit.location = deadline
        colours, dashes = zip(*(MARKS[name][1:] for name in marks), strict=True)
        self.marks.data = {"time": list(marks.values()), "colour": list(colours), "dash": list(dashes)}
        low, high = np.log(self.times.start), np.log(self.times.end)
        for name, value in marks.items():
            # Near the right end a name stands left of its mark, where there is room.
            late = (np.log(value) - low) / (high - low) > LATE
            side = {"text_align": "right", "x_offset": -4} if late else {"text_align": "left", "x_offset": 4}
            self.mark_labels[name].update(x=value, y=top, **side)

    def _show_arrivals(self, gaps):
        if not len(gaps):
            self.gaps.data = {"left": [], "right": [], "count": []}
            return
        counts, edges = np.histogram(gaps, GAP_BINS, range=(0, 1.1 * float(gaps.max())))
        held = counts > 0
        self.gaps.data = {"left": edges[:-1][held], "right": edges[1:][held], "count": counts[held]}
        most = int(counts.max())
        self.distances.update(start=0, end=float(edges[-1]))
        self.repeats.update(start=0, end=1.15 * most)
        step = max(-(-most // 4), 1)
        self.arrivals.yaxis[0].ticker.ticks = list(range(0, most + step, step))


def binned(times, bins):
    """Return the shortest and the longest of neighbouring frames, in at most so many groups.

    >>> binned(np.array([1.0, 3.0, 2.0, 4.0]), 2)["high"].tolist()
    [3.0, 4.0]
    """
    size = -(-len(times) // bins)
    starts = np.arange(0, len(times), size)
    return {
        "frame": starts + size / 2,
        "low": np.minimum.reduceat(times, starts),
        "high": np.maximum.reduceat(times, starts),
    }
