"""Measured samples as dots, their best joined to none, beside the line that the model predicts."""

from bokeh.models import ColumnDataSource, HoverTool, Label, Range1d, Span

from rooflab.charts.theme import LIMIT, MACHINE, QUIET, log_ticks, plain_figure

__all__ = ["Line", "Mark", "MeasuredCurve"]

DASHES = {"solid": [], "dashed": [6, 4], "dotted": [2, 3]}


class Line:
    """A line of places; `dash` is solid, dashed or dotted."""

    def __init__(self, xs, ys, *, name="", dash="solid", quiet=False):
        self.xs, self.ys, self.name, self.dash, self.quiet = list(xs), list(ys), name, dash, quiet


class Mark:
    """A place on the axis across, with its words."""

    def __init__(self, at, words, *, limit=False):
        self.at, self.words, self.limit = at, words, limit


class MeasuredCurve:
    """Drawn once. `samples` are (x, y, words) of every sample, `best` those of the best; `ticks` name values of the axes."""

    def __init__(self, *, x_label, y_label, samples, best, lines, marks=(), x_ticks=None, y_ticks=None, height=260, stylesheets=(), scales=("log", "log")):
        self.samples = ColumnDataSource(_columns(samples))
        self.best = ColumnDataSource(_columns(best))
        ends = [_ends([*self.best.data[name], *self.samples.data[name], *_of(lines, name)], scale) for name, scale in zip("xy", scales, strict=True)]
        self.figure = plain_figure(
            height=height,
            x_label=x_label,
            y_label=y_label,
            stylesheets=stylesheets,
            x_axis_type=scales[0],
            y_axis_type=scales[1],
            x_range=Range1d(*ends[0]),
            y_range=Range1d(*ends[1]),
        )
        for axis, ticks in ((self.figure.xaxis[0], x_ticks), (self.figure.yaxis[0], y_ticks)):
            if ticks:
                log_ticks(axis, ticks)
        self._draw(lines, marks, ends[1])

    def _draw(self, lines, marks, heights):
        plot = self.figure
        for each in lines:
            plot.line(each.xs, each.ys, line_color=QUIET if each.quiet else MACHINE, line_width=1.5 if each.quiet else 2, line_dash=DASHES[each.dash])
        for number, each in enumerate(sorted(marks, key=lambda each: each.at)):
            plot.add_layout(Span(dimension="height", location=each.at, line_color=LIMIT if each.limit else QUIET, line_width=1.5, line_dash=[4, 3]))
            # The first is named on its left and the last on its right, so that no name crosses the line beside it.
            side = {"text_align": "right", "x_offset": -4} if number == 0 and len(marks) > 1 else {"text_align": "left", "x_offset": 4}
            plot.add_layout(Label(x=each.at, y=heights[number == 0], text=each.words, text_font_size="12px", y_offset=-20 if number == 0 else 4, **side))
        plot.scatter("x", "y", source=self.samples, size=4, color=QUIET, fill_alpha=0.6)
        dots = plot.scatter("x", "y", source=self.best, size=9, color=MACHINE, fill_alpha=0.9)
        plot.add_tools(HoverTool(renderers=[dots], tooltips=[("", "@words")]))


def _columns(places):
    return {"x": [each[0] for each in places], "y": [each[1] for each in places], "words": [each[2] for each in places]}


def _of(lines, name):
    return [value for each in lines for value in (each.xs if name == "x" else each.ys)]


def _ends(values, scale):
    low, high = min(values), max(values)
    if scale == "log":
        return low / 1.3, high * 1.3
    return 0.0, high * 1.1 or 1.0
