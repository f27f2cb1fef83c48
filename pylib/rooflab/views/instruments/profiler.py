"""Profiler mode: the kernels of one layer to scale, with the gaps between them."""

import panel as pn
import param

from rooflab.units import format_fraction, format_time
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.markup import element, joined
from rooflab.views.widgets import pin_button, text

__all__ = ["ProfilerView"]


class ProfilerView(InstrumentView):
    """A trace that is its own table: one row a kernel, its bar to scale. Empty until it is on."""

    def __init__(self, **params):
        self.trace = text("", "rp-trace")
        self.trace.visible = False
        super().__init__(**params)
        self._layout = pn.Column(
            self.trace,
            pn.Row(
                pin_button(self.bench, "profiler", "Pin the gap share", "Pin"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            css_classes=["rp-card", "rp-profiler"],
            sizing_mode="stretch_width",
        )
        self._switch()

    @param.depends("bench.profiling", watch=True)
    def _switch(self):
        self.trace.visible = self.bench.profiling
        self._draw()

    @redrawn("bench.timeline")
    def _draw(self):
        if self.bench.profiling:
            self.trace.text = _trace(self.bench.timeline())
        elif self.trace.text:
            self.trace.text = ""

    def __panel__(self):
        return self._layout


def _trace(timeline):
    longest = max(range(len(timeline.names)), key=lambda place: timeline.durations_s[place])
    share = float(timeline.durations_s[longest] / timeline.layer_time_s)
    gap_s = float(timeline.gaps_before_s.sum())
    return joined(
        element(
            "h3",
            f"{timeline.subject} takes {format_time(timeline.layer_time_s)} in {_kernels(len(timeline.names))}; "
            f"{timeline.names[longest]} runs for {format_fraction(share)} of it, gaps take {format_fraction(timeline.gap_fraction)}.",
        ),
        element(
            "p",
            f"Modelled, not measured: bars start where the kernel starts. Gaps before kernels are {format_time(gap_s)} in all.",
        ),
        element(
            "div",
            element(
                "table",
                element("caption", "Kernels in the order in which they run", class_="rp-unseen"),
                element(
                    "thead",
                    element(
                        "tr",
                        *(
                            element("th", words, scope="col")
                            for words in ("Kernel", "Timeline", "Runs", "Gap before", "Share")
                        ),
                    ),
                ),
                element("tbody", *(_kernel(timeline, place) for place in range(len(timeline.names)))),
                class_="rp-kernels",
            ),
            class_="rp-scroll",
            tabindex="0",
            role="region",
            aria_label="Kernel timeline",
        ),
    )


def _kernels(count):
    return f"{count} kernel{'s' if count > 1 else ''}"


def _kernel(timeline, place):
    total = timeline.layer_time_s
    start, duration, gap = (
        float(values[place]) for values in (timeline.starts_s, timeline.durations_s, timeline.gaps_before_s)
    )
    return element(
        "tr",
        element("th", timeline.names[place], scope="row"),
        element(
            "td",
            element("i", class_="rp-gap", style=f"left:{(start - gap) / total:.2%};width:{gap / total:.2%}"),
            element("i", class_="rp-run", style=f"left:{start / total:.2%};width:{duration / total:.2%}"),
            class_="rp-lane",
        ),
        element("td", format_time(duration)),
        element("td", format_time(gap)),
        element("td", format_fraction(duration / total)),
    )
