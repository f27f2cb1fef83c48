"""The way a design took over the roofline: its last moves, and where it stands now."""

import numpy as np
from bokeh.models import ColumnDataSource, HoverTool, Label, Range1d

from rooflab.charts.roofline import INTENSITIES, INTENSITY_TICKS, rate_ticks, rates, roof
from rooflab.charts.theme import BOUND_COLOURS, BOUND_MARKERS, LIMIT, MACHINE, QUIET, log_ticks, plain_figure

__all__ = ["DesignTrail"]

OLDEST_SIZE, NEWEST_SIZE = 4, 9


class DesignTrail:
    """One point a move, joined in order; the present one is larger, red and ringed.

    `peak_flop_per_s` is the highest peak that will be shown.
    """

    def __init__(self, *, peak_flop_per_s, stylesheets=()):
        self.rates = rates(peak_flop_per_s)
        self.source = ColumnDataSource({name: [] for name in ("x", "y", "move", "bound", "marker", "colour", "size")})
        self.present = ColumnDataSource({"x": [], "y": [], "marker": []})
        self.own_roof = ColumnDataSource({"x": [], "y": []})
        self.other_roofs = ColumnDataSource({"xs": [], "ys": []})
        self.figure = plain_figure(
            height=320,
            x_label="Intensity of the step (FLOP per byte)",
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
        self.roof_label = Label(
            x=INTENSITIES[1], y=1, text="", text_align="right", y_offset=4, text_font_size="12px", text_font_style="bold"
        )
        self.figure.add_layout(self.roof_label)

    def _add_glyphs(self):
        plot = self.figure
        plot.multi_line("xs", "ys", source=self.other_roofs, line_color=QUIET, line_width=1.25, line_dash=[6, 4])
        plot.line("x", "y", source=self.own_roof, line_color=MACHINE, line_width=3)
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

    def show_roofs(self, roofs):
        """Draw the design's own roof, named, and the others thin; each is a Roof."""
        own, *others = (roof(each.peak_flop_per_s, each.hbm_bytes_per_s) for each in roofs)
        self.own_roof.data = own
        self.other_roofs.data = {"xs": [each["x"] for each in others], "ys": [each["y"] for each in others]}
        self.roof_label.update(y=roofs[0].peak_flop_per_s, text=roofs[0].name)

    def show(self, points, *, first_move):
        """Draw the moves, each a TrailPoint, the last of which is the present; `first_move` numbers the first."""
        x = np.clip([each.intensity_flop_per_byte for each in points], *INTENSITIES)
        y = np.clip([each.attained_flop_per_s for each in points], *self.rates)
        count = len(points)
        self.source.data = {
            "x": x,
            "y": y,
            "move": [first_move + place for place in range(count)],
            "bound": [f"{each.bound}-bound" for each in points],
            "marker": [BOUND_MARKERS[each.bound] for each in points],
            "colour": [BOUND_COLOURS[each.bound] for each in points],
            "size": np.linspace(OLDEST_SIZE, NEWEST_SIZE, count + 1)[1:],
        }
        self.present.data = {"x": x[-1:], "y": y[-1:], "marker": [BOUND_MARKERS[points[-1].bound]]}
