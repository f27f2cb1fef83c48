"""The open bench under a learner's hands: files, what is chosen, and the design, kept in this browser.

Loaded when it is first opened. Only the entry of whoever opens it before a track is done goes into the ledger.
"""

import json

from rooflab.errors import LabError
from rooflab.evaluate import design_from_json, evaluate
from rooflab.lab.ledger.entries import BenchOpened
from rooflab.lab.machine.derive import measured_devices
from rooflab.lab.steps.open_bench import bench_is_open
from rooflab.open_bench.files import read_file
from rooflab.open_bench.part import fitted, open_part
from rooflab.open_bench.scenario import open_design
from rooflab.open_bench.setup import LOADED, Setup, Shelf
from rooflab.systems.serving.design import ServingDesign
from rooflab.units import counted
from rooflab.views.screens.open_bench import GateView, OpenBenchView
from rooflab.workbench import make_workbench
from rooflab.workbench.open_bench import GateForm, SetupForm

__all__ = ["OpenBench"]

PLACE = "open-bench"
CHOSEN, FILES = 1, 2
"""What is kept of it, in the place of a part's number."""

NOT_OPEN = "The open bench takes files once it is open."


class OpenBench:
    """What is on the bench, and its views while they are shown; `app` has the ledger, the store and what that kept."""

    def __init__(self, app):
        self.app = app
        self._shelf, self._setup, self._design, self._layer = Shelf(own=measured_devices(app.ledger)), Setup(), None, ""
        self.form = self.bench = self.view = None
        self._put_back()

    @property
    def opened(self):
        """Whether the ledger lets the bench be used."""
        return bench_is_open(self.app.ledger)

    @property
    def shown(self):
        """Whether the bench was built, and not the gate before it."""
        return self.view is not None

    def views(self):
        """Build the bench, or the gate before it."""
        self.view = None
        if not self.opened:
            gate = GateForm()
            gate.param.watch(lambda _event: self._open_anyway(), "anyway")
            return [GateView(form=gate)]
        self._shelf = Shelf(self._shelf.files, measured_devices(self.app.ledger))
        self.form = form = SetupForm()
        form.show(self._shelf, self._setup)
        self._build(self._setup)
        self.view = OpenBenchView(form=form, bench=self.bench)
        form.param.watch(lambda *_events: self._choose(form.setup()), list(SetupForm.FIELDS))
        return [self.view]

    def load(self, name, data):
        """Take a file that the learner chose or dropped; one that cannot be used changes nothing."""
        if not self.opened or self.form is None:
            self.app.announce(NOT_OPEN)
            return
        try:
            loaded = read_file(name, data)
        except LabError as error:
            self._say(str(error), refused=True)
            return
        before, chosen = self._shelf.files, {"model": LOADED} if loaded.checkpoint else {"device": LOADED}
        self._shelf.take(loaded)
        if self._choose(_with(self._setup, **chosen), anew=True, otherwise=before):
            self._keep_files()
            self._say(_loaded_words(loaded))

    # What is chosen

    def _open_anyway(self):
        self.app.commit(BenchOpened(at=self.app.clock()))
        self.app.announce("The open bench is open. Your ledger says that you opened it before a track was done.")

    def _choose(self, setup, *, anew=False, otherwise=None):
        """Say whether a choice could be put on the bench; if not, the one before stays, and why is said.

        With `anew` the model or the device is another even where its id is the same; then the files on the shelf go
        back to `otherwise` if it cannot be used.
        """
        if setup.draft not in self._shelf.drafts(setup.model).values():
            setup = _with(setup, draft="")
        if setup == self._setup and not anew:
            return True
        try:
            self._build(setup, anew=anew)
        except LabError as error:
            if otherwise is not None:
                self._shelf = Shelf(otherwise, self._shelf.own)
            self.form.show(self._shelf, self._setup)
            self._say(f"{error} The bench stays as it was.", refused=True)
            return False
        self._setup = setup
        self.form.show(self._shelf, setup)
        self._say("")
        self._keep()
        return True

    def _build(self, setup, *, anew=False):
        """Make the bench of a choice, with as much of the design before as it offers.

        The model's own format and the mean context of the requests come with another model or other requests.
        """
        scenario = self._shelf.scenario(setup)
        part, start = open_part(scenario), open_design(scenario, precision=self._shelf.precision(setup))
        design = start if self._design is None else fitted(self._design, part, start)
        own = {}
        if anew or setup.model != self._setup.model:
            own["precision"] = start.precision
        if _requests(setup) != _requests(self._setup):
            own["context_tokens"] = start.context_tokens
        design = design.replace(**own)
        evaluate(scenario, design)
        bench = make_workbench(scenario=scenario, part=part, start=start, recorded=False)
        bench.take(design)
        if self._layer in bench.outcome().operators.ids:
            bench.layer = self._layer
        self._layer = bench.layer
        bench.param.watch(lambda _event: self._moved(bench), ["current", "layer"])
        self.bench, self._design = bench, design
        if self.view is not None:
            self.view.bench = bench

    def _moved(self, bench):
        self._design, self._layer = bench.design(), bench.layer
        self._keep()

    def _say(self, words, *, refused=False):
        self.form.param.update(message=words, refused=refused)
        if words:
            self.app.announce(words)

    # What is kept

    def _keep(self):
        kept = {"setup": {name: getattr(self._setup, name) for name in SetupForm.FIELDS}, "layer": self._layer}
        kept["design"] = self._design.to_json()
        self.app.store.keep_bench(PLACE, CHOSEN, state=json.dumps(kept))

    def _keep_files(self):
        files = [[each.name, each.text] for each in self._shelf.files]
        self.app.store.keep_bench(PLACE, FILES, state=json.dumps(files))

    def _put_back(self):
        """Take what the store kept; anything else than what this lab wrote is left."""
        try:
            for name, text in self._kept(FILES, []):
                self._shelf.take(read_file(name, text.encode()))
            kept = self._kept(CHOSEN, None)
            if kept is None:
                return
            form, design = SetupForm(), design_from_json(kept["design"])
            form.show(self._shelf, Setup(**kept["setup"]))
            if isinstance(design, ServingDesign):
                self._setup, self._design, self._layer = form.setup(), design, str(kept["layer"])
        except (LabError, AttributeError, KeyError, TypeError, ValueError):
            return

    def _kept(self, what, otherwise):
        left = self.app.benches.get(f"{PLACE}:{what}")
        return otherwise if left is None else json.loads(left["state"])


def _with(setup, **changes):
    return Setup(**{name: getattr(setup, name) for name in SetupForm.FIELDS} | changes)


def _requests(setup):
    return setup.prompt_tokens, setup.output_tokens


def _loaded_words(loaded):
    if loaded.device:
        return f"{loaded.name} is loaded: {loaded.device.name}."
    workload = loaded.checkpoint.workload
    experts = f", {counted(workload.experts, 'expert')} in a layer" if workload.experts > 1 else ""
    return (
        f"{loaded.name} is loaded: {workload.name}, {workload.params_count / 1e9:.4g} billion parameters{experts}, "
        f"weights in {loaded.checkpoint.scheme.name}."
    )
