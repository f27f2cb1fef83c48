"""The recording of a loop: frames over time, their distribution, and what one run says of the long run."""

import math

import panel as pn
import param

from rooflab.charts.trace import TraceChart
from rooflab.systems.vehicle.evaluate import RARE_SHARE
from rooflab.systems.vehicle.recording import loop_trace
from rooflab.units import format_count, format_fraction, format_time
from rooflab.views.instruments.frames import FramesView, ladder_words
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.markup import element, joined, table
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.widgets import button, text, toggle

__all__ = ["TraceView", "finding"]

SHARES = (("p50", 0.5), ("p99", 0.99), ("p99.9", RARE_SHARE))


class TraceView(InstrumentView):
    """A seeded recording of the design that is shown, as long as it says."""

    tabled = param.Boolean(default=False, doc="Whether the table of statistics is open")

    def __init__(self, **params):
        self.head = text("", "rp-head", "rp-live")
        self.ladder = text("", "rp-bars")
        self.rows = text("")
        self.rows.visible = False
        self.chart = TraceChart(stylesheets=STYLESHEETS)
        super().__init__(**params)
        self.frames = FramesView(bench=self.bench)
        self.chart.slow.selected.on_change("indices", self._tap)
        over_time, *others = self.chart.figures
        self._recorded = pn.Column(
            self.ladder,
            over_time,
            self.frames,
            *others,
            pn.Row(
                button(self.bench.param.record_again, "Record again"),
                toggle(self.param.tabled, "Statistics"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.rows,
            css_classes=["rp-instruments"],
            sizing_mode="stretch_width",
        )
        self._layout = pn.Column(
            self.head,
            self._recorded,
            css_classes=["rp-card", "rp-recording"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @redrawn("bench.outcome", "bench.recording")
    def _draw(self):
        hidden = self.bench.hides("p999_s")
        self._recorded.visible = not hidden
        if hidden:
            self.head.text = element("h3", "A recording shows p99.9: it is made when you score this design.")
            return
        outcome, design = self.bench.outcome(), self.bench.design()
        self._trace = trace = loop_trace(self.bench.scenario, design, outcome, recording=self.bench.recording)
        self.chart.show(
            frame_s=trace.frame_s,
            slow=trace.slow,
            gaps_count=trace.gaps_count,
            deadline_s=trace.deadline_s,
            marks_s={
                "mean": trace.mean_s,
                "p50": trace.measured_s(0.5),
                "p99": trace.measured_s(0.99),
                "p999": trace.measured_s(RARE_SHARE),
                "long_run": float(outcome.p999_s),
            },
            reach_s=trace.interval_s(RARE_SHARE),
        )
        title, detail = finding(outcome, trace, self.bench.recording)
        self.head.text = joined(element("h3", title, class_="rp-failed" if trace.slow else None), element("p", detail))
        self._show_ladder()
        self.frames.show(trace, self.chart.frames_drawn)
        self._ring()
        self._tag(title, detail, trace)
        if self.tabled:
            self._fill_table()

    @param.depends("bench.profiling", watch=True)
    def _show_ladder(self):
        words = ladder_words(self.bench)
        if words != self.ladder.text:
            self.ladder.text = words

    @param.depends("bench.frame", watch=True)
    def _ring(self):
        if self.bench.frame is None or self.bench.frame in self.chart.frames_drawn:
            self.chart.ring(self.bench.frame)

    def _tap(self, _attribute, _before, places):
        """Pick the tapped frame; of several under one finger the one after the picked one. Beside them nothing changes."""
        hit = [self.chart.frames_drawn[each] for each in places]
        picked = self.bench.frame
        if not hit:
            self._ring()
        elif picked in hit:
            self.bench.frame = hit[(hit.index(picked) + 1) % len(hit)]
        else:
            self.bench.frame = hit[0]

    def _tag(self, title, detail, trace):
        self.chart.over_time.tags = [f"rooflab:alt:Frame time over the recording. {title}"]
        self.chart.histogram.tags = [f"rooflab:alt:How many frames take how long. {detail}"]
        self.chart.arrivals.tags = [f"rooflab:alt:Distances between slow frames. {_arrivals(trace)}"]

    @param.depends("tabled", watch=True)
    def _fill_table(self):
        self.rows.update(
            text=_statistics(self._trace, self.bench.outcome()) if self.tabled else "", visible=self.tabled
        )

    def __panel__(self):
        return self._layout


def finding(outcome, trace, recording=1):
    """Say in words and numbers what was recorded, and how much of it the statistics show."""
    count, slow = len(trace.frame_s), len(trace.slow)
    frames = format_count(count)
    deadline = format_time(trace.deadline_s)
    detail = (
        f"Recording {recording}: p99.9 {format_time(trace.measured_s(RARE_SHARE))}, from {count * (1 - RARE_SHARE):.0f} frames. "
        f"{_reach(outcome, trace)}"
    )
    if not slow:
        return (
            f"No frame of {frames} misses {deadline}; the longest takes {format_time(trace.frame_s.max())}.",
            f"{detail} Chance of a slow frame in so long a recording: "
            f"{format_fraction(float(outcome.chance_seen_fraction))}.",
        )
    return (
        f"{format_count(slow)} of {frames} frames ({format_fraction(slow / count)}) miss {deadline}; the longest takes "
        f"{format_time(trace.frame_s.max())}.",
        f"{detail} {_arrivals(trace)}",
    )


def _reach(outcome, trace):
    """Say between what p99.9 is, and whether this recording is one of those that miss the long run."""
    low, high = trace.interval_s(RARE_SHARE)
    between = f"{format_time(low)} to {format_time(high)}" if math.isfinite(high) else f"above {format_time(low)}, no upper bound"
    exact = float(outcome.p999_s)
    words = f"95% interval: {between}; in the long run p99.9 is {format_time(exact)}"
    if _holds(low, exact, high):
        return f"{words}."
    return f"{words}, outside it: this is one of the few recordings, 1 in 20, that miss. One run is not a measurement: record again."


def _holds(low, exact, high):
    """Say whether an interval holds a value, or ends in one that is written alike."""
    return low <= exact <= high or format_time(exact) in (format_time(low), format_time(high))


def _arrivals(trace):
    gaps = trace.gaps_count
    if not len(gaps):
        return "Fewer than two slow frames: their distances say nothing yet."
    return (
        f"From one slow frame to the next: {format_count(gaps.min())} to {format_count(gaps.max())} frames, "
        f"{format_count(gaps.mean())} on average."
    )


def _statistics(trace, outcome):
    exact = {"p50": outcome.p50_s, "p99": outcome.p99_s, "p99.9": outcome.p999_s}
    rows = [("Mean", format_time(trace.mean_s), "–", format_time(outcome.mean_frame_s), "–")]
    for name, share in SHARES:
        low, high = trace.interval_s(share)
        reach = f"{format_time(low)} to {format_time(high) if math.isfinite(high) else 'no bound'}"
        holds = "yes" if _holds(low, float(exact[name]), high) else "no"
        rows.append((name, format_time(trace.measured_s(share)), reach, format_time(exact[name]), holds))
    missed = len(trace.slow) / len(trace.frame_s)
    rows.append(("Over the deadline", format_fraction(missed), "–", format_fraction(float(outcome.miss_fraction)), "–"))
    return table(
        f"Statistics of {format_count(len(trace.frame_s))} recorded frames, and what an endless recording would give (to about 1%)",
        ("Statistic", "Recorded", "95% interval", "In the long run", "In the interval"),
        rows,
    )
