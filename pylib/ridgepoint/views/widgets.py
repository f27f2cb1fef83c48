"""Widgets that Panel lacks: choices that may start unanswered, named stops, cheap moving text."""

import panel as pn
import param
from bokeh.models import CategoricalSlider, Div, ImportedStyleSheet

from ridgepoint.views.design import STYLESHEETS
from ridgepoint.views.markup import element

__all__ = ["Choices", "StopSlider", "button", "label", "labelled_choices", "text", "toggle"]


class Choices(pn.widgets.RadioBoxGroup):
    """A radio group in which nothing need be chosen yet."""

    _allows_none = True


class StopSlider(pn.widgets.base.Widget):
    """A slider over a few stops, each spoken and shown by its own words, not by its index."""

    value = param.String(default="", doc="The stop chosen, moved while the handle is dragged")
    options = param.List(item_type=str, doc="The stops in order")

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


def label(words):
    """Make the visible label of a control that has none of its own."""
    return text(element("span", words, class_="rp-label"), "rp-label-row")


def labelled_choices(parameter, words, *classes, inline=True, tags=()):
    """Make a radio group under its label, which also names it to assistive technology."""
    return label(words), Choices.from_param(
        parameter,
        inline=inline,
        css_classes=["rp-segmented" if inline else "rp-choices", *classes],
        tags=[*tags, f"ridgepoint:label:{words}"],
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
        parameter, label=words, description=None, css_classes=["rp-button", "rp-toggle", *classes], margin=0
    )
