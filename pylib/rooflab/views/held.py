"""Bokeh models among Panel's views, each as it is.

Panel's own pane for them copies every property of the model into parameters of its own, makes a row around each in case it
were shown alone, and searches the model for scripts and themes whenever it is put up: a third of the time in which a screen
is built (Panel 1.9.4), for what the lab never asks of it.
"""

import panel as pn
import param
from bokeh.models import LayoutDOM
from panel.io.model import remove_root

__all__ = ["Held"]


class Held(pn.viewable.Viewable):
    """One Bokeh model, in the place of a view: it is laid out by its own properties, and told nothing."""

    object = param.ClassSelector(class_=LayoutDOM, allow_None=False, constant=True, doc="The model")

    def _get_model(self, doc, root=None, parent=None, comm=None):
        if self.object.document not in (None, doc):
            remove_root(self.object, doc)
        self._models[(root or self.object).ref["id"]] = (self.object, parent)
        return self.object

    def _cleanup(self, root=None):
        super()._cleanup(root)
        if root is not None:
            self._models.pop(root.ref["id"], None)
