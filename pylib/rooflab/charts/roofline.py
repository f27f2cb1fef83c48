"""DynamicRooflineVisualizer: attained FLOP/s against arithmetic intensity, with roofs and the chosen layer's ceiling."""

import math

import numpy as np
from bokeh.core.properties import without_property_validation
from bokeh.models import ColumnDataSource, HoverTool, Label, Range1d

from rooflab.charts.theme import BOUND_COLOURS, BOUND_MARKERS, LIMIT, MACHINE, QUIET, log_ticks, plain_figure
from rooflab.units import format_number, format_quantity

__all__ = ["DynamicRooflineVisualizer", "ceiling", "rates", "roof", "roof_words", "roofline_axes"]

INTENSITIES = (0.1, 2e4)
"""FLOP per byte: from an addition of long vectors to a large matrix product, with a margin."""

DECADES = 7
"""From a kernel that mostly waits to be launched to the peak of the chip."""

RIDGE_LABEL_TURNS = 200
"""Intensity from which on the label of a ridge stands left of it."""

FOOT_PX, RAISED_PX = 2, 34
"""Where a ridge has its name: at the foot, or over the name of a dot that is as low."""

LOW_FRACTION = 0.5
"""A dot below that part of the axis has its name as low as the ridge's, in a low chart."""

LETTER_FRACTION = 0.024
"""Width of a letter in a narrow chart, as a part of its axis."""

MOST_NAMED = 4
"""Decades of an axis that are all named: the names of more would meet in a low chart."""

INTENSITY_TICKS = {0.1: "0.1", 1: "1", 10: "10", 100: "100", 1000: "1 000", 10000: "10 000"}


def rate_ticks(ends):
    """Name the powers of ten between two rates: every one of a few, every other one of many."""
    first, last = (round(math.log10(each)) for each in ends)
    step = 1 if last - first <= MOST_NAMED else 2
    return {10.0**power: format_quantity(10.0**power, "", digits=1) for power in range(first, last + 1, step)}


def roofline_axes(*, height, intensities, rates, labels=("Arithmetic intensity (FLOP per byte)", "Attained FLOP/s"), stylesheets=()):
    """Make a figure with the two axes of every roofline, between these ends; `labels` name them."""
    plot = plain_figure(
        height=height,
        x_label=labels[0],
        y_label=labels[1],
        stylesheets=stylesheets,
        x_axis_type="log",
        y_axis_type="log",
        x_range=Range1d(*intensities),
        y_range=Range1d(*rates),
    )
    log_ticks(plot.xaxis[0], {at: words for at, words in INTENSITY_TICKS.items() if intensities[0] <= at <= intensities[1]})
    log_ticks(plot.yaxis[0], rate_ticks((10.0 ** math.floor(math.log10(rates[0])), 10.0 ** math.ceil(math.log10(rates[1])))))
    return plot


def roof(peak_flop_per_s, hbm_bytes_per_s, *, intensities=INTENSITIES):
    """Trace a roof in three points: where the axis starts, at the ridge if that is on it, where it ends."""
    low, high = intensities
    ridge = max(peak_flop_per_s / hbm_bytes_per_s, low)
    return {"x": [low, ridge, high], "y": [min(low * hbm_bytes_per_s, peak_flop_per_s), peak_flop_per_s, peak_flop_per_s]}


def roof_words(drawn):
    """Name a roof with its ridge in FLOP/byte, for the line beside the chart: in it, two names meet each other or a dot.

    >>> from rooflab.specs import Roof
    >>> roof_words(Roof(name="A100", peak_flop_per_s=312e12, hbm_bytes_per_s=2.039e12))
    'A100, ridge 153'
    """
    return drawn.beside(f"{drawn.name}, ridge {format_number(drawn.peak_flop_per_s / drawn.hbm_bytes_per_s)}")


def ceiling(peak_flop_per_s, ridge_flop_per_byte, *, intensities=INTENSITIES):
    """Trace a ceiling in three points, its ridge kept on the axis; flat throughout for a ridge of 0.

    >>> ceiling(100.0, 10.0, intensities=(1, 1000))
    {'x': [1, 10.0, 1000], 'y': [10.0, 100.0, 100.0]}
    """
    low, high = intensities
    ridge = min(max(ridge_flop_per_byte, low), high)
    start = min(low / ridge_flop_per_byte, 1.0) if ridge_flop_per_byte else 1.0
    end = min(high / ridge_flop_per_byte, 1.0) if ridge_flop_per_byte else 1.0
    return {"x": [low, ridge, high], "y": [start * peak_flop_per_s, end * peak_flop_per_s, end * peak_flop_per_s]}


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
        self.source = ColumnDataSource({name: [] for name in ("x", "y", "name", "bound", "ridge", "marker", "colour")})
        self.chosen = ColumnDataSource({name: [] for name in ("x", "y", "marker", "ridge", "ceiling_x", "ceiling_y")})
        self.ghost = ColumnDataSource({"x": [], "y": []})
        self.before = ColumnDataSource({"x": [], "y": [], "ceiling_x": [], "ceiling_y": []})
        self.own_roof = ColumnDataSource({"x": [], "y": []})
        self.other_roof = ColumnDataSource({"x": [], "y": []})
        self.machine_roof = None
        self.figure = roofline_axes(height=400, intensities=INTENSITIES, rates=self.rates, stylesheets=stylesheets)
        self.figure.update(sizing_mode="stretch_both", min_height=130)
        self.figure.yaxis[0].axis_label_text_font_size = "12px"
        self._add_glyphs()
        self.layer_label = self._label(text_font_style="bold", text_baseline="top", y_offset=-16)
        # An annotation, like the other names: a glyph's words do not follow the theme. At the foot, clear of roofs and dots.
        self.ridge_label = self._label(text="own ridge", y=FOOT_PX, y_units="screen")

    def _add_glyphs(self):
        plot = self.figure
        plot.line("x", "y", source=self.other_roof, line_color=QUIET, line_width=1.25, line_dash=[6, 4])
        plot.line("x", "y", source=self.own_roof, line_color=MACHINE, line_width=2)
        # Of the chosen layer's source, as its dot and its ridge, so that a move sends one change.
        plot.multi_line("ceiling_x", "ceiling_y", source=self.chosen, line_color=LIMIT, line_width=3)
        dots = plot.scatter(
            "x", "y", source=self.source, marker="marker", size=11, color="colour", fill_alpha=0.85
        )
        plot.vspan(x="ridge", source=self.chosen, line_color=LIMIT, line_dash=[2, 4], line_width=1)
        plot.multi_line("ceiling_x", "ceiling_y", source=self.before, line_color=LIMIT, line_alpha=0.55, line_width=2, line_dash=[3, 4])
        plot.scatter("x", "y", source=self.before, size=13, fill_alpha=0, line_color=LIMIT, line_width=2, line_dash=[3, 3])
        plot.scatter("x", "y", source=self.ghost, marker="diamond", size=18, fill_alpha=0, line_color=QUIET, line_width=2)
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
                    ("its own ridge", "@ridge{0.0} FLOP per byte"),
                    ("attained", "@y{0.0 a} FLOP/s"),
                ],
            )
        )

    def _label(self, **options):
        label = Label(**{"x": 1, "y": 1, "text": "", "text_font_size": "12px", **options})
        self.figure.add_layout(label)
        return label

    @without_property_validation
    def show_roofs(self, own, other=None):
        """Draw the chosen device's roof, and another's thin beside it; each is a Roof."""
        for source, drawn in ((self.own_roof, own), (self.other_roof, other)):
            if drawn is not None:
                source.data = roof(drawn.peak_flop_per_s, drawn.hbm_bytes_per_s)

    @without_property_validation
    def show_machine(self, machine=None):
        """Draw the roof of the learner's own machine, a Roof, or none; its line is made when it is first asked for."""
        if self.machine_roof is None:
            self.machine_roof = ColumnDataSource({"x": [], "y": []})
            self.figure.line("x", "y", source=self.machine_roof, line_color=MACHINE, line_width=1.5, line_dash=[2, 3])
        self.machine_roof.data = roof(machine.peak_flop_per_s, machine.hbm_bytes_per_s) if machine else {"x": [], "y": []}

    def _ceiling(self, peak_flop_per_s, ridge_flop_per_byte):
        """Return the columns of the chosen layer's ceiling, by which its state is told, and name its ridge."""
        if not peak_flop_per_s:
            self.ridge_label.visible = False
            return {"ridge": [math.nan], "ceiling_x": [[]], "ceiling_y": [[]]}
        traced = ceiling(peak_flop_per_s, ridge_flop_per_byte)
        ridge = traced["x"][1]
        turned = ridge >= RIDGE_LABEL_TURNS
        self.ridge_label.update(
            x=ridge,
            y=FOOT_PX,
            visible=True,
            text_align="right" if turned else "left",
            x_offset=-4 if turned else 4,
        )
        return {"ridge": [ridge], "ceiling_x": [traced["x"]], "ceiling_y": [traced["y"]]}

    @without_property_validation
    def show(self, *, names, intensity, attained, bounds, peaks, ridges, selected):
        """Move the dots; `bounds` are words, `selected` is an index; `peaks` and `ridges` are those of own ceilings.

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
            "ridge": list(ridges),
            "marker": [BOUND_MARKERS[bound] for bound in bounds],
            "colour": [BOUND_COLOURS[bound] for bound in bounds],
        }
        self.chosen.data = {
            "x": x[selected : selected + 1],
            "y": y[selected : selected + 1],
            "marker": [BOUND_MARKERS[bounds[selected]]],
            **self._ceiling(float(peaks[selected]), float(ridges[selected])),
        }
        self._label_layer(names[selected], float(x[selected]), float(y[selected]))
        self._part_labels(float(y[selected]))

    @without_property_validation
    def show_before(self, intensity=0.0, attained=0.0, peak=0.0, ridge=0.0):
        """Mark where the chosen layer was when the learner last pinned or scored, with its ceiling then; nowhere by default.

        `intensity` and `ridge` in FLOP/byte, `attained` and `peak` in FLOP/s.
        """
        there = attained > 0
        traced = ceiling(peak, ridge) if there else {"x": [], "y": []}
        now = {
            "x": [float(np.clip(intensity, *INTENSITIES))] if there else [],
            "y": [float(np.clip(attained, *self.rates))] if there else [],
            "ceiling_x": [traced["x"]] if there else [],
            "ceiling_y": [traced["y"]] if there else [],
        }
        if now != self.before.data:
            self.before.data = now

    @without_property_validation
    def show_ghost(self, intensity, attained):
        """Move the hollow mark of another system's operator; one without arithmetic has no place."""
        drawn = attained > 0
        self.ghost.data = {
            "x": [float(np.clip(intensity, *INTENSITIES))] if drawn else [],
            "y": [float(np.clip(attained, *self.rates))] if drawn else [],
        }

    def _label_layer(self, name, x, y):
        if math.isnan(x):
            self.layer_label.text = ""
            return
        # Below its dot, where no roof is, and away from the nearer edge, so that it is never cut off.
        along = math.log(x / INTENSITIES[0]) / math.log(INTENSITIES[1] / INTENSITIES[0])
        side = "left" if along < 0.35 else "right" if along > 0.65 else "center"
        self.layer_label.update(x=x, y=y, text=name, text_align=side)

    def _part_labels(self, y):
        """Turn the ridge's name to the side where the layer's, which may hang as low, is not; where both are taken, raise it."""
        layer, ridge = self.layer_label, self.ridge_label
        if not (layer.text and ridge.visible) or _along(y, self.rates) > LOW_FRACTION:
            return
        taken = _reach(_along(layer.x, INTENSITIES), LETTER_FRACTION * len(layer.text), layer.text_align)
        for side in (ridge.text_align, "left" if ridge.text_align == "right" else "right"):
            start, end = _reach(_along(ridge.x, INTENSITIES), LETTER_FRACTION * len(ridge.text), side)
            if end < taken[0] or start > taken[1]:
                ridge.update(text_align=side, x_offset=-4 if side == "right" else 4)
                return
        ridge.y = RAISED_PX


def _along(value, ends):
    """Return where on a logarithmic axis a value is: 0 at its start, 1 at its end."""
    return math.log(value / ends[0]) / math.log(ends[1] / ends[0])


def _reach(at, width, align):
    """Return where words begin and end that are aligned at a place."""
    start = {"left": at, "right": at - width, "center": at - width / 2}[align]
    return start, start + width
