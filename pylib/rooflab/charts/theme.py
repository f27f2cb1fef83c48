"""The look that every figure shares.

Axes, grids and labels take the page's custom properties (`css/views.css`), so they follow light and
dark by a repaint. Glyphs cannot read custom properties: they take the marks of the palette.

What charts show as a control moves is not validated by Bokeh, which would look at every number again, for as long as
the rest of the drawing takes.
"""

from bokeh.models import FixedTicker, ImportedStyleSheet
from bokeh.plotting import figure

from rooflab.charts.palette import MARKS

__all__ = ["BOUND_COLOURS", "BOUND_MARKERS", "LIMIT", "MACHINE", "QUIET", "log_ticks", "plain_figure"]

MACHINE = MARKS["memory"]
LIMIT = MARKS["chosen"]
QUIET = MARKS["link"]

BOUND_MARKERS = {"memory": "circle", "compute": "square", "latency": "triangle", "link": "diamond"}
BOUND_COLOURS = {bound: MARKS[bound] for bound in BOUND_MARKERS}


def plain_figure(*, height, x_label, y_label, stylesheets=(), **options):
    """Make a figure without toolbar, logo or drag tools, which would trap a touch scroll."""
    plot = figure(
        height=height,
        sizing_mode="stretch_width",
        tools="",
        toolbar_location=None,
        x_axis_label=x_label,
        y_axis_label=y_label,
        css_classes=["rp-figure"],
        stylesheets=[ImportedStyleSheet(url=url) for url in stylesheets],
        min_border_left=8,
        min_border_right=16,
        min_border_top=12,
        background_fill_color=None,
        border_fill_color=None,
        outline_line_color=None,
        **options,
    )
    plot.toolbar.logo = None
    for axis in plot.axis:
        axis.axis_label_text_font_style = "normal"
        axis.axis_label_text_font_size = "12px"
        axis.major_label_text_font_size = "12px"
        axis.minor_tick_line_color = None
        axis.major_tick_in = 0
    return plot


def log_ticks(axis, labels):
    """Label an axis at given values in words, such as 1 T for 1e12."""
    axis.ticker = FixedTicker(ticks=list(labels))
    axis.major_label_overrides = labels
