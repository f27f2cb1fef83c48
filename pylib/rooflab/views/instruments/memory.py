"""What fills the memory, whether it fits, and the way back where it does not."""

import panel as pn

from rooflab.analyses.memory import ways_back
from rooflab.lab.instruments import MEMORY
from rooflab.model.capacity import available_words
from rooflab.units import format_bytes, format_fraction
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.instruments.waterfall import bar, waterfall
from rooflab.views.markup import element, joined
from rooflab.views.widgets import pin_button, text

__all__ = ["MemoryView"]

WAYS_SHOWN = 3
PART_COLOURS = 6


class MemoryView(InstrumentView):
    """A row for each purpose, one after the other up to the mark of what there is."""

    def __init__(self, **params):
        self.head = text("", "rp-head")
        self.bars = text("", "rp-bars")
        super().__init__(**params)
        self._layout = pn.Column(
            self.head,
            self.bars,
            pn.Row(
                pin_button(self.bench, MEMORY, "Pin the memory needed", "Pin"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            css_classes=["rp-card", "rp-memory-card"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @redrawn("bench.outcome")
    def _draw(self):
        capacity = self.bench.outcome().capacity
        if capacity.fits:
            self.head.text = joined(element("h3", _room(capacity)), _largest(capacity))
        else:
            ways = ways_back(self.bench.scenario, self.bench.design(), self.bench.part.controls)
            self.head.text = joined(element("h3", _lack(capacity), class_="rp-failed"), _back(ways))
        self.bars.text = _bars(capacity)

    def __panel__(self):
        return self._layout


def _room(capacity):
    needed, available = float(capacity.needed_bytes), float(capacity.available_bytes)
    return f"It fits: {format_bytes(needed)} of {available_words(capacity)} needed, {format_bytes(available - needed)} free."


def _lack(capacity):
    needed, available = float(capacity.needed_bytes), float(capacity.available_bytes)
    if not available:
        return f"There is no such memory on this device; {format_bytes(needed)} needed."
    return (
        f"Out of memory: {format_bytes(needed)} needed, only {available_words(capacity)} available, "
        f"{format_bytes(needed - available)} too little."
    )


def _largest(capacity):
    if sum(bool(bytes_) for _, bytes_ in capacity.parts) < 2:
        return None
    name, size = max(((words, float(bytes_)) for words, bytes_ in capacity.parts), key=lambda part: part[1])
    return element("p", f"The largest part is {name}: {format_bytes(size)}.")


def _back(ways):
    """Name the single changes that make room, that which makes most first."""
    if not ways:
        return element("p", "The way back: no single control frees any. Go back to the design that you started with.")
    return joined(
        element("p", f"The way back: {ways[0].label} frees most by itself."),
        element("ul", *(element("li", _way(each)) for each in ways[:WAYS_SHOWN]), class_="rp-ways"),
    )


def _way(way):
    enough, most = way.enough, way.most
    if enough is None:
        return f"{way.label}: {most.words} frees {format_bytes(most.room_bytes)}, which is not enough by itself."
    words = f"{way.label}: {enough.words} frees {format_bytes(enough.room_bytes)}: it fits."
    if most.value == enough.value:
        return words
    return f"{words} {most.words} frees {format_bytes(most.room_bytes)}."


def _of_all(size, available):
    return format_fraction(size / available) if available else "–"


def _bars(capacity):
    available = float(capacity.available_bytes)
    needed = float(capacity.needed_bytes)
    scale = max(available, needed)
    start, rows = 0.0, []
    for place, (name, bytes_) in enumerate(capacity.parts):
        size = float(bytes_)
        if not size:
            continue
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
        f"What fills the {available_words(capacity)}",
        ("Purpose", "To scale", "Bytes", "Share"),
        rows,
        mark=available / scale,
    )
