"""The Panel theme of the lab: our own stylesheets, none of Panel's."""

import panel as pn
from panel.theme.base import Design, Inherit, Theme

__all__ = ["STYLESHEETS", "LabDesign", "LabTheme"]

STYLESHEETS = ("css/widgets.css", "css/views.css")
"""Relative to the page, so that they hold under any sub-path and from file://."""


class LabTheme(Theme):
    """No theme files: colours inherit into shadow roots as custom properties of the page."""

    _name = "default"


class LabDesign(Design):
    """Give every component the lab's stylesheets."""

    modifiers = {pn.viewable.Viewable: {"stylesheets": [Inherit, *STYLESHEETS]}}
    _themes = {"default": LabTheme, "dark": LabTheme}
