"""The way a design took over the roofline: its last moves, and where it stands now."""

import numpy as np
from bokeh.core.properties import without_property_validation
from bokeh.models import ColumnDataSource, HoverTool, Label

from rooflab.analyses.trail import MIXED
from rooflab.charts.roofline import INTENSITIES, ceiling, rates, roof, roofline_axes
from rooflab.charts.theme import BOUND_COLOURS, BOUND_MARKERS, LIMIT, MACHINE, QUIET

__all__ = ["STATES", "TRAIL_MARKERS", "DesignTrail"]

TRAIL_MARKERS = {**BOUND_MARKERS, MIXED: "hex"}
TRAIL_COLOURS = {**BOUND_COLOURS, MIXED: QUIET}
STATES = {**{bound: f"mostly {bound}-bound" for bound in BOUND_MARKERS}, MIXED: "mixed: kernels on both sides of the ridge"}
OLDEST_SIZE, NEWEST_SIZE = 4, 9


class DesignTrail:
    """One point a move, joined in order; the present one is larger, red and ringed, under its own ceiling.

    `peak_flop_per_s` is the highest peak that will be shown.
    """

    def __init__(self, *, peak_flop_per_s, stylesheets=()):
        self.rates = rates(peak_flop_per_s)
        self.source = ColumnDataSource({name: [] for name in ("x", "y", "move", "bound", "marker", "colour", "size")})
        self.present = ColumnDataSource({"x": [], "y": [], "marker": [], "ridge": []})
        self.ceiling = ColumnDataSource({"x": [], "y": []})
        self.own_roof = ColumnDataSource({"x": [], "y": []})
        self.other_roofs = ColumnDataSource({"xs": [], "ys": []})
        self.figure = roofline_axes(
            height=320, intensities=INTENSITIES, rates=self.rates, labels=("FLOP per byte of the step", "Attained (FLOP/s)"), stylesheets=stylesheets
        )
        self._add_glyphs()
        self.roof_label = Label(
            x=INTENSITIES[1], y=1, text="", text_align="right", y_offset=4, text_font_size="12px", text_font_style="bold"
        )
        self.figure.add_layout(self.roof_label)

    def _add_glyphs(self):
        plot = self.figure
        plot.multi_line("xs", "ys", source=self.other_roofs, line_color=QUIET, line_width=1.25, line_dash=[6, 4])
        plot.line("x", "y", source=self.own_roof, line_color=MACHINE, line_width=2)
        plot.line("x", "y", source=self.ceiling, line_color=LIMIT, line_width=3)
        plot.vspan(x="ridge", source=self.present, line_color=LIMIT, line_dash=[2, 4], line_width=1)
        plot.line("x", "y", source=self.source, line_color=QUIET, line_width=1.5)
        dots = plot.scatter("x", "y", source=self.source, marker="marker", size="size", color="colour", fill_alpha=0.7)
        plot.scatter("x", "y", source=self.present, marker="marker", size=13, color=LIMIT)
        plot.scatter("x", "y", source=self.present, size=25, fill_alpha=0, line_color=LIMIT, line_width=2)
        plot.add_tools(
            HoverTool(
                renderers=[dots],
                tooltips=[
                    ("move", "@move"),
                    ("most of the step", "@bound"),
                    ("intensity", "@x{0.00} FLOP per byte"),
                    ("attained", "@y{0.0 a} FLOP/s"),
                ],
            )
        )

    @without_property_validation
    def show_roofs(self, roofs):
        """Draw the design's own roof, named, and the others thin; each is a Roof."""
        own, *others = (roof(each.peak_flop_per_s, each.hbm_bytes_per_s) for each in roofs)
        self.own_roof.data = own
        self.other_roofs.data = {"xs": [each["x"] for each in others], "ys": [each["y"] for each in others]}
        self.roof_label.update(y=roofs[0].peak_flop_per_s, text=roofs[0].name)

    @without_property_validation
    def show(self, points, *, first_move):
        """Draw the moves, each a TrailPoint, the last of which is the present; `first_move` numbers the first."""
        x = np.clip([each.intensity_flop_per_byte for each in points], *INTENSITIES)
        y = np.clip([each.attained_flop_per_s for each in points], *self.rates)
        count = len(points)
        self.source.data = {
            "x": x,
            "y": y,
            "move": [first_move + place for place in range(count)],
            "bound": [STATES[each.bound] for each in points],
            "marker": [TRAIL_MARKERS[each.bound] for each in points],
            "colour": [TRAIL_COLOURS[each.bound] for each in points],
            "size": np.linspace(OLDEST_SIZE, NEWEST_SIZE, count + 1)[1:],
        }
        self.ceiling.data = traced = ceiling(points[-1].ceiling_flop_per_s, points[-1].ridge_flop_per_byte)
        self.present.data = {
            "x": x[-1:],
            "y": y[-1:],
            "marker": [TRAIL_MARKERS[points[-1].bound]],
            "ridge": [traced["x"][1]],
        }
