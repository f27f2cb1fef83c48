"""How many times of a kernel fall in each bin, with the percentiles as lines."""

import math

from bokeh.models import ColumnDataSource, Label, Range1d, Span

from rooflab.charts.theme import LIMIT, MACHINE, log_ticks, plain_figure

__all__ = ["Histogram"]

HEADROOM = 12
"""How many times as high as the highest bar the axis is, for the names of the percentiles."""


class Histogram:
    """Drawn once. Times are in microseconds; `marks` are (time, words) pairs, named one above the other."""

    def __init__(self, *, edges_us, heights, marks, stylesheets=()):
        self.source = ColumnDataSource({"left": edges_us[:-1], "right": edges_us[1:], "top": [max(each, 0.5) for each in heights]})
        self.figure = plain_figure(
            height=260,
            x_label="Time of one run (µs)",
            y_label="Runs",
            stylesheets=stylesheets,
            x_axis_type="log",
            y_axis_type="log",
            x_range=Range1d(edges_us[0], edges_us[-1]),
            y_range=Range1d(0.5, HEADROOM * max(heights)),
        )
        self.figure.quad(left="left", right="right", top="top", bottom=0.5, source=self.source, color=MACHINE, fill_alpha=0.6)
        log_ticks(self.figure.yaxis[0], {10**power: f"{10**power:,}" for power in range(5)})
        middle = math.sqrt(edges_us[0] * edges_us[-1])
        for number, (at, words) in enumerate(marks):
            self.figure.add_layout(Span(dimension="height", location=at, line_color=LIMIT, line_width=1.5, line_dash=[4, 3]))
            side = {"text_align": "right", "x_offset": -4} if at > middle else {"text_align": "left", "x_offset": 4}
            self.figure.add_layout(Label(x=at, y=HEADROOM * max(heights), text=words, text_font_size="12px", y_offset=-16 * (number + 1), **side))
