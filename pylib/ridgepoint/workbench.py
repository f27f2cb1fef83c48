"""The view-model: everything a learner can set, as parameters, without a widget in sight."""

import param

from ridgepoint.lab.entries import CONFIDENCE_LEVELS, TEXT_LIMIT, clean_text
from ridgepoint.units import format_fraction

__all__ = ["Answer", "DiagnosisForm", "PredictionForm", "ReflectionForm"]


class Answer(param.Parameterized):
    """One question of the lock, with the choice and the confidence given so far."""

    question = param.Parameter(constant=True, doc="The question, with its choices")
    choice = param.Selector(default=None, allow_None=True, doc="Id of the chosen answer")
    confidence = param.Selector(default=None, allow_None=True, doc="Probability that the choice is right")

    def __init__(self, **params):
        super().__init__(**params)
        self.param.choice.objects = {choice.text: choice.id for choice in self.question.choices}
        self.param.confidence.objects = {format_fraction(level): level for level in CONFIDENCE_LEVELS}


class PredictionForm(param.Parameterized):
    """The lock's questions; a submission with gaps says which, and keeps what was given."""

    answers = param.List(constant=True, doc="One Answer a question, in the order asked")
    revision = param.Boolean(constant=True, doc="Whether first answers exist already")
    message = param.String(doc="What is still missing, in words")
    submit = param.Event(doc="The learner locks the answers in")

    def __init__(self, questions, **params):
        super().__init__(answers=[Answer(question=question) for question in questions], **params)

    def missing(self):
        """List, in words, what has not been answered."""
        gaps = []
        for number, answer in enumerate(self.answers, 1):
            if answer.choice is None:
                gaps.append(f"an answer to question {number}")
            if answer.confidence is None:
                gaps.append(f"how sure you are of question {number}")
        return gaps


class DiagnosisForm(param.Parameterized):
    """The binding constraint, chosen among those on offer."""

    question = param.Parameter(constant=True, doc="The diagnosis as a question with its choices")
    choice = param.Selector(default=None, allow_None=True, doc="Id of the constraint named")
    message = param.String(doc="What is still missing, in words")
    submit = param.Event(doc="The learner commits to the diagnosis")

    def __init__(self, **params):
        super().__init__(**params)
        self.param.choice.objects = {choice.text: choice.id for choice in self.question.choices}

    def missing(self):
        """List, in words, what has not been answered."""
        return ["a constraint"] if self.choice is None else []


class ReflectionForm(param.Parameterized):
    """A claim, the pinned readings that carry it, what it costs, and what stays at risk."""

    constraints = param.List(constant=True, doc="The constraints a claim may name, as choices")
    constraint = param.Selector(default=None, allow_None=True, doc="Id of the constraint claimed")
    claim = param.String(default="", doc="The claim in one or two sentences")
    evidence = param.ListSelector(default=[], objects=[], doc="Sequence numbers of pinned readings")
    tradeoff = param.String(default="", doc="What the remedy gives up")
    residual_risk = param.String(default="", doc="What could still go wrong")
    message = param.String(doc="What is still missing, in words")
    submit = param.Event(doc="The learner enters the reflection into the ledger")

    def __init__(self, **params):
        super().__init__(**params)
        self.param.constraint.objects = {choice.text: choice.id for choice in self.constraints}

    def offer(self, pins):
        """Offer pinned readings, (words, sequence number) each, and keep what was chosen."""
        self.param.evidence.objects = dict(pins)

    def missing(self):
        """List, in words, what has not been given."""
        gaps = [] if self.constraint is not None else ["the constraint you claim"]
        gaps += [
            words
            for name, words in (
                ("claim", "your claim in words"),
                ("tradeoff", "what the remedy costs"),
                ("residual_risk", "what stays at risk"),
            )
            if not self.written(name)
        ]
        return gaps if self.evidence else [*gaps, "a pinned reading as evidence"]

    def written(self, name):
        """Return the text of a field as the ledger can hold it."""
        return clean_text(getattr(self, name), limit=TEXT_LIMIT)
