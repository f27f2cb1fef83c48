"""What is asked and filled in at "Your machine": wishes to measure, an explanation, a figure to pin, a reflection."""

import param

from rooflab.lab.ledger.entries import TEXT_LIMIT, clean_text
from rooflab.lab.machine.words import CAUSES
from rooflab.units import counted

__all__ = ["ArgumentForm", "ExplainForm", "MeasureForm", "PinForm", "ThermalForm"]

CONSENT = "I want a minute of full load"


class MeasureForm(param.Parameterized):
    """The wishes that the page measures by, and what was said of the last measurement."""

    measure = param.Event(doc="The learner wants the kernels measured")
    jitter = param.Event(doc="The learner wants one kernel measured many times")
    card = param.Event(doc="The learner wants one core as a device card")
    card_of_all = param.Event(doc="The learner wants all cores as a device card")
    message = param.String(doc="What became of the last measurement, in words")
    refused = param.Boolean(default=False, doc="Whether nothing was recorded")


class ThermalForm(param.Parameterized):
    """Consent to a minute under load, without which nothing starts."""

    consent = param.ListSelector(default=[], objects={CONSENT: "given"}, check_on_set=True, doc="The learner's consent to a minute under load")
    start = param.Event(doc="The learner wants it to start")
    message = param.String(doc="What is still missing, in words")

    def missing(self):
        """List, in words, what stands between the learner and the minute."""
        return [] if self.consent else ["your consent"]


class _Written(param.Parameterized):
    """Texts of the learner, each as the ledger can hold it."""

    message = param.String(doc="What is still missing, in words")
    submit = param.Event(doc="The learner enters it in the ledger")

    def written(self, name):
        """Return the text of a field as the ledger can hold it."""
        return clean_text(getattr(self, name))

    def gaps(self, fields):
        """List which fields, by the words that name them, are empty or too long."""
        found = []
        for name, words in fields.items():
            excess = len(self.written(name)) - TEXT_LIMIT
            if not self.written(name):
                found.append(words)
            elif excess > 0:
                found.append(f"{words} ({counted(excess, 'character')} too many)")
        return found


class ExplainForm(_Written):
    """What is behind the model's largest miss."""

    cause = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Id of the cause")
    words = param.String(default="", doc="The explanation in a sentence")

    def __init__(self, **params):
        super().__init__(**params)
        self.param.cause.objects = {words: cause for cause, words in CAUSES.items()}

    def missing(self):
        """List, in words, what has not been given."""
        return [*([] if self.cause else ["a cause"]), *self.gaps({"words": "your explanation in words"})]


class PinForm(param.Parameterized):
    """The figure to be pinned."""

    figure = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Id of the figure")
    pin = param.Event(doc="The learner pins it")
    message = param.String(doc="What is still missing, in words")

    def offer(self, figures):
        """Offer figures by their words."""
        self.param.figure.objects = dict(figures)

    def missing(self):
        """List, in words, what has not been chosen."""
        return [] if self.figure else ["a figure"]


class ArgumentForm(_Written):
    """What the learner would do first on this machine, what it costs, and the pinned figures that carry it."""

    claim = param.String(default="", doc="What to do first, and why")
    tradeoff = param.String(default="", doc="What it costs")
    evidence = param.ListSelector(default=[], objects=[], check_on_set=True, doc="Sequence numbers of pinned figures")

    def offer(self, pins):
        """Offer pinned figures, (words, sequence number) each."""
        self.param.evidence.objects = dict(pins)

    def missing(self):
        """List, in words, what has not been given."""
        gaps = self.gaps({"claim": "what you would do first", "tradeoff": "what it costs"})
        return gaps if self.evidence else [*gaps, "a pinned figure as evidence"]
