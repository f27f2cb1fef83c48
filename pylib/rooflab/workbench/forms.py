"""What a learner fills in: predictions, diagnosis, reflection, an import under way; as parameters, without widgets."""

import param

from rooflab.lab.ledger.entries import CONFIDENCE_LEVELS, TEXT_LIMIT, clean_text
from rooflab.tracks.parts import STANCES
from rooflab.units import counted, format_fraction

__all__ = [
    "Answer",
    "ChoiceForm",
    "DiagnosisForm",
    "HintForm",
    "Pinboard",
    "PredictionForm",
    "ReflectionForm",
    "RevealForm",
    "TaskBoard",
    "TransferForm",
]

STANCE_WORDS = {1: "the constraint you claim", 2: "", 3: "which of the two you optimised"}
MISSING = {
    "claim": "your claim in words",
    "tradeoff": "what the remedy costs",
    "rejected_alternative": "what you rejected",
    "residual_risk": "what stays at risk",
    "reevaluation_trigger": "what would change your mind",
}


class Answer(param.Parameterized):
    """One question of the lock, with the choice and the confidence given so far."""

    question = param.Parameter(constant=True, doc="The question, with its choices")
    choice = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Id of the chosen answer")
    confidence = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Probability that the choice is right")

    def __init__(self, **params):
        super().__init__(**params)
        self.param.choice.objects = {choice.text: choice.id for choice in self.question.choices}
        self.param.confidence.objects = {format_fraction(level): level for level in CONFIDENCE_LEVELS}


class PredictionForm(param.Parameterized):
    """The lock's questions; a submission with gaps says which, and keeps what was given."""

    answers = param.List(constant=True, doc="One Answer a question, in the order asked")
    revision = param.Boolean(default=False, constant=True, doc="Whether first answers exist already")
    revise = param.Event(doc="The learner wants to change an answer")
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


class ChoiceForm(param.Parameterized):
    """One question and the choice made, without a confidence."""

    WANTED = "an answer"
    question = param.Parameter(constant=True, doc="The question, with its choices")
    choice = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Id of the chosen answer")
    message = param.String(doc="What is still missing, in words")
    submit = param.Event(doc="The learner commits to the answer")

    def __init__(self, **params):
        super().__init__(**params)
        self.param.choice.objects = {choice.text: choice.id for choice in self.question.choices}

    def missing(self):
        """List, in words, what has not been answered."""
        return [self.WANTED] if self.choice is None else []


class DiagnosisForm(ChoiceForm):
    """The binding constraint, chosen among those on offer."""

    WANTED = "a constraint"


class TaskBoard(param.Parameterized):
    """The experiments of a part, and what those that are done showed, by their id."""

    experiments = param.List(doc="The experiments offered, in order")
    findings = param.Dict(default={}, doc="What each one showed")


class ReflectionForm(param.Parameterized):
    """A claim, the pinned readings that carry it, and those of the other texts that the learner's mode asks for.

    Part 1 claims a binding constraint, part 3 takes a side, machine or algorithm, and says what it
    rejected and what would change the learner's mind.
    """

    part_number = param.Integer(default=1, constant=True, bounds=(1, 3), doc="Number of the part reflected on")
    written_fields = param.List(item_type=str, constant=True, doc="Names of the texts asked for, in order")
    stance = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Id of the constraint or side claimed")
    claim = param.String(default="", doc="The claim in one or two sentences")
    evidence = param.ListSelector(default=[], objects=[], check_on_set=True, doc="Sequence numbers of pinned readings")
    tradeoff = param.String(default="", doc="What the remedy gives up")
    rejected_alternative = param.String(default="", doc="What else was weighed, and why not")
    residual_risk = param.String(default="", doc="What could still go wrong")
    reevaluation_trigger = param.String(default="", doc="What would change the learner's mind")
    weighed = param.List(default=[], doc="What each chosen reading says of the claim, one Weighed a reading")
    doubts = param.Dict(default={}, doc="What was asked for again, words by field")
    asked = param.Boolean(default=False, doc="Whether it was asked again; it is asked once")
    message = param.String(doc="What is still missing, in words")
    submit = param.Event(doc="The learner enters the reflection into the ledger")

    def __init__(self, **params):
        super().__init__(**params)
        self.param.stance.objects = {words: stance for stance, words in STANCES[self.part_number].items()}

    def offer(self, pins):
        """Offer pinned readings, (words, sequence number) each, and keep what was chosen."""
        self.param.evidence.objects = dict(pins)

    def missing(self):
        """List, in words, what has not been given."""
        gaps = [STANCE_WORDS[self.part_number]] if STANCES[self.part_number] and self.stance is None else []
        for name in self.written_fields:
            if not self.written(name):
                gaps.append(MISSING[name])
            elif excess := self.excess_count(name):
                gaps.append(f"{MISSING[name]} ({counted(excess, 'character')} too many)")
        return gaps if self.evidence else [*gaps, "a pinned reading as evidence"]

    def doubted(self, doubts):
        """Ask again for what is doubted, once; say whether the reflection has to wait for it."""
        wait = bool(doubts) and not self.asked
        self.param.update(doubts=dict(doubts) if wait else {}, asked=self.asked or wait)
        return wait

    def written(self, name):
        """Return the text of a field as the ledger can hold it."""
        return clean_text(getattr(self, name))

    def excess_count(self, name):
        """Return by how many characters the text of a field is longer than the ledger can hold."""
        return max(len(self.written(name)) - TEXT_LIMIT, 0)


class HintForm(param.Parameterized):
    """The hints of one step: those taken, and the wish for the next."""

    step = param.String(constant=True, doc="Id of the step")
    taken = param.List(item_type=str, constant=True, doc="The hints taken so far, in order")
    next_level = param.Integer(constant=True, doc="The level that comes next; 0 when all are taken")
    take = param.Event(doc="The learner wants the next hint")


class RevealForm(param.Parameterized):
    """The wish to see the model's answers."""

    reveal = param.Event(doc="The learner looks")


class TransferForm(param.Parameterized):
    """An import under way: offered, taken, refused or dropped."""

    stage = param.Selector(default="offered", objects=["offered", "taken", "refused"], constant=True)
    title = param.String(constant=True, doc="What is going on")
    lines = param.List(item_type=str, constant=True, doc="What the ledger holds, or what is wrong with it")
    confirm = param.Event(doc="The learner takes the file's ledger")
    cancel = param.Event(doc="The learner keeps their own")
    undo = param.Event(doc="The learner goes back to the ledger before the import")


class Pinboard(param.Parameterized):
    """The readings pinned so far, as the ledger has them."""

    pins = param.List(default=[], doc="Pin entries in the order in which they were made")
