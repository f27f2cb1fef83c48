"""What a view of the bench owes a learner who does not look at it: nothing, until it is looked at again."""

from functools import wraps

import panel as pn
import param

from rooflab.workbench import Workbench

__all__ = ["InstrumentView", "redrawn"]


class InstrumentView(pn.viewable.Viewer):
    """A view over the bench, which follows it while it is in sight."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    in_sight = param.Boolean(default=True, doc="Whether the view is on the screen")

    def __init__(self, **params):
        self._stale = {}
        super().__init__(**params)

    @param.depends("in_sight", watch=True)
    def _catch_up(self):
        """Do once what was put off."""
        if not self.in_sight:
            return
        stale, self._stale = self._stale, {}
        for draw in stale.values():
            draw()


def redrawn(*names):
    """Have a method without arguments follow these parameters while its view is in sight; out of sight it is put off."""

    def follow(method):
        @param.depends(*names, watch=True)
        @wraps(method)
        def draw(self):
            if self.in_sight:
                method(self)
            else:
                self._stale[method.__name__] = lambda: method(self)

        return draw

    return follow
