"""The look that every figure shares.

Axes, grids and labels take the page's custom properties (`css/views.css`), so they follow light and
dark by a repaint. Glyphs cannot read custom properties: their colours are chosen to keep a contrast
of 3 or more against both papers, #ffffff and #14181c.
"""

from bokeh.models import HoverTool
from bokeh.plotting import figure

__all__ = ["BOUND_COLOURS", "BOUND_MARKERS", "FIGURE_CLASS", "LIMIT", "MACHINE", "QUIET", "plain_figure"]

MACHINE = "#1478B5"
LIMIT = "#CB202D"
QUIET = "#6B7780"

BOUND_MARKERS = {"memory": "circle", "compute": "square", "latency": "triangle"}
BOUND_COLOURS = {"memory": "#1478B5", "compute": "#8358B8", "latency": "#9A6B00"}

FIGURE_CLASS = "rp-figure"


def plain_figure(*, height, x_label, y_label, hover=None, renderers=(), **ranges):
    """Make a figure without toolbar, logo or drag tools, which would trap a touch scroll."""
    plot = figure(
        height=height,
        sizing_mode="stretch_width",
        tools="",
        toolbar_location=None,
        x_axis_label=x_label,
        y_axis_label=y_label,
        css_classes=[FIGURE_CLASS],
        stylesheets=[],
        min_border_left=8,
        min_border_right=12,
        min_border_top=8,
        background_fill_color=None,
        border_fill_color=None,
        outline_line_color=None,
        **ranges,
    )
    plot.toolbar.logo = None
    if hover:
        plot.add_tools(HoverTool(tooltips=list(hover), renderers=list(renderers)))
    for axis in plot.axis:
        axis.axis_label_text_font_style = "normal"
        axis.minor_tick_line_color = None
    return plot
