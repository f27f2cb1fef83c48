"""Heat: where the watts go, how warm the skin gets, and what the governor takes away."""

import math

import panel as pn
import param

from rooflab.charts.heat import SECONDS_PER_MINUTE, HeatChart
from rooflab.lab.instruments import WATTS
from rooflab.systems.glasses.heat import SHOWN_S, heat_trace, minutes_words
from rooflab.units import format_fraction, format_quantity
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.markup import element, joined, table
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.widgets import pin_button, text, toggle

__all__ = ["HeatView", "finding"]

CAUSES = (
    ("idle_power_w", "rp-part-4", "display, camera, radio and system"),
    ("memory_power_w", "rp-part-0", "memory traffic"),
    ("arithmetic_power_w", "rp-part-1", "arithmetic"),
    ("static_power_w", "rp-part-3", "leakage while awake"),
)
TABLE_EVERY = 24  # samples: one row in two minutes


class HeatView(InstrumentView):
    """Watts by cause, and temperature and frame rate over time, of the design that is shown."""

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
            *self.chart.figures,
            pn.Row(
                text("Pin", "rp-label"),
                *(pin_button(self.bench, each.id, f"Pin {each.name}", each.name.removeprefix("Power of ")) for each in WATTS.values()),
                toggle(self.param.tabled, "Over time"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.rows,
            css_classes=["rp-card", "rp-heat"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @redrawn("bench.outcome")
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
            words=(_degrees(trace.body, "limit_c"), _degrees(trace.body, "resume_c")),
            asked_per_s=float(design.frames_per_s),
        )
        title, detail = finding(outcome, trace)
        throttled = math.isfinite(outcome.throttle_s)
        self.head.text = joined(
            element("h3", title, class_="rp-failed" if throttled else None), element("p", detail)
        )
        self.watts.text = _watts(outcome, trace.body)
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
    limit, limit_c = _shed(outcome, trace.body), _degrees(trace.body, "limit_c")
    if not math.isfinite(outcome.throttle_s):
        settled_c = trace.limit_c - float(outcome.power_limit_w - outcome.power_w) * _resistance(outcome, trace)
        return (
            f"Never throttles: at {power} the skin settles at {settled_c:.1f} °C, limit {limit_c}.",
            f"The glasses shed {limit} at the limit. {_rates(trace)}",
        )
    title = (
        f"Throttled after {minutes_words(float(outcome.throttle_s))}: {power} is more than the {limit} that the glasses "
        f"shed at {limit_c}."
    )
    if float(outcome.throttled_power_w) > float(outcome.power_limit_w):
        return title, (
            f"Even throttled it draws {format_quantity(outcome.throttled_power_w, 'W')}, so the skin goes past the "
            "limit. Way back: fewer watts in the largest part below, or cooler air."
        )
    return title, (
        f"Once settled, {format_quantity(outcome.sustained_frames_per_s, 'FPS')} are left on average. Way back: "
        f"{format_quantity(outcome.power_w - outcome.power_limit_w, 'W')} less."
    )


def _shed(outcome, body):
    """Write the power that ends at the limit, which hangs on the body's thermal resistance."""
    return body.source_of("resistance_k_per_w").beside(format_quantity(outcome.power_limit_w, "W"))


def _degrees(body, name):
    return body.source_of(name).beside(f"{getattr(body, name):g} °C")


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
        f"the {minutes_words(float(trace.times_s[-1]))}."
    )


def _watts(outcome, body):
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
                    element("span", f"{format_quantity(watts, 'W')}, {format_fraction(watts / limit)}"),
                )
                for class_, words, watts in parts
            ),
            element("li", "mark: sustained ", element("span", _shed(outcome, body))),
            class_="rp-key",
        ),
    )


def _table(trace):
    return table(
        "Skin, clock and frame rate over time",
        ("Time", "Skin", "Clock", "Frame rate", "State"),
        [
            (
                minutes_words(float(trace.times_s[at])),
                f"{trace.skin_c[at]:.1f} °C",
                format_fraction(trace.clock_fraction[at]),
                format_quantity(trace.frames_per_s[at], "FPS"),
                "throttled" if trace.clock_fraction[at] < 1 else "full clock",
            )
            for at in range(0, len(trace.times_s), TABLE_EVERY)
        ],
    )
