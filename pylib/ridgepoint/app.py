"""Build the lab's document: regions, each filled when the ledger unlocks it."""

from types import SimpleNamespace

import panel as pn

from ridgepoint.views.design import LabDesign
from ridgepoint.views.lock import LockView
from ridgepoint.workbench import PredictionForm

__all__ = ["App"]

REGIONS = ("lock", "workbench", "reveal", "reflection", "transfer")

# Placeholder until the track is there.
QUESTIONS = (
    SimpleNamespace(
        id="slope",
        text="If a layer sits on the sloped section of the roofline, will adding more TFLOPS speed it up?",
        choices=(
            SimpleNamespace(id="yes", text="Yes"),
            SimpleNamespace(id="no", text="No"),
        ),
    ),
    SimpleNamespace(
        id="kv",
        text="How much faster does one decode step get when a fused, grouped attention kernel replaces the eager one?",
        choices=(
            SimpleNamespace(id="same", text="Hardly at all"),
            SimpleNamespace(id="twice", text="About twice as fast"),
            SimpleNamespace(id="four", text="About four times as fast"),
        ),
    ),
)


class App:
    """The whole lab over a ledger store; locks are functions of the ledger."""

    def __init__(self, store, clock, announce):
        pn.config.design = LabDesign
        self.store, self.clock, self.announce = store, clock, announce
        self.roots = {name: pn.Column(css_classes=[f"rp-{name}"]) for name in REGIONS}
        self.form = PredictionForm(QUESTIONS)
        self.form.param.watch(self._submit, "submit")
        self.roots["lock"].append(LockView(form=self.form))

    def resume(self, ledger_text, early, fragment, session):
        """Take up where the ledger left off; a fresh learner's document stays as it is."""

    def offer_import(self, text):
        """Preview an imported ledger, to be confirmed or cancelled."""

    def on_saved(self, ok, reason):
        """Hear whether the last save succeeded, and say so if not."""

    def place(self):
        """Say where on the path the learner is."""
        return {"track": "cloud-titan", "part": 1, "step": "predict", "steps": []}

    def _submit(self, _event):
        gaps = self.form.missing()
        self.form.message = f"Still missing: {', '.join(gaps)}." if gaps else ""
