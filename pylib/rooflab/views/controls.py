"""The controls of the design; every slider has a number twin on the same parameter."""

import panel as pn
import param

from rooflab.views.markup import element
from rooflab.views.steps.attempts import left_words
from rooflab.views.tags import PartTags, press
from rooflab.views.widgets import CountInput, StopSlider, button, select, text
from rooflab.workbench import Workbench
from rooflab.workbench.boards import AttemptsBoard

__all__ = ["ControlsView"]


class ControlsView(pn.viewable.Viewer):
    """Everything of the design that the learner can set."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    attempts = param.ClassSelector(class_=AttemptsBoard, allow_None=True, constant=True, doc="The mission's attempts, if any")
    tags = param.ClassSelector(class_=PartTags, default=PartTags(), constant=True, doc="What its controls belong to")

    def __init__(self, **params):
        self._notice = text("", "rp-notice")
        self._notice.visible = False
        super().__init__(**params)
        scoring = [_Scoring(board=self.attempts)] if self.attempts else []
        self._layout = pn.Column(
            text(element("h3", "Design"), "rp-head"),
            *scoring,
            *(part for control in self.bench.part.controls for part in self._control(control)),
            self._notice,
            text(_meanings(self.bench.part.controls), "rp-meanings"),
            button(self.bench.param.restore_start, _back(self.bench), "rp-quiet"),
            *([button(self.bench.param.share, "Copy a link to this design", "rp-quiet")] if self.bench.recorded else []),
            css_classes=["rp-controls"],
            sizing_mode="stretch_width",
        )

    @param.depends("bench.notice", watch=True)
    def _say_what_was_changed(self):
        notice = element("p", self.bench.notice, role="status") if self.bench.notice else ""
        self._notice.update(text=notice, visible=bool(notice))

    def _control(self, control):
        parameters = self.bench.param
        if control.chain:
            return _chain(parameters, control, self.tags)
        if control.choices or control.values:
            return (select(parameters[control.id], control.label, tags=self.tags.draft("bench", control.id)),)
        stop = f"{control.id}_stop"
        return (
            pn.Row(
                StopSlider.from_param(
                    parameters[stop],
                    label=_named(control),
                    css_classes=["rp-slider"],
                    tags=self.tags.draft("bench", stop),
                    sizing_mode="stretch_width",
                    margin=0,
                ),
                CountInput.from_param(
                    parameters[control.id],
                    label=f"{control.label}, exactly",
                    description=None,
                    css_classes=["rp-exact"],
                    tags=self.tags.draft("bench", control.id),
                    width=None,
                    sizing_mode="stretch_width",
                    margin=0,
                ),
                css_classes=["rp-twin"],
                sizing_mode="stretch_width",
            ),
        )

    def __panel__(self):
        return self._layout


class _Scoring(pn.viewable.Viewer):
    """Scoring where the design is made: every attempt would otherwise be a way down the page and back."""

    board = param.ClassSelector(class_=AttemptsBoard, constant=True, doc="The mission's attempts")

    def __init__(self, **params):
        self._said = text("", "rp-said")
        super().__init__(**params)
        self._layout = pn.Column(
            button(self.board.param.submit, "Score as it stands", "rp-primary", tags=press("attempt")),
            self._said,
            css_classes=["rp-scoring"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @param.depends("board.opened", "board.left", "board.message", "board.revealed", watch=True)
    def _draw(self):
        board = self.board
        self._layout.visible = board.opened and not board.ended
        self._said.text = element("p", " ".join(filter(None, (board.message, left_words(board)))), class_="rp-note")

    def __panel__(self):
        return self._layout


def _chain(parameters, control, tags):
    """Offer the named levels, and every boundary of the chain on its own."""
    words = f"{control.label}: what runs as one kernel"
    level, bonds = f"{control.id}_level", f"{control.id}_bonds"
    return (
        select(parameters[level], control.label, tags=tags.draft("bench", level)),
        text(element("span", words, class_="rp-label"), "rp-label-row"),
        pn.widgets.CheckBoxGroup.from_param(
            parameters[bonds],
            css_classes=["rp-bonds"],
            tags=[*tags.draft("bench", bonds), f"rooflab:label:{words}"],
            sizing_mode="stretch_width",
            margin=0,
        ),
    )


def _back(bench):
    if not bench.recorded:
        return "Back to the usual design"
    return "Back to the crisis design" if bench.part.mission is None else "Back to the baseline"


def _meanings(controls):
    """Explain the controls where a learner may open it; experts keep a short list."""
    explained = [
        element("div", element("dt", control.label), element("dd", control.help)) for control in controls if control.help
    ]
    return element("details", element("summary", "What these mean"), element("dl", *explained))


def _named(control):
    return f"{control.label} ({control.unit})" if control.unit else control.label
