"""A chart as every one of the lab stands: its finding above, its numbers in a table below."""

import panel as pn

from rooflab.views.markup import element, folded, joined, table
from rooflab.views.widgets import text

__all__ = ["boxed", "charted"]


def boxed(*children):
    """Return a card."""
    return pn.Column(*children, css_classes=["rp-card"], sizing_mode="stretch_width")


def charted(title, detail, chart, header, rows, *, caption, signs=None):
    """Return a card: the finding, the figure, what its signs mean, and the table that has its numbers."""
    chart.figure.tags = [f"rooflab:alt:{title} {detail}"]
    return boxed(
        text(joined(element("h3", title), element("p", detail) if detail else None), "rp-head"),
        chart.figure,
        *([text(folded("How to read this", signs), "rp-legend")] if signs else []),
        text(folded("Table", table(caption, header, rows))),
    )
