"""The experiments of a part: what to do, what to watch, and what each one showed."""

import panel as pn
import param

from rooflab.views.markup import element, joined
from rooflab.views.widgets import text
from rooflab.workbench import TaskBoard

__all__ = ["TasksView"]


class TasksView(pn.viewable.Viewer):
    """One line an experiment, ticked in a sign and in words, with its finding once it is done."""

    board = param.ClassSelector(class_=TaskBoard, constant=True, doc="The experiments and their findings")

    def __init__(self, **params):
        self.list = text("", "rp-tasks")
        super().__init__(**params)
        self._draw()

    @param.depends("board.findings", watch=True)
    def _draw(self):
        board = self.board
        done = sum(each.id in board.findings for each in board.experiments)
        self.list.text = joined(
            element("h3", f"Experiments: {done} of {len(board.experiments)} done"),
            element("ol", *(_task(each, board.findings.get(each.id)) for each in board.experiments)),
        )

    def __panel__(self):
        return pn.Column(self.list, css_classes=["rp-card"], sizing_mode="stretch_width")


def _task(experiment, finding):
    state = element("strong", "✓ Done: ") if finding else element("span", "To do: ", class_="rp-unseen")
    return element(
        "li",
        element("p", state, experiment.do, element("span", f" Watch: {experiment.watch}", class_="rp-note")),
        element("p", finding, class_="rp-finding") if finding else None,
        class_="rp-task-done" if finding else None,
    )
