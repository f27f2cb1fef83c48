"""A design that cannot run: why, the number that decides, and the way back; everything else is grey."""

import panel as pn
import param

from rooflab.analyses.cannot_run import ways_to_run
from rooflab.units import format_ratio
from rooflab.views.markup import element, folded, joined
from rooflab.views.widgets import text
from rooflab.workbench import Workbench

__all__ = ["StoppedView"]

WAYS_SHOWN = 3


class StoppedView(pn.viewable.Viewer):
    """Hidden while the design runs."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")

    def __init__(self, **params):
        self.words = text("", "rp-head")
        super().__init__(**params)
        self._layout = pn.Column(self.words, visible=False, css_classes=["rp-card", "rp-stopped"], sizing_mode="stretch_width")
        self._draw()

    @param.depends("bench.outcome", watch=True)
    def _draw(self):
        outcome = self.bench.outcome()
        stopped = outcome.cannot_run
        if stopped is not None:
            ways = ways_to_run(self.bench.scenario, self.bench.design(), self.bench.part.controls)
            self.words.text = _stopped(stopped, ways, [each.target_words for each in outcome.targets])
        elif self.words.text:
            self.words.text = ""
        self._layout.visible = stopped is not None

    def __panel__(self):
        return self._layout


def _stopped(stopped, ways, targets):
    rest = "A step can be timed and pinned; the delay cannot." if stopped.backlog else "Nothing of it can be measured."
    back = f"The way back, each by itself: {'; '.join(ways[:WAYS_SHOWN])}." if ways else "The way back: no single control is enough; change two, or go back to the start."
    return joined(
        element("h3", f"Cannot run. {stopped.kind}: {stopped.reason}", class_="rp-failed"),
        _picture(stopped),
        element("div", element("p", back), folded("What is grey", element("p", f"Computed, not graded{': ' if targets else ''}{'; '.join(targets)}. {rest}")), class_="rp-back"),
    )


def _picture(stopped):
    """Draw what is needed to scale, with a mark at what there is, and the number that decides beside it."""
    if stopped.used_fraction is None:
        return element("p", stopped.number, class_="rp-note")
    return element(
        "div",
        element(
            "div",
            element("i", class_="rp-run", style=f"width:{1 / stopped.used_fraction:.2%}"),
            element("i", class_="rp-excess", style=f"width:{1 - 1 / stopped.used_fraction:.2%}"),
            element("b", style=f"left:{1 / stopped.used_fraction:.2%}"),
            class_="rp-bar rp-too-much",
            aria_hidden="true",
        ),
        element("p", f"{stopped.number}: {format_ratio(stopped.used_fraction)} what there is", class_="rp-note"),
        class_="rp-shortfall",
    )
