"""DynamicRooflineVisualizer: attained FLOP/s against arithmetic intensity, with the roofs."""

import math

import numpy as np
from bokeh.models import ColumnDataSource, HoverTool, Label, Range1d, Span

from rooflab.charts.theme import BOUND_COLOURS, BOUND_MARKERS, LIMIT, MACHINE, QUIET, log_ticks, plain_figure
from rooflab.units import format_number, format_quantity

__all__ = ["DynamicRooflineVisualizer", "rates", "roof"]

INTENSITIES = (0.1, 2e4)
"""FLOP per byte: from an addition of long vectors to a large matrix product, with a margin."""

DECADES = 7
"""From a kernel that mostly waits to be launched to the peak of the chip."""

INTENSITY_TICKS = {0.1: "0.1", 1: "1", 10: "10", 100: "100", 1000: "1 000", 10000: "10 000"}


def rate_ticks(ends):
    """Name every power of ten between two rates."""
    first, last = (round(math.log10(each)) for each in ends)
    return {10.0**power: format_quantity(10.0**power, "", digits=1) for power in range(first, last + 1)}


def roof(peak_flop_per_s, hbm_bytes_per_s, *, intensities=INTENSITIES):
    """Trace a roof in three points: where the axis starts, at the ridge, where it ends."""
    low, high = intensities
    ridge = peak_flop_per_s / hbm_bytes_per_s
    return {"x": [low, ridge, high], "y": [low * hbm_bytes_per_s, peak_flop_per_s, peak_flop_per_s]}


def rates(peak_flop_per_s):
    """Return the ends of an axis of FLOP/s for chips with such peaks, with room for a faster format.

    >>> rates(989e12)
    (1000000000.0, 1e+16)
    """
    high = 10.0 ** math.ceil(math.log10(4 * peak_flop_per_s))
    return high / 10**DECADES, high


class DynamicRooflineVisualizer:
    """One dot an operator, moved by replacing `source.data`; the chosen one is red and ringed.

    `peak_flop_per_s` is the highest peak that will be shown.
    """

    def __init__(self, *, peak_flop_per_s, stylesheets=()):
        self.rates = rates(peak_flop_per_s)
        self.source = ColumnDataSource({name: [] for name in ("x", "y", "name", "bound", "marker", "colour")})
        self.chosen = ColumnDataSource({"x": [], "y": [], "marker": []})
        self.own_roof = ColumnDataSource({"x": [], "y": []})
        self.other_roof = ColumnDataSource({"x": [], "y": []})
        self.figure = plain_figure(
            height=400,
            x_label="Arithmetic intensity (FLOP per byte)",
            y_label="Attained (FLOP/s)",
            stylesheets=stylesheets,
            x_axis_type="log",
            y_axis_type="log",
            x_range=Range1d(*INTENSITIES),
            y_range=Range1d(*self.rates),
        )
        log_ticks(self.figure.xaxis[0], INTENSITY_TICKS)
        log_ticks(self.figure.yaxis[0], rate_ticks(self.rates))
        self._add_glyphs()
        self.ridge = Span(dimension="height", location=1, line_color=QUIET, line_dash=[2, 4], line_width=1)
        self.figure.add_layout(self.ridge)
        self.own_label = self._label(x=INTENSITIES[1], text_align="right", y_offset=4, text_font_style="bold")
        self.other_label = self._label(x=INTENSITIES[1], text_align="right", y_offset=4)
        self.layer_label = self._label(text_font_style="bold", text_baseline="top", y_offset=-16)

    def _add_glyphs(self):
        plot = self.figure
        plot.line("x", "y", source=self.other_roof, line_color=QUIET, line_width=1.25, line_dash=[6, 4])
        plot.line("x", "y", source=self.own_roof, line_color=MACHINE, line_width=3)
        dots = plot.scatter(
            "x", "y", source=self.source, marker="marker", size=11, color="colour", fill_alpha=0.85
        )
        # Over the others, which may share its place.
        plot.scatter("x", "y", source=self.chosen, marker="marker", size=13, color=LIMIT)
        plot.scatter("x", "y", source=self.chosen, size=25, fill_alpha=0, line_color=LIMIT, line_width=2)
        plot.add_tools(
            HoverTool(
                renderers=[dots],
                tooltips=[
                    ("layer", "@name"),
                    ("state", "@bound"),
                    ("intensity", "@x{0.0} FLOP per byte"),
                    ("attained", "@y{0.0 a} FLOP/s"),
                ],
            )
        )

    def _label(self, **options):
        label = Label(**{"x": 1, "y": 1, "text": "", "text_font_size": "12px", **options})
        self.figure.add_layout(label)
        return label

    def show_roofs(self, own, other=None):
        """Draw the chosen device's roof, and another's thin beside it; each is a Roof."""
        _draw_roof(self.own_roof, self.own_label, own)
        if other is not None:
            _draw_roof(self.other_roof, self.other_label, other)
        self.ridge.location = own.peak_flop_per_s / own.hbm_bytes_per_s

    def show(self, *, names, intensity, attained, bounds, selected):
        """Move the dots; `bounds` are words, `selected` is an index.

        An operator without arithmetic has no place on logarithmic axes and is not drawn.
        """
        drawn = np.asarray(attained) > 0
        x = np.where(drawn, np.clip(intensity, *INTENSITIES), math.nan)
        y = np.where(drawn, np.clip(attained, *self.rates), math.nan)
        self.source.data = {
            "x": x,
            "y": y,
            "name": list(names),
            "bound": [f"{bound}-bound" for bound in bounds],
            "marker": [BOUND_MARKERS[bound] for bound in bounds],
            "colour": [BOUND_COLOURS[bound] for bound in bounds],
        }
        self.chosen.data = {
            "x": x[selected : selected + 1],
            "y": y[selected : selected + 1],
            "marker": [BOUND_MARKERS[bounds[selected]]],
        }
        self._label_layer(names[selected], float(x[selected]), float(y[selected]))

    def _label_layer(self, name, x, y):
        if math.isnan(x):
            self.layer_label.text = ""
            return
        # Below its dot, where no roof is, and away from the nearer edge, so that it is never cut off.
        along = math.log(x / INTENSITIES[0]) / math.log(INTENSITIES[1] / INTENSITIES[0])
        side = "left" if along < 0.35 else "right" if along > 0.65 else "center"
        self.layer_label.update(x=x, y=y, text=name, text_align=side)


def _draw_roof(source, label, drawn):
    source.data = roof(drawn.peak_flop_per_s, drawn.hbm_bytes_per_s)
    ridge = drawn.peak_flop_per_s / drawn.hbm_bytes_per_s
    name = drawn.name.replace("$$", "$ $")  # Bokeh takes what is between two of them for TeX, and would load MathJax
    label.update(y=drawn.peak_flop_per_s, text=f"{name}, ridge {format_number(ridge)}")
