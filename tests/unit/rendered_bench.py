"""A bench read back as a learner sees it: texts as numbers with units, tables by their heads, glyphs with what they draw.

Nothing here knows which text or figure belongs to which instrument; tests say what they expect of it.
"""

import math
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import numpy as np
import panel as pn
from bokeh.core.property.dataspec import DataSpec
from bokeh.models import Div, GlyphRenderer, Label, Plot, Span

from rooflab.lab.instruments import instruments_of
from rooflab.tracks import TRACKS
from rooflab.views.bench import VIEWS
from rooflab.views.held import Held
from rooflab.workbench import make_workbench

__all__ = ["Element", "Quantity", "Rendered", "bench_of", "drawn", "every_part", "quantities", "shows", "tables", "told"]

PREFIXES = {"": 1.0, "P": 1e15, "T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3, "m": 1e-3, "µ": 1e-6, "n": 1e-9, "p": 1e-12}
UNITS = (
    "FLOP per byte", "FLOP/byte", "FLOP/s", "FLOP", "tokens/s", "images/s", "outputs/s", "frames/s", "rows/s", "tokens", "images", "pixels", "states",
    "sequences", "B/s", "B", "J/byte", "J/FLOP", "J/K", "K/W", "J", "W", "Hz", "FPS", "°C", "s", "%", "×",
)
_NUMBER = r"[−-]?\d[\d\N{NO-BREAK SPACE}]*(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?"
_MINUTES = re.compile(r"(\d+) min(?: (\d+) s)?")
_QUANTITY = re.compile(rf"({_NUMBER})(?: ?([PTGMkmµnp]?)({'|'.join(map(re.escape, UNITS))})(?![\w/])| ([PTGMkmµnp])(?!\w))?")
VOID = {"br", "hr", "wbr", "i:", "img"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is written, in SI units, and half of its last digit's place."""

    value: float
    unit: str
    slack: float

    def is_(self, value: float, unit: str = "") -> bool:
        """Whether it is this value, rounded as written; a share may be written in percent."""
        scale = 100.0 if self.unit == "%" and unit == "" else 1.0
        known = self.unit == unit or (self.unit == "%" and unit == "")
        return known and abs(self.value - scale * float(value)) <= self.slack * 1.001 + 1e-9 * abs(self.value)


@dataclass(slots=True)
class Element:
    """An element of markup: its name, classes and attributes, and what it holds."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """The classes that it has."""
        return set((self.attributes.get("class") or "").split())

    @property
    def text(self) -> str:
        """All text in it, as one reads it."""
        return re.sub(r"[ \n]+", " ", "".join(each if isinstance(each, str) else each.text for each in self.children)).strip(" ")

    def all(self, name: str = "", class_: str = "") -> list["Element"]:
        """Return the elements below it of a name and a class, in order."""
        found = []
        for each in self.children:
            if isinstance(each, Element):
                if (not name or each.name == name) and (not class_ or class_ in each.classes):
                    found.append(each)
                found += each.all(name, class_)
        return found

    def one(self, name: str = "", class_: str = "") -> "Element":
        """Return the first of `all`."""
        return self.all(name, class_)[0]

    def style(self, name: str) -> float:
        """Return a length of its style, in percent."""
        return float(re.search(rf"(?:^|;){name}:([-\d.]+)", self.attributes["style"])[1])


def told(markup: str) -> Element:
    """Read markup; what is not closed is not ours."""
    reader = _Reader()
    reader.feed(markup)
    assert len(reader.open) == 1, f"not closed: {reader.open[-1].name}"
    return reader.open[0]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = [Element("")]

    def handle_starttag(self, tag, attrs):
        made = Element(tag, dict(attrs))
        self.open[-1].children.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_endtag(self, tag):
        assert self.open.pop().name == tag

    def handle_data(self, data):
        self.open[-1].children.append(data)


def quantities(words: str) -> list[Quantity]:
    """Return every number in a text, in order, with its unit."""
    found = []
    words = _MINUTES.sub(lambda each: f"{60 * int(each[1]) + int(each[2] or 0)} s", words)
    for number, prefix, unit, bare in _QUANTITY.findall(words):
        plain = number.replace("−", "-").replace("\N{NO-BREAK SPACE}", "").replace(",", "")
        scale = PREFIXES[prefix or bare]
        mantissa, _, power = plain.partition("e")
        last = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
        found.append(Quantity(float(plain) * scale, unit, 0.5 * last * scale))
    return found


def shows(words: str, value: float, unit: str = "") -> bool:
    """Whether the first number of a text is this value, as far as it is written; a dash is what is not finite."""
    if not math.isfinite(value):
        return words.startswith("–") or "never" in words
    return bool(found := quantities(words)) and found[0].is_(value, unit)


class Rendered:
    """Views by name, each as the models that Panel would send to the page."""

    def __init__(self, **views) -> None:
        self.views = views
        self._parts = {name: list(view.__panel__().select()) for name, view in views.items()}

    @classmethod
    def of(cls, bench) -> "Rendered":
        """Put up every instrument of a bench, each by its id."""
        return cls(**{each.id: VIEWS[each.id](bench=bench) for each in instruments_of(bench.part)})

    def _models(self, name, kind):
        return [each.object for each in self._parts[name] if isinstance(each, Held) and isinstance(each.object, kind)]

    def markup(self, name: str) -> Element:
        """Return all visible texts of a view, one after the other."""
        return told("".join(each.text for each in self._models(name, Div) if each.visible))

    def text(self, name: str) -> str:
        """Return what a view says."""
        return self.markup(name).text

    def gauges(self) -> dict[str, Element]:
        """Return every gauge of the verdict strip and of the readings, by its name; one that is in both looks the same in both."""
        found = {}
        for each in (*self.markup("verdict").all(class_="rp-gauge"), *self.markup("readings").all(class_="rp-gauge")):
            name = each.one(class_="rp-gauge-name").text
            assert found.setdefault(name, each) == each, name
        return found

    def tables(self, name: str) -> list[tuple[str, list[dict[str, Element]]]]:
        """Return the tables of a view: a caption, and rows as cells by the words above them."""
        return tables(self.markup(name))

    def table(self, name: str, *heads: str) -> list[dict[str, Element]]:
        """Return the rows of the first table that has these words above its columns."""
        return next(rows for _, rows in self.tables(name) if rows and set(heads) <= set(rows[0]))

    def plots(self, name: str) -> list[Plot]:
        """Return the figures of a view, from the top."""
        return self._models(name, Plot)

    def widgets(self, name: str) -> list[pn.widgets.Widget]:
        """Return the widgets of a view."""
        return [each for each in self._parts[name] if isinstance(each, pn.widgets.Widget)]

    def seen(self, name: str) -> dict:
        """Return everything in a view that a learner can see or hear, so that two can be compared."""
        return {
            "texts": [(each.text, list(each.css_classes)) for each in self._models(name, Div) if each.visible],
            "widgets": [tuple(repr(getattr(each, key, "")) for key in SEEN) for each in self.widgets(name)],
            "plots": [_plot(each) for each in self.plots(name)],
        }


SEEN = ("visible", "disabled", "label", "value", "options", "tags", "css_classes")


def tables(markup: Element) -> list[tuple[str, list[dict[str, Element]]]]:
    """Return the tables in markup: a caption, and rows as cells by the words above them."""
    found = []
    for each in markup.all("table"):
        head = [cell.text for cell in each.one("thead").all("th")]
        rows = [[cell for cell in row.children if isinstance(cell, Element)] for row in each.one("tbody").all("tr")]
        found.append((each.one("caption").text, [dict(zip(head, row, strict=True)) for row in rows]))
    return found


def drawn(plot: Plot, kind: str = "") -> list[dict]:
    """Return each glyph of a figure with the values that it draws, by the names of its properties."""
    found = []
    for each in plot.renderers:
        if isinstance(each, GlyphRenderer) and each.visible and (not kind or type(each.glyph).__name__ == kind):
            data = each.data_source.data
            values = {"kind": type(each.glyph).__name__}
            for name in each.glyph.properties():
                value = getattr(each.glyph, name)
                if isinstance(each.glyph.lookup(name).property, DataSpec):
                    value = data.get(value, value) if isinstance(value, str) else value
                    value = data[value["field"]] if isinstance(value, dict) and "field" in value else value
                values[name] = value
            found.append(values)
    return found


def _plot(plot):
    """Return what a figure shows; the axes of one that shows nothing say nothing, nor does a label without words."""
    glyphs = [{name: _plain(value) for name, value in each.items()} for each in drawn(plot)]
    empty = not any(each.get(name) for each in glyphs for name in ("x", "xs", "left", "x0", "x1") if isinstance(each.get(name), list))
    return {
        "glyphs": glyphs,
        "axes": [] if empty else [(each.axis_label, _plain(getattr(each.ticker, "ticks", ())), repr(each.major_label_overrides)) for each in plot.axis],
        "ranges": [] if empty else [_plain((each.start, each.end)) for each in (plot.x_range, plot.y_range)],
        "spans": [(each.dimension, _plain(each.location)) for each in plot.center if isinstance(each, Span)],
        "labels": [(each.text, _plain((each.x, each.y)), each.text_align) for each in plot.center if isinstance(each, Label) and each.text and each.visible],
        "alternative": [each for each in plot.tags if isinstance(each, str)],
    }


def _plain(value):
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(each) for each in np.asarray(value).tolist()] if not isinstance(value, np.ndarray) else _plain(value.tolist())
    if isinstance(value, float | np.floating):
        return "nan" if math.isnan(value) else float(f"{float(value):.9g}")
    return repr(value) if not isinstance(value, str | int | bool | type(None)) else value


def bench_of(track, number: int, variant: int = 0, **changes):
    """Return a bench of a part of a track, at the design that it begins with and these changes."""
    part = track.part(number)
    mission = part.mission(variant) if part.mission else None
    scenario = mission.scenario if mission else track.scenario(variant)
    bench = make_workbench(scenario=scenario, part=part, start=mission.baseline if mission else scenario.crisis, mission=mission)
    if changes:
        bench.param.update(**changes)
    return bench


def every_part() -> dict[str, tuple]:
    """Return every part of every track, by a name for pytest."""
    return {f"{track.id}-{part.number}": (track, part.number) for track in TRACKS for part in track.parts}
