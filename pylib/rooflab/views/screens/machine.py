"""Your machine on the page: predict, measure, see, explain, pin, reflect; and what is measured on request."""

import panel as pn
import param

from rooflab.lab.ledger.machine_entries import PLACE
from rooflab.lab.machine.progress import STEPS
from rooflab.lab.machine.words import CAUSES
from rooflab.lab.scoring import UNDECIDED
from rooflab.machine.plan import ABOUT_S, plan
from rooflab.machine.questions import question
from rooflab.units import counted, format_fraction
from rooflab.views.machine.compared import compared_view, spread_view
from rooflab.views.machine.curves import batch_view, fused_view
from rooflab.views.machine.graphics import graphics_view
from rooflab.views.machine.roofs import roofline_view, staircase_view
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.steps.lock import question_fields
from rooflab.views.steps.reveal import calibration_line, verdict
from rooflab.views.tags import PartTags
from rooflab.views.widgets import Choices, button, select, text, text_area
from rooflab.workbench import PredictionForm
from rooflab.workbench.machine import ArgumentForm, ExplainForm, MeasureForm, PinForm, ThermalForm

__all__ = [
    "DoneView",
    "ExplainView",
    "MachineLockView",
    "MeasureView",
    "PinView",
    "ReflectView",
    "RequestView",
    "answers_view",
    "done_markup",
    "study_views",
]

TAGS = PartTags(PLACE)
"""By which the page keeps what is filled in here until it is in the ledger."""

IMPORTED = "What is shown here came with a file that was imported. If that was another machine, measure again."

_LABELS = {"predict": "Predict", "measure": "Measure", "explain": "Explain", "pin": "Pin", "reflect": "Reflect"}


def path_markup(step):
    """Say which steps there are, and which is next."""
    done = STEPS.index(step)
    words = []
    for number, (each, name) in enumerate(_LABELS.items()):
        tick = "✓ " if STEPS.index(each) < done else ""
        words += [" · "] * bool(number)
        words.append(element("strong", name, aria_current="step") if each == step else element("span", f"{tick}{name}"))
    return element("p", *words, class_="rp-eyebrow")


class _Form(pn.viewable.Viewer):
    """A form that says what is missing."""

    form = param.Parameter(constant=True, doc="What is filled in")

    def __init__(self, **params):
        self._missing = text("", "rp-missing")
        super().__init__(**params)
        self._layout = pn.Column(*self._fields(), self._missing, css_classes=["rp-form", "rp-card"], sizing_mode="stretch_width")

    @param.depends("form.message", watch=True)
    def _say(self):
        self._missing.text = element("p", self.form.message, role="alert") if self.form.message else ""

    def __panel__(self):
        return self._layout


class MachineLockView(_Form):
    """The four questions, before anything that answers them is built."""

    form = param.ClassSelector(class_=PredictionForm, constant=True, doc="The learner's answers")

    def _fields(self):
        yield text(joined(element("h2", "Predict"), path_markup("predict"), element("p", "Your answers are locked before the machine is measured.")))
        for number, answer in enumerate(self.form.answers, 1):
            yield from question_fields(number, answer, TAGS)
        yield button(self.form.param.submit, "Lock in my predictions", "rp-primary")


class MeasureView(pn.viewable.Viewer):
    """The button that has the page measure, and what became of the last measurement."""

    form = param.ClassSelector(class_=MeasureForm, constant=True, doc="The wish to measure")
    step = param.String(constant=True, doc="The step that is next")
    again = param.Boolean(default=False, constant=True, doc="Whether it was measured before")
    several = param.Boolean(default=False, constant=True, doc="Whether all cores were measured too")
    predicted = param.List(constant=True, doc="The last prediction of each question")
    imported = param.Boolean(default=False, constant=True, doc="Whether the last measurement came with a file")

    def __init__(self, **params):
        self._said, self._refused = text(), text("", "rp-notice")
        super().__init__(**params)
        planned = plan()
        words = (
            f"It takes about {ABOUT_S:.0f} s on one core, then {counted(len(planned['all_cores']), 'burst')} of "
            f"{planned['burst_s']:.2g} s on all. Keep this tab in sight; you can stop at any time."
        )
        self._layout = pn.Column(
            text(joined(element("h2", "Measure"), path_markup(self.step), element("p", words), element("p", IMPORTED, class_="rp-missing") if self.imported else None)),
            pn.Row(
                button(self.form.param.measure, *(("Measure again",) if self.again else ("Measure this machine", "rp-primary"))),
                *([button(self.form.param.card, "Device card, one core")] if self.again else []),
                *([button(self.form.param.card_of_all, "Device card, all cores")] if self.several else []),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self._refused,
            self._said,
            *([_predicted(self.predicted)] if self.predicted else []),
            css_classes=["rp-card", "rp-form"],
            sizing_mode="stretch_width",
        )
        self._say()

    @param.depends("form.message", "form.refused", watch=True)
    def _say(self):
        said = element("p", self.form.message, role="status") if self.form.message else ""
        self._refused.update(text=said if self.form.refused else "", visible=bool(said and self.form.refused))
        self._said.update(text="" if self.form.refused else said, visible=bool(said and not self.form.refused))

    def __panel__(self):
        return self._layout


def _predicted(predicted):
    """Fold away what was predicted."""
    rows = [(question(each.question_id).text, _words(each, each.choice_id), format_fraction(each.confidence)) for each in predicted]
    return text(folded("Your predictions are locked", table("Predicted", ("Question", "Answer", "Sure"), rows, class_="rp-table rp-log")))


def answers_view(scored, words, line):
    """Write each prediction beside the answer of the first measurement.

    `words` has the numbers by question, and `line` is the Calibration over all predictions of the ledger.
    """
    counting = [each for each in scored if each.counts]
    title = f"{sum(each.right for each in counting)} of {len(counting)} predictions correct" if counting else "Your numbers decide none of the questions"
    return text(
        joined(
            element("h2", "See"),
            element("h3", title),
            *(_answer(each, words.get(each.question_id, "")) for each in scored),
            element("p", element("strong", "Calibration: "), calibration_line(line)) if line.prediction_count else None,
        ),
        "rp-revealed",
    )


def _answer(each, words):
    asked = question(each.question_id)
    said = f"You said: {_words(each, each.choice_id)} ({format_fraction(each.confidence_fraction)} sure)."
    told = _words(each, each.right_choice_id)
    return element(
        "div",
        element("p", asked.text, class_="rp-asked"),
        element("p", verdict(each.right) if each.counts else None, f" {said}" if each.counts else said),
        element("p", f"This is {UNDECIDED}.", class_="rp-note") if each.undecided else None,
        None if each.counts and each.right else element("p", element("strong", f"{'On the reference machine' if each.undecided else 'Measured'}: {told}.")),
        element("p", words) if words else None,
        class_="rp-answered",
    )


def _words(each, choice_id):
    """Name a choice; one that the question does not offer stands by its id."""
    return next((one.text for one in question(each.question_id).choices if one.id == choice_id), choice_id)


def study_views(study):
    """Return the charts of a measurement, in the order in which they are read."""
    views = (roofline_view(study), staircase_view(study), fused_view(study), batch_view(study), compared_view(study), spread_view(study), graphics_view(study))
    return [each for each in views if each is not None]


class ExplainView(_Form):
    """Ask what is behind the model's largest miss."""

    form = param.ClassSelector(class_=ExplainForm, constant=True, doc="The learner's explanation")
    missed = param.String(constant=True, doc="The kernel that the model misses most")

    def _fields(self):
        yield text(joined(element("h2", "Explain"), path_markup("explain"), element("h3", f"The model misses most at {self.missed}. What is behind it?")))
        yield Choices.from_param(self.form.param.cause, css_classes=["rp-choices"], tags=[*TAGS.draft("explained", "cause"), "rooflab:label:What is behind the miss"], sizing_mode="stretch_width", margin=0)
        yield text_area(self.form.param.words, "In a sentence", "Which number here speaks for it?", tags=TAGS.draft("explained", "words"))
        yield button(self.form.param.submit, "Enter it in the ledger", "rp-primary")


class PinView(_Form):
    """Choose a figure of the measurement and keep it as evidence."""

    form = param.ClassSelector(class_=PinForm, constant=True, doc="The figure")
    step = param.String(constant=True, doc="The step that is next")
    pinned = param.List(constant=True, doc="The words of what is pinned")

    def _fields(self):
        yield text(joined(element("h2", "Pin"), path_markup(self.step), element("p", "Your reflection needs a figure as evidence.")))
        yield select(self.form.param.figure, "Figure")
        yield button(self.form.param.pin, "Pin")
        if self.pinned:
            yield text(element("ul", *(element("li", each) for each in self.pinned)), "rp-pins")


class ReflectView(_Form):
    """Ask what to do first on this machine."""

    form = param.ClassSelector(class_=ArgumentForm, constant=True, doc="The learner's reflection")

    def _fields(self):
        asked = "You may rewrite one kernel for this machine. Which, how, and what does it gain?"
        yield text(joined(element("h2", "Reflect"), path_markup("reflect"), element("h3", asked)))
        yield text_area(self.form.param.claim, "What you would do", "Fuse, tile, batch, or use all cores?", tags=TAGS.draft("reflection", "claim"))
        yield text(element("span", "Evidence: your pinned figures", class_="rp-label"), "rp-label-row")
        yield pn.widgets.CheckBoxGroup.from_param(
            self.form.param.evidence, css_classes=["rp-evidence"], tags=[*TAGS.draft("reflection", "evidence"), "rooflab:label:Evidence: your pinned figures"], sizing_mode="stretch_width", margin=0
        )
        yield text_area(self.form.param.tradeoff, "What it costs", "Which machine would it not help?", tags=TAGS.draft("reflection", "tradeoff"))
        yield button(self.form.param.submit, "Enter it in the ledger", "rp-primary")


def done_markup(explained, reflection):
    """Write what was explained and argued, as the ledger has it."""
    rows = []
    if explained is not None:
        rows += [("What is behind the largest miss", CAUSES.get(explained.choice_id, explained.choice_id)), ("In a sentence", explained.words)]
    if reflection is not None:
        rows += [("What you would do", reflection.claim), ("What it costs", reflection.tradeoff)]
    return element("dl", *(element("div", element("dt", name), element("dd", words)) for name, words in rows), class_="rp-formulas")


class DoneView(pn.viewable.Viewer):
    """What was explained and argued."""

    explained = param.Parameter(constant=True, doc="The explanation; None before")
    reflection = param.Parameter(constant=True, doc="The reflection; None before")
    words = param.String(constant=True, doc="What else is to be said")

    def __panel__(self):
        if self.words:
            return text(joined(element("h2", "See"), element("p", self.words, class_="rp-missing")))
        heading = "Done" if self.reflection is not None else "Explained"
        return text(joined(element("h2", heading), done_markup(self.explained, self.reflection)), "rp-done")


class RequestView(pn.viewable.Viewer):
    """Jitter and heat, each on request; a minute under load only with consent."""

    form = param.ClassSelector(class_=MeasureForm, constant=True, doc="The wish for jitter")
    thermal = param.ClassSelector(class_=ThermalForm, constant=True, doc="Consent to a minute under load")
    shown = param.List(constant=True, doc="The charts of what was measured so")

    def __init__(self, **params):
        self._missing = text("", "rp-missing")
        super().__init__(**params)
        self._layout = pn.Column(
            text(joined(element("h2", "On request"), element("p", f"Jitter: one kernel {counted(plan()['jitter']['runs'], 'time')}, with and without a time stamp of each. At most a minute."))),
            button(self.form.param.jitter, "Measure jitter"),
            text(element("p", "Heat: a minute of matrix products. The machine gets warm, the battery loses charge, a fan may start. You can stop it at any time.")),
            pn.widgets.CheckBoxGroup.from_param(
                self.thermal.param.consent, css_classes=["rp-evidence"], tags=["rooflab:label:Consent"], sizing_mode="stretch_width", margin=0
            ),
            button(self.thermal.param.start, "Measure heat"),
            self._missing,
            *self.shown,
            css_classes=["rp-card", "rp-form"],
            sizing_mode="stretch_width",
        )

    @param.depends("thermal.message", watch=True)
    def _say(self):
        self._missing.text = element("p", self.thermal.message, role="alert") if self.thermal.message else ""

    def __panel__(self):
        return self._layout
