"""The weight matrix itself: where it lies, how vectors and lines cut it, and what is wasted."""

import panel as pn
import param

from rooflab.charts.matrix import MatrixChart
from rooflab.systems.earbud.matrix import matrix_layout
from rooflab.units import format_bytes, format_count, format_fraction, format_quantity
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.widgets import text, toggle

__all__ = ["MatrixView", "finding"]


class MatrixView(InstrumentView):
    """Rows of the cell's matrix with the borders of vectors and lines drawn on them."""

    tabled = param.Boolean(default=False, doc="Whether the table of the rows is open")

    def __init__(self, **params):
        self.head = text("", "rp-head", "rp-live")
        self.legend = text("", "rp-legend")
        self.rows = text("")
        self.rows.visible = False
        self.chart = MatrixChart(stylesheets=STYLESHEETS)
        super().__init__(**params)
        self._layout = pn.Column(
            self.head,
            self.chart.figure,
            self.legend,
            pn.Row(
                toggle(self.param.tabled, "Rows"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.rows,
            css_classes=["rp-card", "rp-matrix"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @redrawn("bench.outcome")
    def _draw(self):
        outcome, design = self.bench.outcome(), self.bench.design()
        self._shown = layout = matrix_layout(self.bench.scenario, design)
        self.chart.show(layout.matrices)
        title, detail = finding(layout, outcome)
        self.head.text = joined(
            element("h3", title, class_=None if outcome.buildable else "rp-failed"),
            element("p", detail),
            folded("Vectors and lines of a row", element("p", f"{_fits(layout)}.")),
        )
        self.legend.text = _legend(layout)
        self.chart.figure.tags = [f"rooflab:alt:The weight matrix as it lies in memory. {title} {detail}"]
        if self.tabled:
            self._fill_table()

    @param.depends("tabled", watch=True)
    def _fill_table(self):
        self.rows.update(text=_table(self._shown) if self.tabled else "", visible=self.tabled)

    def __panel__(self):
        return self._layout


def finding(layout, outcome):
    """Say in words and numbers how much of what is stored are weights, where they lie, and whether the core waits."""
    asked, given = (format_quantity(each, "B/s") for each in (outcome.asked_bytes_per_s, outcome.given_bytes_per_s))
    waits = "the core waits for weights" if outcome.pull_fraction > 1 else "weights wait for the core"
    rate = f"The products ask for {asked}, the memory gives {given}: {waits}."
    if not outcome.buildable:
        return "This chip has no such memory: the matrix has nowhere to lie.", f"Drawn as in {layout.memory}. {rate}"
    if layout.wasted_bytes == 0:
        title = f"No byte is wasted in {layout.memory}."
    else:
        title = (
            f"{format_fraction(1 - layout.useful_fraction)} of what lies in {layout.memory} fills up rows: "
            f"{format_bytes(layout.wasted_bytes)} in {format_count(sum(each.rows for each in layout.matrices))} rows."
        )
    cache = "" if layout.cached else " It has no cache in front, so there are no lines."
    return title, rate + cache


def _fits(layout):
    """Say into how many vectors and lines a row of each matrix goes."""
    words = []
    for each in layout.matrices:
        row = f"a row of {format_bytes(each.useful_bytes)} of weights takes"
        vectors = f"{each.vectors} vectors of {layout.lanes}" if layout.lanes > 1 else f"{each.length} single values"
        lines = f" and {each.lines} lines of {each.line_bytes} B" if layout.cached else ""
        words.append(f"{row} {vectors}{lines}")
    sentence = ", ".join(words)
    return sentence[0].upper() + sentence[1:]


def _legend(layout):
    marks = [
        ("rp-swatch rp-part-0", "weights of the inputs"),
        ("rp-swatch rp-part-1", "weights of the states"),
        ("rp-swatch rp-waste", "fills up a vector or a line"),
    ]
    borders = ["strokes across: the four gates"]
    if layout.lanes > 1:
        borders.append("dotted: borders of vectors")
    if layout.cached:
        borders.append("solid: borders of lines")
    signs = element(
        "ul",
        *(element("li", element("i", class_=class_, aria_hidden="true"), words) for class_, words in marks),
        *(element("li", words) for words in borders),
        class_="rp-key",
    )
    return folded("How to read this", signs)


def _table(layout):
    return table(
        f"Rows of the matrix in {layout.memory}",
        ("Matrix", "Rows", "Weights in a row", "Bytes of weights", "Vectors", "Lines", "Fills up vectors", "Fills up lines"),
        [
            (
                each.name,
                format_count(each.rows),
                format_count(each.length),
                format_bytes(each.useful_bytes),
                f"{each.vectors} of {layout.lanes}" if layout.lanes > 1 else "none",
                f"{each.lines} of {each.line_bytes} B" if layout.cached else "no cache",
                format_bytes(each.vector_fill_bytes),
                format_bytes(each.line_fill_bytes),
            )
            for each in layout.matrices
        ],
    )
