"""Your machine under a learner's hands: what is locked, what the page measured, and what was made of it, from the ledger.

Loaded when the screen is first opened.
"""

from contextlib import suppress

from rooflab.app.forms import complete
from rooflab.app.lesson import right_choices
from rooflab.cards.writing import write_card
from rooflab.errors import LabError
from rooflab.lab.ledger.machine_entries import MachineExplained, MachineJitter, MachineMeasured, MachinePrediction, MachineReflection, MachineThermal, full_words
from rooflab.lab.machine.derive import answers_of, heat_of, jitter_entry, jitter_of, measured_devices, measured_entry, pin_entry, study_of, thermal_entry
from rooflab.lab.machine.progress import machine_progress
from rooflab.lab.machine.vehicle import vehicle_percentiles
from rooflab.lab.machine.words import figure_words, heat_words, kernel_words, pin_words
from rooflab.lab.scoring import calibration, score_predictions
from rooflab.machine.device import card_device
from rooflab.machine.questions import QUESTIONS
from rooflab.machine.refusals import refusal, run_refusal
from rooflab.machine.study import FIGURES
from rooflab.units import counted
from rooflab.views.machine.compared import worst
from rooflab.views.machine.on_request import jitter_view, thermal_view
from rooflab.views.screens.machine import (
    DoneView,
    ExplainView,
    MachineLockView,
    MeasureView,
    PinView,
    ReflectView,
    RequestView,
    answers_view,
    study_views,
)
from rooflab.workbench import PredictionForm
from rooflab.workbench.machine import ArgumentForm, ExplainForm, MeasureForm, PinForm, ThermalForm

__all__ = ["Machine"]

LOCKED_FIRST = "Lock in your predictions first. Nothing was recorded."
NO_MORE = "Your ledger takes no more of this. Nothing was recorded."
REGION = "machine"
"""The page's name of the region that this screen is built in."""


class Machine:
    """The screen as the ledger has it; `app` has the ledger and the way to the page.

    What is measured goes into the ledger, so nothing else is kept here than what is being filled in.
    """

    def __init__(self, app):
        self.app = app
        self.lock, self.measure, self.thermal = PredictionForm(QUESTIONS), MeasureForm(), ThermalForm()
        self.explain, self.pin, self.argument = ExplainForm(), PinForm(), ArgumentForm()
        self._studied = self._charted = self._requested = None, None
        for form, name, act in (
            (self.lock, "submit", self._lock_in),
            (self.measure, "measure", lambda: self._ask("measure")),
            (self.measure, "jitter", lambda: self._ask("jitter")),
            (self.measure, "card", lambda: self._hand_out_card(0)),
            (self.measure, "card_of_all", lambda: self._hand_out_card(1)),
            (self.thermal, "start", self._heat_up),
            (self.explain, "submit", self._explain),
            (self.pin, "pin", self._pin),
            (self.argument, "submit", self._argue),
        ):
            form.param.watch(lambda _event, act=act: act(), name)

    @property
    def own(self):
        """What the ledger has of the machine."""
        return machine_progress(self.app.ledger)

    def views(self):
        """Build what stands on the screen: before the predictions are locked, the questions alone."""
        own = self.own
        if not own.locked_in and own.last is None:
            return [MachineLockView(form=self.lock)]
        self.app.hand_out("machine", ask="texts")  # what the kernels count answers the lock, so the page shows it now
        predicted = [] if own.measured else [given[-1] for given in own.predicted.values()]
        devices = measured_devices(self.app.ledger)
        shown = [
            MeasureView(
                form=self.measure, step=own.step, again=bool(devices), several=len(devices) > 1, predicted=predicted, imported=own.imported
            )
        ]
        if own.last is not None:
            shown += self._seen(own)
        return [*shown, self._request_view(own)]

    def take(self, message):
        """Take what the page measured, or why it did not; only what is complete and sound is recorded."""
        heading = self._taken(message)
        if message.get("event") != "refused":
            self.app.hand_out("machine", ask="taken")  # until then the page keeps it, and tells it again after a restart
        if message.get("focused") is True:  # the learner is still where the progress was
            self._show_made(heading)

    def _taken(self, message):
        """Record it or say why not; return how the heading of what it made begins, None of a refusal."""
        event = message.get("event")
        taken = {"measured": self._take_measured, "jitter": self._take_jitter, "thermal": self._take_thermal}.get(event)
        if taken is None:
            self._say(refusal(message.get("why") if event == "refused" else None), refused=True)
            return None
        run = message.get("run")
        run = run if isinstance(run, dict) else {}
        if wrong := run_refusal(run):
            self._say(wrong, refused=True)
            return None
        try:
            return taken(run, message)
        except LabError as error:
            self._say(f"{error} Nothing was recorded.", refused=True)
            return None

    def _show_made(self, heading):
        """Have the page bring what an action made into sight, and give it the focus; of a refusal (None) what it says."""
        if heading is not None:
            self.app.point_at(REGION, heading=heading)
        elif self.own.locked_in:
            self.app.point_at(REGION, mark="rp-notice")

    # What the page measured

    def _take_measured(self, run, message):
        own = self.own
        if not own.locked_in and own.last is None:
            self._say(LOCKED_FIRST, refused=True)
            return None
        rows = message.get("rows")
        entry = measured_entry(run, rows if isinstance(rows, list) else [], at=self.app.clock())
        return self._enter(f"Measured: {counted(len(entry.rows), 'row')} are in your ledger.", entry, made="Your ridge" if own.measured else "See")

    def _take_jitter(self, run, message):
        row = message.get("row")
        return self._enter("Jitter is measured.", jitter_entry(run, row if isinstance(row, dict) else {}, at=self.app.clock()), made="One run in")

    def _take_thermal(self, run, message):
        run = run | {name: message[name] for name in ("workers",) if type(message.get(name)) is int}
        entry = thermal_entry(run, message.get("rows"), at=self.app.clock())
        return self._enter("The minute under load is measured.", entry, made=heat_words(heat_of(entry), entry.rows[-1][0]))

    def _enter(self, words, *entries, made):
        """Enter something in the ledger, by which the screen is built anew; return how the heading of what it made begins.

        Why the ledger refuses something, the app has said; it makes nothing.
        """
        before = len(self.app.ledger.entries)
        self.app.commit(*entries)
        if len(self.app.ledger.entries) == before:
            self.measure.param.update(message=NO_MORE, refused=True)
            return None
        self._say(words)
        return made

    def _commit(self, words, *entries, made):
        """Enter what the learner filled in, and show what that made."""
        self._show_made(self._enter(words, *entries, made=made))

    def _say(self, words, *, refused=False):
        self.measure.param.update(message=words, refused=refused)
        self.app.announce(words)

    # What the learner asks for

    def _ask(self, what):
        """Have the page measure, unless the ledger has no room for what comes of it."""
        kind = {"measure": MachineMeasured, "jitter": MachineJitter, "thermal": MachineThermal}[what].kind
        if wrong := full_words(kind, self.app.ledger.recorded):
            self._say(wrong, refused=True)
            self._show_made(None)
            return
        self.measure.param.update(message="", refused=False)
        self.app.hand_out("machine", ask=what)

    def _heat_up(self):
        if complete(self.thermal):
            self._ask("thermal")

    def _hand_out_card(self, number):
        """Give the page the card of one core, the first of the ledger's devices, or of all."""
        device = measured_devices(self.app.ledger)[number]
        self.app.hand_out("download", what=device.id, ending="toml", text=write_card(card_device(device)), kind="application/toml")

    # What the learner commits

    def _lock_in(self):
        if self.own.measured or not complete(self.lock):
            return
        at = self.app.clock()
        self._commit(
            "Locked in. Now measure.",
            *(MachinePrediction(at=at, question_id=each.question.id, choice_id=each.choice, confidence=each.confidence) for each in self.lock.answers),
            made="Measure",
        )

    def _explain(self):
        if complete(self.explain):
            form = self.explain
            entry = MachineExplained(at=self.app.clock(), choice_id=form.cause, words=form.written("words"))
            self._commit("Your explanation is in the ledger.", entry, made="Explained")

    def _pin(self):
        if complete(self.pin):
            entry = pin_entry(self.own.last, self.pin.figure, at=self.app.clock())
            self._commit(f"Pinned: {pin_words(entry)}.", entry, made="Pin" if self.own.reflections else "Reflect")

    def _argue(self):
        if complete(self.argument):
            form = self.argument
            entry = MachineReflection(
                at=self.app.clock(), claim=form.written("claim"), tradeoff=form.written("tradeoff"), evidence=tuple(form.evidence)
            )
            self._commit("Your reflection is in the ledger.", entry, made="Done")

    # From the ledger to the screen

    def _study(self, measured):
        """Return what follows from a measurement, derived once."""
        if self._studied[0] != measured.seq:
            self._studied = measured.seq, study_of(measured)
        return self._studied[1]

    def _seen(self, own):
        """Build what was measured, and the steps that are open after it."""
        try:
            study = self._study(own.last)
        except LabError as error:
            return [DoneView(explained=None, reflection=None, words=f"The last measurement cannot be shown: {error}")]
        words = {name: each.words for name, each in answers_of(study).items()} if len(own.measured) == 1 else {}
        shown = [*([answers_view(own.scored, words, self._calibration())] if own.scored else []), *self._charts(own.last, study)]
        if own.explained:
            shown.append(DoneView(explained=own.explained[-1], reflection=own.reflections[-1] if own.reflections else None))
        else:
            missed = worst(study.compared)
            shown.append(ExplainView(form=self.explain, missed=kernel_words(*missed.row.key) if missed else "no kernel"))
            return shown
        self.pin.offer((f"{FIGURES[name][0]}: {figure_words(value, FIGURES[name][1])}", name) for name, value in study.figures.items())
        shown.append(PinView(form=self.pin, step=own.step, pinned=[pin_words(each) for each in own.pins]))
        if own.pins and not own.reflections:
            self.argument.offer((pin_words(each), each.seq) for each in own.pins)
            shown.append(ReflectView(form=self.argument))
        return shown

    def _calibration(self):
        """Return the line over all that the learner predicted and saw answered, in the tracks too."""
        return calibration(score_predictions(self.app.ledger, right_choices(self.app.ledger)))

    def _charts(self, measured, study):
        """Return the charts of a measurement, drawn once: they stay while the steps after it are done."""
        if self._charted[0] != measured.seq:
            self._charted = measured.seq, study_views(study)
        return self._charted[1]

    def _request_view(self, own):
        """Return what is on request, drawn once for what was measured so."""
        key = len(own.jitters), len(own.heats)
        if self._requested[0] != key:
            shown = RequestView(form=self.measure, thermal=self.thermal, shown=[*self._jitters(own), *self._heats(own)])
            self._requested = key, shown
        return self._requested[1]

    def _jitters(self, own):
        """Yield the last series; one that a file brought and that is none is left to the report, which says so."""
        for entry in own.jitters[-1:]:
            with suppress(LabError):
                yield jitter_view(jitter_of(entry), vehicle_percentiles(self.app.ledger))

    def _heats(self, own):
        """Yield the last minute under load, as the series."""
        for entry in own.heats[-1:]:
            with suppress(LabError):
                yield thermal_view(entry.rows, heat_of(entry))
