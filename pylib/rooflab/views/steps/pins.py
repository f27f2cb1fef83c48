"""The pinned readings, which a reflection may cite as evidence."""

from dataclasses import replace

import panel as pn
import param

from rooflab.analyses.changes import value_words
from rooflab.units import format_reading
from rooflab.views.markup import element, folded, joined
from rooflab.views.widgets import text
from rooflab.workbench import Pinboard

__all__ = ["PinsView", "design_words", "pin_words"]


class PinsView(pn.viewable.Viewer):
    """List what was pinned, in order, each with the design it was read at."""

    board = param.ClassSelector(class_=Pinboard, constant=True, doc="The readings pinned so far")
    controls = param.Parameter(default=(), constant=True, doc="The controls whose words say what a design is")
    start = param.Parameter(default=None, constant=True, doc="The design that the part begins with")

    def __init__(self, **params):
        self.list = text("", "rp-pins")
        super().__init__(**params)
        self._layout = pn.Column(self.list, css_classes=["rp-card", "rp-pinboard"], sizing_mode="stretch_width")

    @param.depends("board.pins", watch=True, on_init=True)
    def _draw(self):
        pins = self.board.pins
        if not pins:
            self.list.text = joined(
                element("h3", "No reading pinned yet"),
                element("p", "Your reflection needs one."),
            )
            return
        self.list.text = joined(
            element("h3", "1 reading pinned" if len(pins) == 1 else f"{len(pins)} readings pinned"),
            element("ol", *(element("li", element("strong", pin_words(pin)), self._design(pin)) for pin in pins)),
        )

    def _design(self, pin):
        """Say what the design of a pin changes from the start."""
        start = self.start.to_json() if self.start else {}
        changed = [each for each in self.controls if pin.design.get(each.id) != start.get(each.id)]
        words = design_words(pin.design, changed)
        return folded("Its design", words) if words else " at the start"

    def __panel__(self):
        return self._layout


def pin_words(pin):
    """Write a pinned reading as a name and a number."""
    return f"{pin.name}: {format_reading(pin.value, pin.unit)}"


def design_words(design, controls=()):
    """Write a design in a line, in the words of the controls that set it."""
    return ", ".join(
        f"{control.label} {_setting(control, design[control.id])}" for control in controls if control.id in design
    )


def _setting(control, value):
    """Write a value in the control's words: of a choice its name alone, and no unit that the label has named already."""
    words = value_words(control, value)
    if value in {choice.id for choice in control.choices}:
        return words.partition(":")[0]
    named = control.unit and control.unit.casefold() in control.label.casefold()
    return value_words(replace(control, unit=""), value) if named else words
