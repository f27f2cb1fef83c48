"""MatrixChart: the weight matrix as it lies in memory, with vectors, lines, and what fills them up."""

import math

from bokeh.core.properties import without_property_validation
from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, Label, Range1d

from rooflab.charts.theme import BOUND_COLOURS, LIMIT, QUIET, plain_figure

__all__ = ["MatrixChart"]

GAP_FRACTION = 0.06
"""Of the widest matrix, between two that lie apart."""

COLOURS = {"inputs": BOUND_COLOURS["memory"], "states": BOUND_COLOURS["compute"]}
FILLS = ("fills up the vector", "fills up the line")


class MatrixChart:
    """Rows downwards, bytes of a row across; a few rectangles and strokes, however many weights.

    All rows are alike, since each begins on a line: a stroke across them is a border of a vector or
    a line in each of them.
    """

    def __init__(self, *, stylesheets=()):
        self.parts = ColumnDataSource(
            {name: [] for name in ("left", "right", "bottom", "top", "colour", "words", "bytes")}
        )
        self.fills = ColumnDataSource({name: [] for name in ("left", "right", "bottom", "top", "words", "bytes")})
        self.vectors = ColumnDataSource({name: [] for name in ("x", "bottom", "top")})
        self.lines = ColumnDataSource({name: [] for name in ("x", "bottom", "top")})
        self.gates = ColumnDataSource({name: [] for name in ("left", "right", "y")})
        self.across = Range1d(0, 100)
        self.down = Range1d(100, 0)
        self.figure = plain_figure(
            height=300,
            x_label="Bytes of a row",
            y_label="Rows of the four gates",
            stylesheets=stylesheets,
            x_range=self.across,
            y_range=self.down,
        )
        self.figure.grid.grid_line_color = None
        self.figure.yaxis[0].major_label_standoff = 4
        for axis in self.figure.axis:
            axis.ticker = FixedTicker(ticks=[])
        self._add_glyphs()
        self.labels = [
            Label(x=0, y=0, y_offset=4, text="", text_font_size="12px", text_align="center") for _ in COLOURS
        ]
        for each in self.labels:
            self.figure.add_layout(each)

    def _add_glyphs(self):
        plot = self.figure
        edges = {"left": "left", "right": "right", "bottom": "bottom", "top": "top"}
        weights = plot.quad(**edges, source=self.parts, fill_color="colour", fill_alpha=0.55, line_color=None)
        fills = plot.quad(
            **edges,
            source=self.fills,
            fill_color=LIMIT,
            fill_alpha=0.15,
            line_color=LIMIT,
            hatch_pattern="right_diagonal_line",
            hatch_color=LIMIT,
            hatch_scale=7,
            hatch_weight=1.5,
        )
        plot.segment("x", "bottom", "x", "top", source=self.vectors, line_color=QUIET, line_dash=[2, 3])
        plot.segment("x", "bottom", "x", "top", source=self.lines, line_color=QUIET, line_width=2)
        plot.segment("left", "y", "right", "y", source=self.gates, line_color=QUIET)
        plot.add_tools(
            HoverTool(renderers=[weights, fills], tooltips=[("", "@words"), ("of a row", "@bytes{0.#} B")])
        )

    @without_property_validation
    def show(self, matrices):
        """Draw matrices side by side; each is a MatrixRows."""
        gap = GAP_FRACTION * max(each.stored_bytes for each in matrices)
        parts, fills, vectors, lines, gates = ([] for _ in range(5))
        start = 0.0
        for each in matrices:
            at = start
            for words, bytes_ in each.parts_bytes:
                parts.append((at, at + bytes_, each.rows, 0, COLOURS[words], words, bytes_))
                at += bytes_
            for words, bytes_ in zip(FILLS, (each.vector_fill_bytes, each.line_fill_bytes), strict=True):
                if bytes_ > 0:
                    fills.append((at, at + bytes_, each.rows, 0, words, bytes_))
                at += bytes_
            if each.vector_bytes < each.useful_bytes and each.vectors < each.length:
                vectors += [(start + step * each.vector_bytes, each.rows, 0) for step in range(each.vectors + 1)]
            if each.line_bytes > 1:
                lines += [(start + step * each.line_bytes, each.rows, 0) for step in range(each.lines + 1)]
            gates += [(start, at, each.rows * gate / 4) for gate in range(5)]
            start = at + gap
        for source, names, rows in (
            (self.parts, ("left", "right", "bottom", "top", "colour", "words", "bytes"), parts),
            (self.fills, ("left", "right", "bottom", "top", "words", "bytes"), fills),
            (self.vectors, ("x", "bottom", "top"), vectors),
            (self.lines, ("x", "bottom", "top"), lines),
            (self.gates, ("left", "right", "y"), gates),
        ):
            source.data = {name: [row[place] for row in rows] for place, name in enumerate(names)}
        # There are as many parts as labels, whether they share rows or lie apart.
        for label, (left, right, _bottom, _top, _colour, words, _bytes) in zip(self.labels, parts, strict=True):
            label.update(x=(left + right) / 2, text=words)
        self.across.update(start=-0.01 * start, end=start - gap + 0.01 * start)
        rows = max(each.rows for each in matrices)
        self.down.update(start=rows * 1.01, end=-rows * 0.1)
        self._tick(matrices, gap, rows)

    def _tick(self, matrices, gap, rows):
        """Label bytes at a few borders of lines or vectors, from the beginning of each matrix."""
        ticks, labels, start = [], {}, 0.0
        for each in matrices:
            border = each.line_bytes if each.line_bytes > 1 else max(each.vector_bytes, 16.0)
            step = border * max(1, math.ceil(each.stored_bytes / border / 6))
            count = int(each.stored_bytes // step)
            for at in range(count + 1):
                place = start + at * step
                ticks.append(place)
                labels[place] = f"{at * step:g}"
            start += each.stored_bytes + gap
        # The tickers stay: a new model makes Bokeh look through the whole document again.
        self.figure.xaxis[0].ticker.ticks = ticks
        self.figure.xaxis[0].major_label_overrides = labels
        self.figure.yaxis[0].ticker.ticks = [rows * gate // 4 for gate in range(5)]
