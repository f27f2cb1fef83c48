"""Widgets that Panel lacks: choices that may start unanswered, named stops, cheap moving text."""

import panel as pn
import param
from bokeh.models import CategoricalSlider, Div, ImportedStyleSheet

from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.tags import press

__all__ = ["Choices", "CountInput", "StopSlider", "button", "pin_button", "select", "text", "toggle"]


class Choices(pn.widgets.RadioBoxGroup):
    """A radio group in which nothing need be chosen yet."""

    _allows_none = True


class CountInput(pn.widgets.IntInput):
    """A whole number that cannot be emptied: the page is given the last one back."""

    def _process_events(self, events):
        if "value" in events and events["value"] is None:
            events = {name: value for name, value in events.items() if not name.startswith("value")}
            for model, _ in self._models.values():
                model.value = self.value
        super()._process_events(events)


class StopSlider(pn.widgets.base.Widget):
    """A slider over a few stops, each spoken and shown by its own words, not by its index."""

    value = param.String(default="", doc="The stop chosen, moved while the handle is dragged")
    options = param.List(item_type=str, doc="The stops in order")
    show_value = param.Boolean(default=False, doc="Whether the stop stands in the title; its number twin knows better")

    _rename = {"label": "title", "name": None, "options": "categories", "value": "value"}
    _widget_type = CategoricalSlider

    def _process_events(self, events):
        # Panel's own keeps a count of busy events, which costs a third of a move; no one shows it here.
        if "value" in events:
            self.value = events["value"]


def text(markup="", *classes):
    """Make a text whose `.text` takes markup.

    A Bokeh model and not Panel's HTML pane, whose every change sends its stylesheets again and
    takes forty times as long (Panel 1.9.4: 1.3 ms against 0.03 ms natively).
    """
    return Div(
        text=markup,
        css_classes=["rp-text", *classes],
        stylesheets=[ImportedStyleSheet(url=url) for url in STYLESHEETS],
        disable_math=True,
        sizing_mode="stretch_width",
        margin=0,
    )


def select(parameter, words, *, tags=()):
    """Make a drop-down choice, which brings its own label."""
    return pn.widgets.Select.from_param(
        parameter,
        label=words,
        description=None,
        css_classes=["rp-select"],
        tags=list(tags),
        sizing_mode="stretch_width",
        margin=0,
    )


def button(parameter, words, *classes, tags=()):
    """Make a button that triggers an Event parameter."""
    return pn.widgets.Button.from_param(
        parameter,
        label=words,
        description=None,  # else Panel makes a tooltip of the doc, and imports a Markdown parser for it
        css_classes=["rp-button", *classes],
        tags=list(tags),
        margin=0,
    )


def toggle(parameter, words, *classes):
    """Make a button that stays pressed while a Boolean parameter is true."""
    return pn.widgets.Toggle.from_param(
        parameter, label=words, css_classes=["rp-button", "rp-toggle", *classes], margin=0
    )


def pin_button(bench, instrument, words):
    """Make a button that pins what an instrument of the bench shows now; hidden where nothing can be pinned."""
    pin = pn.widgets.Button(
        label=words, css_classes=["rp-button", "rp-pin"], tags=press(f"pin:{instrument}"), visible=bench.recorded, margin=0
    )
    pin.on_click(lambda _event: bench.pin(instrument))
    return pin
