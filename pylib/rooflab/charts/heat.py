"""HeatChart: the skin's temperature over half an hour, and the frame rate that the governor leaves."""

import numpy as np
from bokeh.core.properties import without_property_validation
from bokeh.models import ColumnDataSource, HoverTool, Label, Range1d, Span

from rooflab.charts.theme import LIMIT, MACHINE, QUIET, plain_figure

__all__ = ["HeatChart"]

SECONDS_PER_MINUTE = 60.0
LEAST_SPAN_K = 10.0
"""Of the temperature axis, so that a flat line looks flat."""


class HeatChart:
    """Two figures over the same minutes; `source.data` is replaced, the figures stay.

    Where the governor begins to hold back there is a line across, and the frame rate falls.
    """

    def __init__(self, *, minutes, stylesheets=()):
        self.source = ColumnDataSource({name: [] for name in ("minute", "skin", "rate", "clock")})
        self.switches = ColumnDataSource({"minute": []})
        self.minutes = Range1d(0, minutes)
        self.temperatures = Range1d(0, 50)
        self.rates = Range1d(0, 65)
        self.temperature = plain_figure(
            height=240,
            x_label="Minutes from switching on",
            y_label="Skin (°C)",
            stylesheets=stylesheets,
            x_range=self.minutes,
            y_range=self.temperatures,
        )
        self.rate = plain_figure(
            height=150,
            x_label="Minutes from switching on",
            y_label="Frames/s",
            stylesheets=stylesheets,
            x_range=self.minutes,
            y_range=self.rates,
        )
        self._add_temperature()
        self._add_rate()

    @property
    def figures(self):
        """Both figures, from the top."""
        return (self.temperature, self.rate)

    def _add_temperature(self):
        plot = self.temperature
        plot.vspan(x="minute", source=self.switches, line_color=LIMIT, line_width=1, line_dash=[2, 4])
        curve = plot.line("minute", "skin", source=self.source, line_color=MACHINE, line_width=3)
        self.limit = Span(dimension="width", location=43, line_color=LIMIT, line_width=2)
        self.resume = Span(dimension="width", location=41, line_color=QUIET, line_width=1, line_dash=[6, 4])
        self.limit_label = self._label(plot, text_font_style="bold", y_offset=3)
        self.resume_label = self._label(plot, y_offset=-3, text_baseline="top")
        for each in (self.limit, self.resume):
            plot.add_layout(each)
        plot.add_tools(
            HoverTool(
                renderers=[curve],
                mode="vline",
                tooltips=[("minute", "@minute{0.0}"), ("skin", "@skin{0.0} °C"), ("clock", "@clock{0%}")],
            )
        )

    def _add_rate(self):
        plot = self.rate
        curve = plot.line("minute", "rate", source=self.source, line_color=MACHINE, line_width=2)
        plot.varea(x="minute", y1=0, y2="rate", source=self.source, fill_color=MACHINE, fill_alpha=0.15)
        plot.add_tools(
            HoverTool(
                renderers=[curve],
                mode="vline",
                tooltips=[("minute", "@minute{0.0}"), ("frames", "@rate{0.0} FPS"), ("clock", "@clock{0%}")],
            )
        )

    def _label(self, plot, **options):
        label = Label(x=0, y=0, text="", text_font_size="12px", x_offset=6, **options)
        plot.add_layout(label)
        return label

    @without_property_validation
    def show(self, *, times_s, skin_c, frames_per_s, clock_fraction, limit_c, resume_c, words, asked_per_s):
        """Draw a trace; times are in seconds, temperatures in °C, the clock as a share of the full one.

        `words` are limit and resumption as they are to be read.
        """
        minutes = times_s / SECONDS_PER_MINUTE
        slow = np.asarray(clock_fraction) < 1
        first = np.flatnonzero(slow & ~np.concatenate(([False], slow[:-1])))
        self.source.data = {
            "minute": minutes,
            "skin": skin_c,
            "rate": frames_per_s,
            "clock": clock_fraction,
        }
        self.switches.data = {"minute": minutes[first]}
        low = float(min(skin_c.min(), limit_c - LEAST_SPAN_K))
        high = float(max(skin_c.max(), limit_c))
        self.temperatures.update(start=low - 1, end=high + 3)
        self.rates.update(end=1.1 * max(asked_per_s, float(frames_per_s.max())))
        self.limit.location = limit_c
        self.resume.location = resume_c
        self.limit_label.update(y=limit_c, text=f"Limit {words[0]}")
        self.resume_label.update(y=resume_c, text=f"Resumes at {words[1]}")
