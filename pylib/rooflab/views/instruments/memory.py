"""What fills the memory, whether it fits, and the way back where it does not."""

import panel as pn
import param

from rooflab.analyses.memory import ways_back
from rooflab.lab.instruments import MEMORY
from rooflab.units import format_bytes, format_fraction
from rooflab.views.instruments.waterfall import bar, waterfall
from rooflab.views.markup import element, joined
from rooflab.views.widgets import pin_button, text
from rooflab.workbench import Workbench

__all__ = ["MemoryView"]

WAYS_SHOWN = 3
PART_COLOURS = 6


class MemoryView(pn.viewable.Viewer):
    """A row for each purpose, one after the other up to the mark of what there is."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")

    def __init__(self, **params):
        self.head = text("", "rp-head")
        self.bars = text("", "rp-bars")
        super().__init__(**params)
        self._layout = pn.Column(
            self.head,
            self.bars,
            pn.Row(
                pin_button(self.bench, MEMORY, "Pin the memory needed"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            css_classes=["rp-card", "rp-memory-card"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @param.depends("bench.outcome", watch=True)
    def _draw(self):
        capacity = self.bench.outcome().capacity
        if capacity.fits:
            self.head.text = joined(element("h3", _room(capacity)), element("p", _largest(capacity)))
        else:
            ways = ways_back(self.bench.scenario, self.bench.design(), self.bench.part.controls)
            self.head.text = joined(element("h3", _lack(capacity), class_="rp-failed"), _back(ways))
        self.bars.text = _bars(capacity)

    def __panel__(self):
        return self._layout


def _room(capacity):
    needed, available = float(capacity.needed_bytes), float(capacity.available_bytes)
    return (
        f"It fits: {format_bytes(needed)} of {format_bytes(available)} are needed, "
        f"{format_bytes(available - needed)} are free."
    )


def _lack(capacity):
    needed, available = float(capacity.needed_bytes), float(capacity.available_bytes)
    if not available:
        return f"There is no such memory on this device; {format_bytes(needed)} are needed."
    return (
        f"Out of memory: {format_bytes(needed)} are needed, {format_bytes(available)} are there, "
        f"{format_bytes(needed - available)} too little."
    )


def _largest(capacity):
    name, size = max(((words, float(bytes_)) for words, bytes_ in capacity.parts), key=lambda part: part[1])
    return f"The largest part of it is {name}: {format_bytes(size)}, {format_fraction(size / float(capacity.needed_bytes))}."


def _back(ways):
    """Name the single changes that make room, that which makes most first."""
    if not ways:
        return element("p", "The way back: no single control makes room. Go back to the design that you started with.")
    return joined(
        element("p", f"The way back: {ways[0].label} makes most room by itself."),
        element("ul", *(element("li", _way(each)) for each in ways[:WAYS_SHOWN]), class_="rp-ways"),
    )


def _way(way):
    enough, most = way.enough, way.most
    if enough is None:
        return f"{way.label}: {most.words} makes {format_bytes(most.room_bytes)} of room, which is not enough by itself."
    words = f"{way.label}: {enough.words} makes {format_bytes(enough.room_bytes)} of room: it fits."
    if most.value == enough.value:
        return words
    return f"{words} {most.words} makes {format_bytes(most.room_bytes)}."


def _of_all(size, available):
    return format_fraction(size / available) if available else "–"


def _bars(capacity):
    available = float(capacity.available_bytes)
    needed = float(capacity.needed_bytes)
    scale = max(available, needed)
    start, rows = 0.0, []
    for place, (name, bytes_) in enumerate(capacity.parts):
        size = float(bytes_)
        segment = bar(f"rp-part-{place % PART_COLOURS}", start / scale, (start + size) / scale)
        rows.append((name.capitalize() if name.islower() else name, (segment,), (format_bytes(size), _of_all(size, available))))
        start += size
    over = needed > available
    rows.append(
        (
            "Too much" if over else "Free",
            (bar("rp-added" if over else "rp-free", available / scale, needed / scale),),
            (format_bytes(abs(needed - available)), _of_all(abs(needed - available), available)),
            "rp-apart",
        )
    )
    return waterfall(
        f"What fills the memory of {format_bytes(available)}; the line marks its end",
        ("Purpose", "To scale, the line is the end", "Bytes", "Of all there is"),
        rows,
        mark=available / scale,
    )
