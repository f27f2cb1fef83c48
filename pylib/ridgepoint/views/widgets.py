"""Widgets that Panel lacks: choices that may start unanswered."""

import panel as pn

__all__ = ["Choices"]


class Choices(pn.widgets.RadioBoxGroup):
    """A radio group in which nothing need be chosen yet."""

    _allows_none = True
