"""The open bench on the page: what is on it, the instruments of the tracks, and the gate before a track is done."""

import panel as pn
import param

from rooflab.views.bench import Bench
from rooflab.views.markup import element, joined
from rooflab.views.widgets import CountInput, button, select, text
from rooflab.workbench import Workbench
from rooflab.workbench.open_bench import GateForm, SetupForm

__all__ = ["GateView", "OpenBenchView"]

FIRST = "readings"

GATE = (
    "Here you can try any model on any device. What the instruments show may answer the questions that the tracks lock, "
    "so the bench opens by itself once you have done a track.",
    "You can open it anyway. Your ledger then has an entry that says so, and your report and your class show it.",
)


class GateView(pn.viewable.Viewer):
    """The words before the bench, and the way past them."""

    form = param.ClassSelector(class_=GateForm, constant=True, doc="Holds the wish to open the bench")

    def __init__(self, **params):
        super().__init__(**params)
        self._layout = pn.Column(
            text(joined(*(element("p", words) for words in GATE))),
            button(self.form.param.anyway, "Open it anyway", "rp-primary"),
            css_classes=["rp-card"],
            sizing_mode="stretch_width",
        )

    def __panel__(self):
        return self._layout


class OpenBenchView(pn.viewable.Viewer):
    """The choice of model, device and requests above a bench, which is another for each choice."""

    form = param.ClassSelector(class_=SetupForm, constant=True, doc="What is chosen")
    bench = param.ClassSelector(class_=Workbench, doc="The bench of that choice")

    def __init__(self, **params):
        self._said, self._refused = text(), text("", "rp-notice")
        super().__init__(**params)
        self._instruments = pn.Column(sizing_mode="stretch_width")
        self._layout = pn.Column(self._setup(), self._instruments, css_classes=["rp-instruments"], sizing_mode="stretch_width")
        self._say()
        self._show()

    def _setup(self):
        parameters = self.form.param
        return pn.Column(
            text(element("h2", "Model, device and requests")),
            pn.Column(
                select(parameters.model, "Model"),
                select(parameters.device, "Device"),
                _count(parameters.chips, "Number of devices"),
                _count(parameters.prompt_tokens, "Prompt (tokens)"),
                _count(parameters.output_tokens, "Output (tokens)"),
                select(parameters.draft, "Draft model"),
                css_classes=["rp-setup"],
                sizing_mode="stretch_width",
            ),
            self._refused,
            self._said,
            css_classes=["rp-card"],
            sizing_mode="stretch_width",
        )

    @param.depends("form.message", "form.refused", "form.notes", watch=True)
    def _say(self):
        form = self.form
        said = element("p", form.message, role="status") if form.message else None
        notes = element("ul", *(element("li", each) for each in form.notes), class_="rp-note") if form.notes else None
        self._refused.update(text=joined(said if form.refused else None), visible=bool(said and form.refused))
        self._said.update(text=joined(None if form.refused else said, notes), visible=bool(notes or said and not form.refused))

    @param.depends("bench", watch=True)
    def _show(self):
        self.pieces = pieces = Bench(self.bench)
        pieces.panel.looked_at = FIRST
        shown = pn.Column(
            pieces.stopped,
            pn.Column(pieces.charted, css_classes=["rp-card"], height=480, sizing_mode="stretch_width"),
            pieces.verdict,
            select(pieces.panel.param.looked_at, "Instrument"),
            pieces.panel,
            css_classes=["rp-instruments"],
            sizing_mode="stretch_width",
        )
        self._instruments[:] = [pn.Row(pieces.controls, shown, css_classes=["rp-bench"], sizing_mode="stretch_width")]

    def __panel__(self):
        return self._layout


def _count(parameter, words):
    return CountInput.from_param(
        parameter, label=words, description=None, width=None, sizing_mode="stretch_width", margin=0
    )
