"""A bench as it is drawn: the document's figures and texts read back, for tests of what a learner sees."""

import re
from xml.etree import ElementTree

import panel as pn
from bokeh.document import Document
from bokeh.models import Div, Label, VSpan
from bokeh.plotting import figure as Figure  # noqa: N812: the class by its own name

from rooflab.charts.theme import LIMIT
from rooflab.views.bench import Bench
from rooflab.workbench import make_workbench

__all__ = ["Screen", "all_in_sight", "cells", "percent", "plain", "put_up", "tree", "width"]


def put_up(bench):
    """Return the pieces of a bench in a document of their own, as the page has them, before any tab is looked at."""
    pieces, document = Bench(bench), Document()
    held = pn.Column(pieces.controls, pieces.stopped, pieces.charted, pieces.verdict, pieces.panel)
    document.add_root(held.get_root(document))
    return pieces, document


def all_in_sight(panel, names=None):
    """Have every instrument of a panel in sight at once, or these, and return those that are built by their ids."""
    for each in panel.offered:
        if names is None or each.id in names:
            panel.look_at(each.id)
    for name, (view, layout) in panel.views.items():
        view.in_sight = layout.visible = names is None or name in names
    return {name: view for name, (view, _) in panel.views.items()}


class Screen:
    """A part's bench in a document, with everything open that can be."""

    def __init__(self, place):
        self.bench = make_workbench(scenario=place.scenario, part=place.part, start=place.start, mission=place.mission)
        self.pieces, self.document = put_up(self.bench)
        self._views = {"roofline": self.pieces.roofline, "verdict": self.pieces.verdict, **all_in_sight(self.pieces.panel)}
        self.bench.layers_tabled = True
        for each in self._views.values():
            if "tabled" in each.param:
                each.tabled = True
        models = list(self.document.models)
        self._divs = [each for each in models if isinstance(each, Div)]
        self._figures = {}
        for each in models:
            if isinstance(each, Figure) and each.tags and isinstance(each.tags[0], str):
                self._figures[each.tags[0].removeprefix("rooflab:alt:").partition(".")[0]] = each
        self._labels = {name: list(each.select(Label)) for name, each in self._figures.items()}

    def __getitem__(self, instrument):
        """Return the view of an instrument; None where the part has none."""
        return self._views.get(instrument)

    @property
    def markup(self):
        """All texts on the screen, as they are drawn."""
        return "\n".join(each.text for each in self._divs if each.visible)

    @property
    def greyed(self):
        """Whether the roofline and the other instruments are grey; None if they differ."""
        grey = {"rp-void" in each.css_classes for each in (self.pieces.charted, self.pieces.panel.__panel__())}
        return grey.pop() if len(grey) == 1 else None

    def point(self, name):
        """Return intensity, rate, marker and ridge of the ringed dot of a figure, and the corners of its ceiling; None if none is drawn."""
        plot = self._figures[name]
        (ring,) = [each for each in plot.renderers if getattr(each.glyph, "size", None) == 25]
        (ridge,) = [each for each in plot.renderers if isinstance(each.glyph, VSpan)]
        lines = [each for each in plot.renderers if type(each.glyph).__name__ in ("Line", "MultiLine") and each.glyph.line_color == LIMIT]
        traced = lines[0].data_source.data
        data = ring.data_source.data
        if not len(data["x"]) or data["x"][0] != data["x"][0]:
            return None
        xs, ys = (traced["x"], traced["y"]) if "ceiling_x" not in traced else (traced["ceiling_x"][0], traced["ceiling_y"][0])
        ceiling = list(zip(xs, ys, strict=True))
        return data["x"][0], data["y"][0], data["marker"][0], ridge.data_source.data[ridge.glyph.x][0], ceiling

    def named(self, name, words):
        """Return where a name stands along the axis of a figure; None if it is not there."""
        return next((each.x for each in self._labels[name] if each.text == words and each.visible), None)


def tree(markup):
    """Return markup as a tree of elements."""
    return ElementTree.fromstring(f"<div>{markup}</div>")


def plain(element):
    """Return the words of an element, or of markup."""
    element = tree(element) if isinstance(element, str) else element
    return " ".join(" ".join(element.itertext()).split())


def cells(markup):
    """Return the body rows of every table in markup, each a list of words."""
    return [[plain(cell) for cell in row] for row in tree(markup).iterfind(".//tbody/tr")]


def width(element, name="width"):
    """Return a width or a place of an element in percent."""
    found = re.search(rf"(?:^|;){name}:([\d.]+)%?", element.get("style", ""))
    return float(found[1]) if found else None


def percent(words):
    """Return the first percentage in words as a number with half of its last digit; None without one."""
    found = re.search(r"([\d.]+)%", words)
    if found is None:
        return None
    digits = len(found[1].partition(".")[2])
    return float(found[1]), 0.5 * 10**-digits
