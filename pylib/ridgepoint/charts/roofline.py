"""DynamicRooflineVisualizer: attained FLOP/s against arithmetic intensity, with the roofs."""

import numpy as np
from bokeh.models import ColumnDataSource, HoverTool, ImportedStyleSheet, Label, LogTickFormatter, Range1d

from ridgepoint.charts.theme import BOUND_COLOURS, BOUND_MARKERS, LIMIT, MACHINE, QUIET, plain_figure

__all__ = ["DynamicRooflineVisualizer", "roof"]

INTENSITIES = (0.1, 3e4)
"""FLOP per byte: from a vector addition in float32 to a large matrix product, with a margin."""


def roof(peak_flop_per_s, hbm_bytes_per_s, *, intensities=INTENSITIES):
    """Trace a roof in three points: where the axis starts, at the ridge, where it ends."""
    low, high = intensities
    ridge = peak_flop_per_s / hbm_bytes_per_s
    return {"x": [low, ridge, high], "y": [low * hbm_bytes_per_s, peak_flop_per_s, peak_flop_per_s]}


class DynamicRooflineVisualizer:
    """One dot an operator, moved by replacing `source.data`; the selected one is red and ringed."""

    def __init__(self, *, attained_flop_per_s=(1e9, 2e16), stylesheet=None):
        self.source = ColumnDataSource({name: [] for name in ("x", "y", "name", "bound", "marker", "colour", "size")})
        self.ring = ColumnDataSource({"x": [], "y": []})
        self.own_roof = ColumnDataSource({"x": [], "y": []})
        self.other_roof = ColumnDataSource({"x": [], "y": []})
        self.figure = plain_figure(
            height=380,
            x_label="Arithmetic intensity (FLOP per byte)",
            y_label="Attained (FLOP/s)",
            x_axis_type="log",
            y_axis_type="log",
            x_range=Range1d(*INTENSITIES),
            y_range=Range1d(*attained_flop_per_s),
        )
        if stylesheet:
            self.figure.stylesheets = [ImportedStyleSheet(url=stylesheet)]
        self._draw_glyphs()
        self.ridge_label = Label(x=1, y=1, text="", text_align="center", text_baseline="bottom", text_font_size="12px")
        self.layer_label = Label(
            x=1, y=1, text="", x_offset=16, text_baseline="middle", text_font_size="13px", text_font_style="bold"
        )
        self.figure.add_layout(self.ridge_label)
        self.figure.add_layout(self.layer_label)

    def _draw_glyphs(self):
        plot = self.figure
        plot.line("x", "y", source=self.other_roof, line_color=QUIET, line_width=1.25, line_dash=[6, 4])
        plot.line("x", "y", source=self.own_roof, line_color=MACHINE, line_width=3)
        plot.scatter("x", "y", source=self.ring, marker="circle", size=25, fill_alpha=0, line_color=LIMIT, line_width=2)
        dots = plot.scatter(
            "x", "y", source=self.source, marker="marker", size="size", fill_color="colour", line_color="colour", fill_alpha=0.9
        )
        plot.add_tools(
            HoverTool(
                renderers=[dots],
                tooltips=[
                    ("layer", "@name"),
                    ("state", "@bound"),
                    ("intensity", "@x{0.0[0]} FLOP per byte"),
                    ("attained", "@y{0.0a} FLOP/s"),
                ],
            )
        )

    def show_roofs(self, own, other):
        """Draw the chosen device's roof, and the other's thin; each a (peak, bandwidth) pair."""
        self.own_roof.data = roof(*own)
        self.other_roof.data = roof(*other)
        peak, bandwidth = own
        self.ridge_label.update(x=peak / bandwidth, y=peak * 1.15, text=f"ridge {peak / bandwidth:.0f}")

    def show(self, *, names, intensity, attained, bounds, selected):
        """Move the dots; `bounds` are words, `selected` an index or None."""
        colours = [BOUND_COLOURS[bound] for bound in bounds]
        sizes = [11] * len(colours)
        if selected is not None:
            colours[selected] = LIMIT
            sizes[selected] = 14
        x = np.clip(intensity, *INTENSITIES)
        y = np.asarray(attained, dtype=float)
        self.source.data = {
            "x": x,
            "y": y,
            "name": list(names),
            "bound": [f"{bound}-bound" for bound in bounds],
            "marker": [BOUND_MARKERS[bound] for bound in bounds],
            "colour": colours,
            "size": sizes,
        }
        if selected is None:
            self.ring.data = {"x": [], "y": []}
            self.layer_label.text = ""
            return
        here = float(x[selected]), float(y[selected])
        self.ring.data = {"x": [here[0]], "y": [here[1]]}
        self.layer_label.update(x=here[0], y=here[1], text=names[selected])
