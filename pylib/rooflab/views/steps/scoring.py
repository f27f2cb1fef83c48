"""The buttons of the attempts, beside the controls: score the design, then stand by the best."""

import panel as pn
import param

from rooflab.views.markup import element
from rooflab.views.steps.attempts import left_words
from rooflab.views.tags import press
from rooflab.views.widgets import button, text
from rooflab.workbench.boards import AttemptsBoard

__all__ = ["ScoringView"]

STAND = "Stand by the best"
NONE_FEASIBLE = "End without a feasible design"


class ScoringView(pn.viewable.Viewer):
    """Scoring, and standing by the best, where the design is made: each would otherwise be a way over the page and back."""

    board = param.ClassSelector(class_=AttemptsBoard, constant=True, doc="The mission's attempts")

    def __init__(self, **params):
        self.said = text("", "rp-said")
        super().__init__(**params)
        self.score = button(self.board.param.submit, "Score this design", "rp-primary", tags=press("attempt"))
        self.finish = button(self.board.param.finish, STAND, tags=press("final"))
        self._layout = pn.Column(
            self.score,
            self.said,
            self.finish,
            css_classes=["rp-scoring"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @param.depends("board.opened", "board.attempts", "board.left", "board.message", "board.named", watch=True)
    def _draw(self):
        board = self.board
        self._layout.visible = board.opened and not board.named
        self.score.visible = not board.ended
        self.finish.param.update(visible=bool(board.attempts) and not board.named, label=STAND if board.best else NONE_FEASIBLE)
        self.said.text = element("p", " ".join(filter(None, (board.message, left_words(board)))), class_="rp-note")

    def __panel__(self):
        return self._layout
