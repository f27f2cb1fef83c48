"""The screens beside the tracks: the learner's report, the instructors' class, the open bench, and the learner's machine.

Loaded when one of them is first opened, and built only while it is open.
"""

from rooflab.app.forms import complete
from rooflab.errors import LabError, LedgerError
from rooflab.lab.classroom.answers import answer_key
from rooflab.lab.classroom.classroom import classroom
from rooflab.lab.classroom.replay import replay
from rooflab.lab.ledger.computable import computable
from rooflab.lab.ledger.files import Intake, passed_over_words
from rooflab.lab.ledger.ledger import read
from rooflab.lab.report.compare import comparison
from rooflab.lab.report.drawings import drawings
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_json, to_markdown
from rooflab.lab.report.takeaways import met
from rooflab.tracks import TRACKS
from rooflab.units import counted
from rooflab.views.markup import element, joined
from rooflab.views.screens.budget import budget_markup
from rooflab.views.screens.classroom import ClassroomView, class_table
from rooflab.views.screens.replay import replay_markup
from rooflab.views.screens.report import ReportView, document_text, report_markup
from rooflab.views.screens.rubric import KeyView, rubric_markup
from rooflab.workbench.screens import ClassroomForm, KeyForm, ReportForm

__all__ = ["Desk"]

TOLD_EVERY = 10


class Desk:
    """Opens and closes the screens; `app` has the ledger, the roots and the way to the page."""

    def __init__(self, app):
        self.app = app
        app.when_built = self._follow
        self._screen = ""
        self._shown = None
        self._intake = Intake()
        self._classroom = None
        self.report_view = self.class_view = self.key_view = None
        self._benches = {}
        self._machines = {}

    def open(self, screen):
        """Build a screen, `report`, `classroom`, `open-bench` or `machine`, and empty the others; any other name empties all."""
        self._screen, self._shown = screen, self.app.ledger
        self.app.roots["report"][:] = [self._report_view()] if screen == "report" else []
        self.app.roots["classroom"][:] = self._class_views() if screen == "classroom" else []
        self.app.roots["open-bench"][:] = self.open_bench.views() if screen == "open-bench" else []
        self.app.roots["machine"][:] = self.machine.views() if screen == "machine" else []

    def _follow(self):
        """Build the report and the machine anew where the ledger grew or is another, the open bench where it is another or opens it."""
        before, self._shown = self._shown, self.app.ledger
        if before is None or before is self.app.ledger:
            return
        another = before.session != self.app.ledger.session
        if self._screen in ("report", "machine") or self._screen == "open-bench" and (another or not self.open_bench.shown):
            self.open(self._screen)

    @property
    def open_bench(self):
        """The open bench of the learner whose ledger it is; loaded when it is first asked for."""
        session = self.app.ledger.session
        if session not in self._benches:
            from rooflab.app.open_bench import OpenBench

            self._benches[session] = OpenBench(self.app)
        return self._benches[session]

    @property
    def machine(self):
        """The machine of the learner whose ledger it is; loaded when it is first asked for."""
        session = self.app.ledger.session
        if session not in self._machines:
            from rooflab.app.machine import Machine

            self._machines[session] = Machine(self.app)
        return self._machines[session]

    # The report

    def _report_view(self):
        ledger = computable(self.app.ledger)
        form, made = ReportForm(), report(ledger)
        form.param.watch(lambda _event: self._download("report", "md", "text/markdown", to_markdown(made)), "markdown")
        form.param.watch(lambda _event: self._download("report", "json", "application/json", to_json(made, ledger)), "json")
        self.report_view = ReportView(form=form, report=made, drawn=drawings(ledger), takeaways=met(ledger), comparison=comparison(ledger))
        return self.report_view

    def _download(self, what, ending, kind, text):
        self.app.hand_out("download", what=what, ending=ending, text=text, kind=kind)

    # The class

    def take_files(self, files, *, refused, first, last):
        """Take a batch of what a class handed in, name and bytes each, and count it all after the last."""
        if first:
            self._intake = Intake()
        for name, reason in refused:
            self._intake.refuse(name, reason)
        for name, data in files:
            self._intake.take(name, data)
        self.app.hand_out("counted", done=0, total=len(self._intake.texts), last=False)
        if last:
            self._count()

    def _count(self):
        intake = self._intake
        self._classroom = found = classroom(
            self._told_ledgers(), refused=intake.refused, passed_over=intake.passed_over
        )
        self.open("classroom")
        total = len(intake.texts)
        self.app.hand_out("counted", done=total, total=total, last=True)
        left = f", {counted(len(found.refused), 'file')} not counted" if found.refused else ""
        self.app.announce(f"{counted(len(found.learners), 'ledger')} counted{left}. {passed_over_words(found.passed_over)}".strip())

    def _told_ledgers(self):
        """Yield the ledgers, telling the page now and then how many are read."""
        for done, each in enumerate(self._intake.ledgers(), 1):
            yield each
            if done % TOLD_EVERY == 0:
                self.app.hand_out("counted", done=done, total=len(self._intake.texts), last=False)

    def _class_views(self):
        below = [self._key_view(), document_text(budget_markup())]
        if self._classroom is None:
            return below
        found, form = self._classroom, ClassroomForm()
        form.offer(each.name for each in found.learners)
        self.class_view = view = ClassroomView(form=form, classroom=found)
        form.param.watch(lambda event: setattr(view, "detail", self._detail(event.new)), "learner")
        form.param.watch(lambda _event: self._download("class", "csv", "text/csv", class_table(found)), "table")
        if len(found.learners) == 1:
            form.learner = found.learners[0].name
        return [view, *below]

    def _detail(self, name):
        """Build what is known of one ledger: its replay, its suggested score and its report, all read-only."""
        learner = next((each for each in self._classroom.learners if each.name == name), None)
        if learner is None:
            return []
        try:
            ledger, edited = read(self._intake.texts[name])
            again, made = replay(ledger, edited=edited), report(ledger)
        except LedgerError as error:
            return [document_text(element("p", str(error)))]
        return [
            document_text(
                joined(
                    element("h2", f"{name}: replay"),
                    replay_markup(again),
                    element("h2", "Suggested score"),
                    rubric_markup(learner.rubrics),
                    element("h2", "Report"),
                    report_markup(made, name=name, drawn=drawings(computable(ledger))),
                )
            )
        ]

    # The answer key

    def _key_view(self):
        form = KeyForm({each.name: each.id for each in TRACKS})
        self.key_view = view = KeyView(form=form)
        form.param.watch(lambda _event: self._show_key(view), "show")
        form.param.watch(lambda *_events: setattr(view, "answers", None), ["track", "variant", "word"])
        return view

    def _show_key(self, view):
        if not complete(view.form):
            return
        try:
            view.answers = answer_key(view.form.track, view.form.number)
        except LabError as error:
            view.form.message = str(error)
