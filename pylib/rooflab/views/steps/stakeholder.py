"""The stakeholder's demand, and an answer to it that is weighed against every design there is."""

import panel as pn
import param

from rooflab.analyses.changes import changes
from rooflab.analyses.demand import ACCEPT, demand_factor
from rooflab.evaluate import evaluate
from rooflab.units import format_count, format_ratio, format_reading
from rooflab.views.markup import element, joined, table
from rooflab.views.steps.reveal import verdict
from rooflab.views.tags import PartTags, press
from rooflab.views.widgets import Choices, button, text
from rooflab.workbench import Workbench
from rooflab.workbench.boards import DemandForm

__all__ = ["StakeholderView"]

ASKED = "What do you answer, with the design on the bench as your evidence?"


class StakeholderView(pn.viewable.Viewer):
    """The product lead's words, the present design beside them, and the model's reply once the learner has answered."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    form = param.ClassSelector(class_=DemandForm, constant=True, doc="The learner's answer")
    tags = param.ClassSelector(class_=PartTags, default=PartTags(), constant=True, doc="What its controls belong to")

    def __init__(self, **params):
        self.evidence = text("", "rp-evidence-now")
        self.reply = text("", "rp-reply")
        self._missing = text("", "rp-missing")
        super().__init__(**params)
        baseline = evaluate(self.bench.scenario, self.form.mission.baseline)
        self._baseline = float(getattr(baseline, self.form.demand.quantity))
        self._choices = Choices.from_param(
            self.form.param.choice,
            css_classes=["rp-choices"],
            tags=[*self.tags.draft("reply", "choice"), f"rooflab:label:{ASKED}"],
            sizing_mode="stretch_width",
            margin=0,
        )
        self._submit = button(self.form.param.submit, "Answer with this design", "rp-primary", tags=press("reply"))
        self._layout = pn.Column(
            text(_words(self.form.demand), "rp-question"),
            self.evidence,
            self._choices,
            self._submit,
            self._missing,
            self.reply,
            css_classes=["rp-card", "rp-stakeholder"],
            sizing_mode="stretch_width",
        )
        self._draw()
        self._answer()

    @param.depends("bench.outcome", watch=True)
    def _draw(self):
        self.evidence.text = _evidence(self.form.demand, self.bench.outcome(), self._baseline)

    @param.depends("form.judged", watch=True)
    def _answer(self):
        judged = self.form.judged
        self._choices.visible = self._submit.visible = judged is None
        self.reply.update(
            text=_reply(self.form, self.bench.part.controls) if judged is not None else "", visible=judged is not None
        )

    @param.depends("form.message", watch=True)
    def _say_what_is_missing(self):
        self._missing.text = element("p", self.form.message, role="alert") if self.form.message else ""

    def __panel__(self):
        return self._layout


def _words(demand):
    return joined(
        element("p", "The product lead", class_="rp-eyebrow"),
        element("blockquote", element("p", demand.text)),
        element("p", ASKED),
    )


def _evidence(demand, outcome, baseline):
    """Say what the design on the bench has to show."""
    value = float(getattr(outcome, demand.quantity))
    factor = float(demand_factor(demand, value, baseline))
    reasons = outcome.reasons
    return joined(
        element(
            "p",
            element("strong", f"The design on the bench: {format_ratio(factor)} of the {format_ratio(demand.factor)} asked."),
            f" {format_reading(value, demand.unit)} against {format_reading(baseline, demand.unit)} at the start; "
            + ("every target is met." if outcome.feasible else "it is not feasible:"),
        ),
        element("ul", *(element("li", each) for each in reasons), class_="rp-reasons") if reasons else None,
    )


def _reply(form, controls):
    answer, judged = form.answer, form.judged
    demanded = format_ratio(form.demand.factor)
    named = next(words for words, reply in form.param.choice.objects.items() if reply == judged.reply)
    return joined(
        element("h3", "Your answer holds" if judged.holds else "Your answer does not hold"),
        element("p", verdict(judged.holds), f"You said: {named}. It stands on a design that gives {format_ratio(judged.present_factor)}."),
        element("p", element("strong", _space(answer, demanded))),
        element("p", _why(form, answer, judged, demanded)),
        element("ul", *(element("li", each.words) for each in answer.blocked), class_="rp-reasons") if answer.blocked else None,
        _differences(form, answer, controls),
    )


def _space(answer, demanded):
    designs = format_count(answer.designs_count)
    if answer.possible:
        return f"Of {designs} designs the best within every target gives {format_ratio(answer.best_factor)}: {demanded} is possible."
    if not answer.feasible_count:
        return f"Of {designs} designs not one keeps every target, whatever it gives."
    return f"Of {designs} designs the best within every target gives {format_ratio(answer.best_factor)}: {demanded} is out of reach."


def _why(form, answer, judged, demanded):
    if answer.possible:
        if judged.reply != ACCEPT:
            return "Nothing stands in the way: the design below does it."
        if not judged.present_feasible:
            return "It can be done, but the design you answered with misses a target."
        return "" if judged.holds else f"It can be done, but the design you answered with falls short of {demanded}."
    if answer.blocked:
        return (
            f"{format_count(answer.reaching_count)} designs reach {demanded}, and each of them breaks something. The one that breaks "
            "least breaks:"
        )
    return f"Even with every target set aside, the most is {format_ratio(answer.reached_factor)}."


def _differences(form, answer, controls):
    shown = answer.best if answer.possible else answer.closest
    told = changes(controls, form.mission.baseline, shown)
    if not told:
        return None
    which = "The best design" if answer.possible else "The design that comes closest" if answer.blocked else "The design that gives most"
    return table(
        f"{which}, beside the start",
        ("Control", "Start", "Design"),
        [(each.label, each.before, each.after) for each in told],
        class_="rp-table rp-log",
    )
