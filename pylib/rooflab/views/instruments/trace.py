"""The recording of a loop: frames over time, their distribution, and a good frame beside a bad one."""

import math

import panel as pn
import param

from rooflab.charts.trace import TraceChart
from rooflab.systems.vehicle.evaluate import RARE_SHARE
from rooflab.systems.vehicle.recording import excess_by_stage, loop_trace
from rooflab.units import format_count, format_fraction, format_time
from rooflab.views.markup import element, joined, table
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.widgets import text, toggle
from rooflab.workbench import Workbench

__all__ = ["TraceView", "finding"]

SHARES = (("p50", 0.5), ("p99", 0.99), ("p99.9", RARE_SHARE))


class TraceView(pn.viewable.Viewer):
    """A seeded recording of the design that is shown, as long as it says."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    tabled = param.Boolean(default=False, doc="Whether the table of statistics is open")

    def __init__(self, **params):
        self.head = text("", "rp-head", "rp-live")
        self.compared = text("", "rp-bars")
        self.rows = text("")
        self.rows.visible = False
        self.chart = TraceChart(stylesheets=STYLESHEETS)
        super().__init__(**params)
        self._layout = pn.Column(
            self.head,
            *(pn.pane.Bokeh(each, margin=0, sizing_mode="stretch_width") for each in self.chart.figures),
            self.compared,
            pn.Row(
                toggle(self.param.tabled, "Table of statistics"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.rows,
            css_classes=["rp-card", "rp-recording"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @param.depends("bench.outcome", watch=True)
    def _draw(self):
        outcome, design = self.bench.outcome(), self.bench.design()
        self._trace = trace = loop_trace(self.bench.scenario, design, outcome)
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
            },
        )
        title, detail = finding(outcome, trace)
        self.head.text = joined(element("h3", title, class_="rp-failed" if trace.slow else None), element("p", detail))
        self.compared.text = _compared(trace)
        self._tag(title, detail, trace)
        if self.tabled:
            self._fill_table()

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


def finding(outcome, trace):
    """Say in words and numbers what was recorded, and how much of it the statistics show."""
    count, slow = len(trace.frame_s), len(trace.slow)
    frames = format_count(count)
    deadline = format_time(trace.deadline_s)
    low, high = trace.interval_s(RARE_SHARE)
    reach = f"between {format_time(low)} and {format_time(high)}" if math.isfinite(high) else f"above {format_time(low)}, without an upper bound"
    detail = (
        f"Recorded: mean {format_time(trace.mean_s)}, p50 {format_time(trace.measured_s(0.5))}, p99 "
        f"{format_time(trace.measured_s(0.99))}, p99.9 {format_time(trace.measured_s(RARE_SHARE))}. With {frames} frames "
        f"p99.9 rests on {count * (1 - RARE_SHARE):.0f} of them: it lies {reach} (95%)."
    )
    if not slow:
        return (
            f"No frame of {frames} misses {deadline}; the longest takes {format_time(trace.frame_s.max())}.",
            f"{detail} The chance that a recording of this length holds a slow frame at all is "
            f"{format_fraction(float(outcome.chance_seen_fraction))}.",
        )
    return (
        f"{format_count(slow)} of {frames} frames ({format_fraction(slow / count)}) miss {deadline}; the longest takes "
        f"{format_time(trace.frame_s.max())}.",
        f"{detail} {_arrivals(trace)}",
    )


def _arrivals(trace):
    gaps = trace.gaps_count
    if not len(gaps):
        return "Fewer than two slow frames: their distances say nothing yet."
    return (
        f"From one slow frame to the next: {format_count(gaps.min())} to {format_count(gaps.max())} frames, "
        f"{format_count(gaps.mean())} on average."
    )


def _compared(trace):
    """Lay a good frame beside a bad one, stage by stage, to one scale."""
    if trace.bad is None:
        return element("p", "No slow frame was recorded, so there is none to lay beside a good one.")
    excess = excess_by_stage(trace)
    good, bad = trace.good, trace.bad
    longest = float((trace.running_s + trace.waiting_s)[[good, bad]].max())
    return joined(
        element(
            "h3",
            f"A good frame takes {format_time(trace.frame_s[good])}, a bad one {format_time(trace.frame_s[bad])}: "
            "where is the difference?",
        ),
        element(
            "p",
            f"Frame {format_count(good)} above, frame {format_count(bad)} below, to one scale. The last two columns are means over "
            "all slow frames less those over the others, which one frame only happens to be near.",
        ),
        element(
            "ul",
            element("li", element("i", class_="rp-swatch rp-run", aria_hidden="true"), "running"),
            element("li", element("i", class_="rp-swatch rp-waiting", aria_hidden="true"), "waiting"),
            class_="rp-key",
        ),
        element(
            "div",
            element(
                "table",
                element("caption", "A good and a bad frame by stage", class_="rp-unseen"),
                element(
                    "thead",
                    element(
                        "tr",
                        *(
                            element("th", words, scope="col")
                            for words in ("Stage", "Good and bad", "Good", "Bad", "More running", "More waiting")
                        ),
                    ),
                ),
                element("tbody", *(_stage(trace, excess, at, longest) for at in range(len(trace.names)))),
                class_="rp-kernels rp-frames",
            ),
            class_="rp-scroll",
            tabindex="0",
            role="region",
            aria_label="A good and a bad frame by stage",
        ),
    )


def _stage(trace, excess, at, longest):
    times = [(float(trace.running_s[frame, at]), float(trace.waiting_s[frame, at])) for frame in (trace.good, trace.bad)]
    more = ("–", "–") if excess is None else (_more(excess.running_s[at]), _more(excess.waiting_s[at]))
    return element(
        "tr",
        element("th", trace.names[at], scope="row"),
        element("td", *(_bar(class_, *each, longest) for class_, each in zip(("rp-good", "rp-bad"), times, strict=True)), class_="rp-lane"),
        *(element("td", format_time(running + waiting)) for running, waiting in times),
        *(element("td", each) for each in more),
    )


def _bar(class_, running, waiting, longest):
    return joined(
        element("i", class_=f"rp-run {class_}", style=f"left:0;width:{running / longest:.2%}"),
        element("i", class_=f"rp-gap {class_}", style=f"left:{running / longest:.2%};width:{waiting / longest:.2%}"),
    )


def _more(time_s):
    """Write a difference; what is less than a hundredth of a millisecond is noise."""
    return format_time(time_s) if abs(time_s) >= 1e-5 else "noise"


def _statistics(trace, outcome):
    exact = {"p50": outcome.p50_s, "p99": outcome.p99_s, "p99.9": outcome.p999_s}
    rows = [("Mean", format_time(trace.mean_s), "–", format_time(outcome.mean_frame_s))]
    for name, share in SHARES:
        low, high = trace.interval_s(share)
        reach = f"{format_time(low)} to {format_time(high) if math.isfinite(high) else 'no bound'}"
        rows.append((name, format_time(trace.measured_s(share)), reach, format_time(exact[name])))
    missed = len(trace.slow) / len(trace.frame_s)
    rows.append(("Over the deadline", format_fraction(missed), "–", format_fraction(float(outcome.miss_fraction))))
    return table(
        f"Statistics of {format_count(len(trace.frame_s))} recorded frames, and what an endless recording would give",
        ("Statistic", "Recorded", "95% of recordings", "In the long run"),
        rows,
    )
