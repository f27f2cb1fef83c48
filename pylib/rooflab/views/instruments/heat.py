"""Heat: where the watts go, how warm the skin gets, and what the governor takes away."""

import math

import panel as pn
import param

from rooflab.charts.heat import SECONDS_PER_MINUTE, HeatChart
from rooflab.systems.glasses.heat import SHOWN_S, heat_trace
from rooflab.units import format_fraction, format_quantity
from rooflab.views.markup import element, joined, table
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.widgets import pin_button, text, toggle
from rooflab.workbench import Workbench

__all__ = ["HeatView", "finding"]

CAUSES = (
    ("idle_power_w", "rp-part-4", "display, camera, radio and system"),
    ("memory_power_w", "rp-part-0", "memory traffic"),
    ("arithmetic_power_w", "rp-part-1", "arithmetic"),
    ("static_power_w", "rp-part-3", "leakage while awake"),
)
TABLE_EVERY = 24  # samples: one row in two minutes


class HeatView(pn.viewable.Viewer):
    """Watts by cause, and temperature and frame rate over time, of the design that is shown."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    tabled = param.Boolean(default=False, doc="Whether the table over time is open")

    def __init__(self, **params):
        self.head = text("", "rp-head", "rp-live")
        self.watts = text("", "rp-gauges")
        self.rows = text("")
        self.rows.visible = False
        self.chart = HeatChart(minutes=SHOWN_S / SECONDS_PER_MINUTE, stylesheets=STYLESHEETS)
        super().__init__(**params)
        self._layout = pn.Column(
            self.head,
            self.watts,
            *(pn.pane.Bokeh(each, margin=0, sizing_mode="stretch_width") for each in self.chart.figures),
            pn.Row(
                pin_button(self.bench, "heat", "Pin the power against the limit"),
                toggle(self.param.tabled, "Table over time"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.rows,
            css_classes=["rp-card", "rp-heat"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @param.depends("bench.outcome", watch=True)
    def _draw(self):
        outcome, design = self.bench.outcome(), self.bench.design()
        self._trace = trace = heat_trace(self.bench.scenario, design, outcome)
        self.chart.show(
            times_s=trace.times_s,
            skin_c=trace.skin_c,
            frames_per_s=trace.frames_per_s,
            clock_fraction=trace.clock_fraction,
            limit_c=trace.limit_c,
            resume_c=trace.resume_c,
            asked_per_s=float(design.frames_per_s),
        )
        title, detail = finding(outcome, trace)
        throttled = math.isfinite(outcome.throttle_s)
        self.head.text = joined(
            element("h3", title, class_="rp-failed" if throttled else None), element("p", detail)
        )
        self.watts.text = _watts(outcome)
        self.chart.temperature.tags = [f"rooflab:alt:Skin temperature over time. {title} {detail}"]
        self.chart.rate.tags = [f"rooflab:alt:Frame rate over time. {_rates(trace)}"]
        if self.tabled:
            self._fill_table()

    @param.depends("tabled", watch=True)
    def _fill_table(self):
        self.rows.update(text=_table(self._trace) if self.tabled else "", visible=self.tabled)

    def __panel__(self):
        return self._layout


def finding(outcome, trace):
    """Say in words and numbers whether the glasses keep their clock, and what that hangs on."""
    power = format_quantity(outcome.power_w, "W")
    limit = format_quantity(outcome.power_limit_w, "W")
    if not math.isfinite(outcome.throttle_s):
        settled_c = trace.limit_c - float(outcome.power_limit_w - outcome.power_w) * _resistance(outcome, trace)
        return (
            f"Full clock for good: at {power} the skin settles at {settled_c:.1f} °C, limit {trace.limit_c:g} °C.",
            f"The glasses shed {limit} at the limit. {_rates(trace)}",
        )
    title = (
        f"Throttled after {_minutes(float(outcome.throttle_s))}: {power} is more than the {limit} that the glasses "
        f"shed at {trace.limit_c:g} °C."
    )
    if float(outcome.throttled_power_w) > float(outcome.power_limit_w):
        return title, (
            f"Even throttled it draws {format_quantity(outcome.throttled_power_w, 'W')}, so the skin goes past the "
            "limit. Way back: fewer watts in the largest part below, or cooler air."
        )
    return title, (
        f"Once settled, {format_quantity(outcome.sustained_frames_per_s, 'FPS')} are left on average. Way back: fewer "
        f"watts in the largest part below, {format_quantity(outcome.power_w - outcome.power_limit_w, 'W')} in all."
    )


def _resistance(outcome, trace):
    """Return kelvins per watt: the power that ends at the limit is the rise to it over these."""
    return (trace.limit_c - float(trace.skin_c[0])) / float(outcome.power_limit_w)


def _rates(trace):
    full, slow = float(trace.frames_per_s.max()), float(trace.frames_per_s.min())
    if full == slow:
        return f"{format_quantity(full, 'FPS')} throughout."
    return (
        f"{format_quantity(full, 'FPS')} at full clock, {format_quantity(slow, 'FPS')} at "
        f"{format_fraction(trace.clock_fraction.min())} of it, which is {format_fraction(trace.throttled_fraction)} of "
        f"the {_minutes(float(trace.times_s[-1]))}."
    )


def _watts(outcome):
    """Draw the power by cause as one bar, with a mark at what can be sustained."""
    power, limit = float(outcome.power_w), float(outcome.power_limit_w)
    full = max(power, limit)
    parts = [(class_, words, float(getattr(outcome, name))) for name, class_, words in CAUSES]
    return joined(
        element(
            "div",
            *(element("i", class_=class_, style=f"width:{watts / full:.2%}") for class_, _, watts in parts),
            element("b", style=f"left:{limit / full:.2%}"),
            class_="rp-bar rp-stack",
            aria_hidden="true",
        ),
        element(
            "ul",
            *(
                element(
                    "li",
                    element("i", class_=f"rp-swatch {class_}", aria_hidden="true"),
                    f"{words} ",
                    element("span", f"{format_quantity(watts, 'W')}, {format_fraction(watts / power)}"),
                )
                for class_, words, watts in parts
            ),
            element("li", "mark: can be sustained ", element("span", format_quantity(limit, "W"))),
            class_="rp-key",
        ),
    )


def _table(trace):
    return table(
        "Skin, clock and frame rate over time",
        ("Time", "Skin", "Clock", "Frame rate", "State"),
        [
            (
                _minutes(float(trace.times_s[at])),
                f"{trace.skin_c[at]:.1f} °C",
                format_fraction(trace.clock_fraction[at]),
                format_quantity(trace.frames_per_s[at], "FPS"),
                "throttled" if trace.clock_fraction[at] < 1 else "full clock",
            )
            for at in range(0, len(trace.times_s), TABLE_EVERY)
        ],
    )


def _minutes(time_s):
    """Write a time in minutes and seconds.

    >>> _minutes(496.0), _minutes(1800.0)
    ('8 min 16 s', '30 min')
    """
    minutes, seconds = divmod(round(time_s), 60)
    return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
