"""A roofline of one machine: its roof, the slopes of its levels of memory, and a dot for each measured kernel."""

from bokeh.models import ColumnDataSource, HoverTool, Label

from rooflab.charts.roofline import roof, roofline_axes
from rooflab.charts.theme import BOUND_COLOURS, BOUND_MARKERS, MACHINE, QUIET

__all__ = ["MachineRoofline"]

INTENSITIES = (0.05, 500.0)
"""FLOP per byte: from the triad to a product of 1024, with a margin."""

MARGIN = 2.0

MARKERS = {**BOUND_MARKERS, "cache": "diamond"}
COLOURS = {**BOUND_COLOURS, "cache": BOUND_COLOURS["link"]}


class MachineRoofline:
    """Drawn once for a measurement. `dots` are (intensity, attained FLOP/s, bound, name); roofs are Roofs, the own first."""

    def __init__(self, *, roofs, slopes, dots, stylesheets=()):
        rates = [each[1] for each in dots]
        highest = max(*(each.peak_flop_per_s for each in roofs), *rates)
        self.rates = (min(rates) / MARGIN, highest * MARGIN)
        self.source = ColumnDataSource(_columns(dots))
        self.figure = roofline_axes(height=360, intensities=INTENSITIES, rates=self.rates, stylesheets=stylesheets)
        self._draw(roofs, slopes)

    def _draw(self, roofs, slopes):
        plot, (own, *others) = self.figure, roofs
        for each in slopes:
            plot.line(*_slope(each, own.peak_flop_per_s), line_color=MACHINE, line_width=1, line_alpha=0.6, line_dash=[2, 3])
        for each in others:
            plot.line(*_corners(each), line_color=QUIET, line_width=1.5, line_dash=[6, 4])
        plot.line(*_corners(own), line_color=MACHINE, line_width=2.5)
        for each in roofs:
            plot.add_layout(_label(each.name, INTENSITIES[1], each.peak_flop_per_s))
        dots = plot.scatter("x", "y", source=self.source, marker="marker", size=10, color="colour", fill_alpha=0.85)
        tips = [("kernel", "@name"), ("state", "@bound"), ("intensity", "@x{0.00} FLOP per byte"), ("attained", "@y{0.0 a} FLOP/s")]
        plot.add_tools(HoverTool(renderers=[dots], tooltips=tips))


def _columns(dots):
    return {
        "x": [min(max(each[0], INTENSITIES[0]), INTENSITIES[1]) for each in dots],
        "y": [each[1] for each in dots],
        "bound": [f"{each[2]}-bound" for each in dots],
        "name": [each[3] for each in dots],
        "marker": [MARKERS[each[2]] for each in dots],
        "colour": [COLOURS[each[2]] for each in dots],
    }


def _corners(each):
    traced = roof(each.peak_flop_per_s, each.hbm_bytes_per_s, intensities=INTENSITIES)
    return traced["x"], traced["y"]


def _slope(bytes_per_s, peak_flop_per_s):
    """Trace a level of memory up to the peak."""
    end = min(max(peak_flop_per_s / bytes_per_s, INTENSITIES[0]), INTENSITIES[1])
    return [INTENSITIES[0], end], [INTENSITIES[0] * bytes_per_s, end * bytes_per_s]


def _label(words, x, y):
    return Label(x=x, y=y, text=words, text_align="right", y_offset=4, text_font_size="12px")
