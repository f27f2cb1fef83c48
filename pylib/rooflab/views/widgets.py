"""Widgets that Panel lacks: choices that may start unanswered, named stops, cheap moving text."""

import panel as pn
import param
from bokeh.models import CategoricalSlider, Div, ImportedStyleSheet, LayoutDOM, Select

from rooflab.views.held import Held
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.tags import press

__all__ = ["Choices", "CountInput", "DropDown", "StopSlider", "button", "pin_button", "plain_select", "select", "text", "text_area", "toggle"]

LayoutDOM.__panel__ = lambda model: Held(object=model)  # in Panel's rows and columns, a text or a figure goes as it is

PIN, PINNED = "Pin", "Pinned"
TYPED_LIMIT = 100_000
"""What a field takes: far more than the ledger holds, so that a long text is there to be shortened and not cut."""


class Choices(pn.widgets.RadioBoxGroup):
    """A radio group in which nothing need be chosen yet."""

    _allows_none = True


class _Direct(pn.widgets.base.Widget):
    """Shows a parameter of the bench and sets it, each directly.

    Panel's own link reads every parameter of both for each move, in case somebody wants to go back. Its own way from the page
    unlocks and locks every parameter of the widget meanwhile, for those that a learner cannot set, and counts busy events,
    which no one shows here: a third of the time until a control's value is on the bench.
    """

    __abstract = True

    @classmethod
    def from_param(cls, parameter, **params):
        """Make a widget that follows a parameter, its choices and its bounds, and that sets it."""
        holder, name = parameter.owner, parameter.name
        made = cls(value=getattr(holder, name), **cls._limits(parameter), **params)

        # Only where they differ: while anything is being triggered, param tells of values that stay as they are.
        def take(_event):
            if getattr(holder, name) != made.value:
                try:
                    setattr(holder, name, made.value)
                finally:
                    follow()  # it may have been refused, or another watcher may have set another

        def follow(_event=None):
            if made.value != getattr(holder, name):
                made.value = getattr(holder, name)

        made.param.watch(take, "value")
        holder.param.watch(follow, name)
        for limit in ("objects", "bounds"):
            if hasattr(parameter, limit):
                holder.param.watch(lambda _event: made.param.update(**cls._limits(parameter)), name, what=limit)
        return made

    @classmethod
    def _limits(cls, parameter):
        """Return what a widget has to know of the values that a parameter takes."""
        if hasattr(parameter, "get_range"):
            choices = parameter.get_range()
            return {"options": list(choices.values()) if isinstance(cls.param.options, param.List) else choices}
        start, end = parameter.bounds or (None, None)
        return {"start": start, "end": end}

    def _process_events(self, events):
        taken = self._process_property_change(events)
        if "value" in taken:
            self.value = taken["value"]


class DropDown(_Direct, pn.widgets.Select):
    """A drop-down choice."""


class CountInput(_Direct, pn.widgets.IntInput):
    """A whole number that cannot be emptied: the page is given the last one back."""

    def _process_events(self, events):
        if "value" in events and events["value"] is None:
            for model, _ in self._models.values():
                model.value = self.value
        else:
            super()._process_events(events)


class StopSlider(_Direct):
    """A slider over a few stops, each spoken and shown by its own words, not by its index."""

    value = param.String(default="", doc="The stop chosen, moved while the handle is dragged")
    options = param.List(item_type=str, doc="The stops in order")
    show_value = param.Boolean(default=False, doc="Whether the stop stands in the title; its number twin knows better")

    _rename = {"label": "title", "name": None, "options": "categories", "value": "value"}
    _widget_type = CategoricalSlider


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


def select(parameter, words, *classes, tags=()):
    """Make a drop-down choice, which brings its own label."""
    return DropDown.from_param(
        parameter,
        label=words,
        description=None,
        css_classes=["rp-select", *classes],
        tags=list(tags),
        sizing_mode="stretch_width",
        margin=0,
    )


def plain_select(words, choose):
    """Make a drop-down whose options change with every move of a control; `choose` is told a new value.

    A Bokeh model, for the reason that `text` gives: Panel's takes ten times as long to take new options.
    """
    made = Select(
        title=words,
        css_classes=["rp-select"],
        stylesheets=[ImportedStyleSheet(url=url) for url in STYLESHEETS],
        sizing_mode="stretch_width",
        margin=0,
    )
    made.on_change("value", lambda _attribute, _before, value: choose(value))
    return made


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


def pin_button(bench, instrument, words, shown):
    """Make a button that pins what an instrument of the bench shows now; hidden where nothing can be pinned.

    `words` are its name, which a screen reader tells; `shown`, a part of them, stand on it, since the instrument is beside it.
    Once the reading of the design is pinned the button says so.
    """
    pin = pn.widgets.Button(
        label=shown,
        css_classes=["rp-button", "rp-pin"],
        tags=[*press(f"pin:{instrument}"), f"rooflab:label:{words}"],
        visible=bench.recorded,
        margin=0,
    )
    pin.on_click(lambda _event: bench.pin(instrument))

    def follow(*_events):
        words = (PINNED if shown == PIN else f"{shown}: {PINNED.lower()}") if instrument in bench.kept_here else shown
        if pin.label != words:
            pin.label = words

    bench.param.watch(follow, "kept_here")
    follow()
    return pin


def text_area(parameter, words, hint, *, tags):
    """A field of a few lines, which takes far more than the ledger does."""
    return pn.widgets.TextAreaInput.from_param(
        parameter,
        label=words,
        placeholder=hint,
        description=None,
        max_length=TYPED_LIMIT,
        rows=3,
        css_classes=["rp-field"],
        tags=tags,
        width=None,
        sizing_mode="stretch_width",
        margin=0,
    )
