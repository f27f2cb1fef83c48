"""The stakeholder's demand: the learner attributes the gain and decides; then every design there is has its say."""

import panel as pn
import param

from rooflab.analyses.demand import demand_factor
from rooflab.analyses.mechanism import failures
from rooflab.evaluate import evaluate
from rooflab.units import counted, format_ratio, format_reading
from rooflab.views.markup import element, folded, joined
from rooflab.views.steps.parameters import parameters_markup
from rooflab.views.steps.verdict_on_claim import told_at_the_end, told_before_the_revision
from rooflab.views.tags import PartTags, press
from rooflab.views.widgets import Choices, button, text
from rooflab.workbench import Workbench
from rooflab.workbench.boards import DemandForm

__all__ = ["ANSWER_AGAIN", "ATTRIBUTED", "DECIDED", "StakeholderView"]

ATTRIBUTED = "Which change brought most of its gain?"
DECIDED = "What do you answer?"
ANSWER_AGAIN = "Answer for the last time"


class StakeholderView(pn.viewable.Viewer):
    """The product lead's words, the design that is defended, two questions, and the reply once they are answered."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")
    form = param.ClassSelector(class_=DemandForm, constant=True, doc="The learner's answer")
    tags = param.ClassSelector(class_=PartTags, default=PartTags(), constant=True, doc="What its controls belong to")

    def __init__(self, **params):
        self.evidence = text("", "rp-evidence-now")
        self.reply = text("", "rp-reply")
        self._missing = text("", "rp-missing")
        super().__init__(**params)
        form = self.form
        self._start = evaluate(form.place.scenario, form.place.start)
        self._defended = None
        self._put_back = button(form.param.put_back, "Put my final design back")
        self._layout = pn.Column(
            text(_words(form.demand), "rp-question"),
            self.evidence,
            *((self.reply,) if form.over else (self._put_back, self.reply, *self._questions())),
            css_classes=["rp-card", "rp-stakeholder"],
            sizing_mode="stretch_width",
        )
        if form.given:
            self.reply.text = (told_at_the_end if form.over else told_before_the_revision)(form)
        self.reply.visible = bool(form.given)
        self._draw()

    def _questions(self):
        form = self.form
        asked = ((form.param.attributed, ATTRIBUTED, "attributed"), (form.param.choice, DECIDED, "choice"))
        for parameter, words, name in asked:
            yield text(element("p", words, class_="rp-asked"))
            yield Choices.from_param(
                parameter,
                css_classes=["rp-choices"],
                tags=[*self.tags.draft("reply", name), f"rooflab:label:{words}"],
                sizing_mode="stretch_width",
                margin=0,
            )
        words = ANSWER_AGAIN if form.given else "Answer with this design"
        yield button(form.param.submit, words, "rp-primary", tags=press("reply"))
        yield self._missing

    @param.depends("bench.outcome", watch=True)
    def _draw(self):
        form = self.form
        design = form.given[-1][1] if form.over and form.given else self.bench.design()
        self._put_back.visible = form.final is not None and design != form.final
        if design is not self._defended:
            self._defended = design
            self.evidence.text = _case(form, design, self._start, self._outcome(design))

    def _outcome(self, design):
        """Return the outcome of a design with nothing supposed; that of the bench is there already."""
        scenario = self.form.place.scenario
        if design is self.bench.current and scenario is self.bench.scenario:
            return self.bench.outcome()
        return evaluate(scenario, design)

    @param.depends("form.message", watch=True)
    def _say_what_is_missing(self):
        self._missing.text = element("p", self.form.message, role="alert") if self.form.message else ""

    def __panel__(self):
        return self._layout


def _words(demand):
    return joined(
        element("p", "The product lead", class_="rp-eyebrow"),
        element("blockquote", element("p", demand.text)),
    )


def _case(form, design, start, outcome):
    """Say what the design that is defended has to show: the demanded figure, the targets, its parameters."""
    scenario, demand = form.place.scenario, form.demand
    before, value = (float(getattr(each, demand.quantity)) for each in (start, outcome))
    factor = float(demand_factor(demand, value, before))
    asked = demand.source.beside(format_ratio(demand.factor))
    reasons = failures(outcome)
    kept = sum(bool(each.met) for each in outcome.targets)
    head = f"You defend {form.name_of(design)}: {format_ratio(factor)}. Asked: {asked}."
    figures = joined(
        element(
            "p",
            f"{format_reading(value, demand.unit)} against {format_reading(before, demand.unit)} at the start. "
            f"It keeps {kept} of {counted(len(outcome.targets), 'target')}{'.' if outcome.feasible else '; not feasible:'}",
        ),
        element("ul", *(element("li", each) for each in reasons), class_="rp-reasons") if reasons else None,
        parameters_markup(scenario.parameters(form.place.start), scenario.parameters(design)),
    )
    if form.over:  # the verdict below has the gain
        figures = folded("Its targets and parameters", figures)
    return joined(element("p", element("strong", head)), figures)
