"""The lab's Panel design: one stylesheet of our own, none of Panel's themes."""

import panel as pn
from panel.theme.base import Design, Inherit, Theme

__all__ = ["LabDesign", "LabTheme"]

STYLESHEET = "css/widgets.css"
"""Relative to the page, so that it holds under any sub-path and from file://."""


class LabTheme(Theme):
    """No theme files: colours inherit into shadow roots as custom properties of the page."""

    _name = "default"


class LabDesign(Design):
    """Give every component the lab's stylesheet."""

    modifiers = {pn.viewable.Viewable: {"stylesheets": [Inherit, STYLESHEET]}}
    _themes = {"default": LabTheme, "dark": LabTheme}
