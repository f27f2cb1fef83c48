"""The view-model: everything a learner can set, as parameters, without a widget in sight."""

from bisect import bisect_right
from dataclasses import dataclass

import param

from ridgepoint.evaluate import evaluate, timeline
from ridgepoint.lab.entries import CONFIDENCE_LEVELS, TEXT_LIMIT, clean_text
from ridgepoint.specs import WEIGHT_SCHEMES, Part, ServingDesign, ServingScenario
from ridgepoint.units import format_count, format_fraction

__all__ = ["CONSTRAINTS", "Answer", "DiagnosisForm", "Pinboard", "PredictionForm", "Reading", "ReflectionForm", "RevealForm", "TransferForm", "Workbench"]

DESIGN_FIELDS = (
    "phase",
    "batch",
    "context_tokens",
    "precision",
    "kv_precision",
    "attention_kernel",
    "dispatch",
    "device_id",
)

CONSTRAINTS = {
    "memory": "BW_mem: memory bandwidth binds",
    "compute": "R_peak: arithmetic binds",
    "latency": "L_lat: launches, gaps and synchronisation bind",
}
"""What a reflection may claim, by the id that the ledger keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number that an instrument shows, ready to be pinned."""

    instrument: str
    name: str
    value: float
    unit: str


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


class DiagnosisForm(param.Parameterized):
    """The binding constraint, chosen among those on offer."""

    question = param.Parameter(constant=True, doc="The diagnosis as a question with its choices")
    choice = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Id of the constraint named")
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

    constraint = param.Selector(
        default=None,
        allow_None=True,
        objects={words: constraint_id for constraint_id, words in CONSTRAINTS.items()},
        doc="Id of the constraint claimed",
    )
    claim = param.String(default="", doc="The claim in one or two sentences")
    evidence = param.ListSelector(default=[], objects=[], check_on_set=True, doc="Sequence numbers of pinned readings")
    tradeoff = param.String(default="", doc="What the remedy gives up")
    residual_risk = param.String(default="", doc="What could still go wrong")
    message = param.String(doc="What is still missing, in words")
    submit = param.Event(doc="The learner enters the reflection into the ledger")

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


class Workbench(param.Parameterized):
    """The learner's bench: a design, the layer looked at, and which instruments are open."""

    scenario = param.ClassSelector(class_=ServingScenario, constant=True, doc="What the learner cannot change")
    part = param.ClassSelector(class_=Part, constant=True, doc="The part, with its controls")

    phase = param.Selector(check_on_set=True, doc="Prefill or decode")
    batch = param.Integer(default=1, doc="Sequences served together")
    batch_stop = param.Selector(check_on_set=True, doc="The slider's stop nearest below the batch")
    context_tokens = param.Integer(default=1, doc="Tokens of each sequence")
    context_tokens_stop = param.Selector(check_on_set=True, doc="The slider's stop nearest below the context")
    precision = param.Selector(check_on_set=True, doc="Format of weights and products")
    kv_precision = param.Selector(check_on_set=True, doc="Format of the KV cache")
    attention_kernel = param.Selector(check_on_set=True, doc="How attention is computed")
    dispatch = param.Selector(check_on_set=True, doc="How kernels are launched")
    device_id = param.Selector(check_on_set=True, doc="The device")

    layer = param.Selector(check_on_set=True, doc="Id of the operator looked at")
    notice = param.String(doc="What was changed for the learner, and why; mostly empty")
    profiling = param.Boolean(default=False, doc="Whether profiler mode is on")
    layers_tabled = param.Boolean(default=False, doc="Whether the roofline's table is open")
    peeking = param.Boolean(default=False, doc="Whether Math Peek is open")
    sourcing = param.Boolean(default=False, doc="Whether the list of sources is open")
    restore_crisis = param.Event(doc="The learner goes back to the design in crisis")
    pinned = param.Parameter(doc="The last Reading pinned")

    def __init__(self, **params):
        self._evaluated = (None, None)
        super().__init__(**params)
        for control in self.part.controls:
            self._fit(control)
        self.param.update(**self._crisis())
        operators = self.outcome().operators
        self.param.layer.objects = dict(zip(operators.names, operators.ids, strict=True))
        self.layer = "attention"

    @property
    def controls(self):
        """The controls by the id of the design field that each sets."""
        return {control.id: control for control in self.part.controls}

    @param.depends(*DESIGN_FIELDS)
    def design(self):
        """Return the design as it stands."""
        return ServingDesign(**{name: getattr(self, name) for name in DESIGN_FIELDS})

    @param.depends(*DESIGN_FIELDS)
    def outcome(self):
        """Return the outcome of the design; evaluated once, however many instruments ask."""
        values = tuple(getattr(self, name) for name in DESIGN_FIELDS)
        if self._evaluated[0] != values:
            self._evaluated = (values, evaluate(self.scenario, self.design()))
        return self._evaluated[1]

    @param.depends(*DESIGN_FIELDS)
    def timeline(self):
        """Return the kernels of one layer, as a trace shows them."""
        return timeline(self.scenario, self.design(), self.outcome())

    @property
    def layer_index(self):
        """Where the layer looked at stands among the operators."""
        return self.outcome().operators.ids.index(self.layer)

    def pin(self, instrument):
        """Pin what `instrument` shows now."""
        self.pinned = self.reading(instrument)

    def reading(self, instrument):
        """Return what `instrument` shows now, as one number."""
        outcome = self.outcome()
        name, value, unit = READINGS[instrument](self, outcome)
        return Reading(instrument=instrument, name=name, value=float(value), unit=unit)

    @param.depends("restore_crisis", watch=True)
    def _restore_crisis(self):
        self.param.update(**self._crisis())

    @param.depends("device_id", watch=True)
    def _offer_what_the_device_multiplies(self):
        """Offer the formats that the device has a peak for; leave one that it has not."""
        device = self.scenario.device(self.device_id)
        offered = {
            choice.text: choice.id
            for choice in self.controls["precision"].choices
            if WEIGHT_SCHEMES[choice.id].compute in device.peak_flop_per_s
        }
        self.notice = ""
        if self.precision not in offered.values():
            left = WEIGHT_SCHEMES[self.precision].name
            # Before the offer shrinks: a drop-down that loses its value would choose another by itself.
            self.precision = next(iter(offered.values()))
            self.notice = f"{device.name} has no matrix units for {left}: weights are {WEIGHT_SCHEMES[self.precision].name} again."
        self.param.precision.objects = offered

    @param.depends("batch", watch=True)
    def _move_batch_slider(self):
        self.batch_stop = _stop_below(self.batch, self.param.batch_stop.objects)

    @param.depends("batch_stop", watch=True)
    def _take_batch_from_slider(self):
        if _stop_below(self.batch, self.param.batch_stop.objects) != self.batch_stop:
            self.batch = _count(self.batch_stop)

    @param.depends("context_tokens", watch=True)
    def _move_context_slider(self):
        self.context_tokens_stop = _stop_below(self.context_tokens, self.param.context_tokens_stop.objects)

    @param.depends("context_tokens_stop", watch=True)
    def _take_context_from_slider(self):
        if _stop_below(self.context_tokens, self.param.context_tokens_stop.objects) != self.context_tokens_stop:
            self.context_tokens = _count(self.context_tokens_stop)

    def _crisis(self):
        return {name: getattr(self.scenario.crisis, name) for name in DESIGN_FIELDS}

    def _fit(self, control):
        """Give a parameter the choices or the bounds of its control."""
        parameter = self.param[control.id]
        if control.choices:
            parameter.objects = {choice.text: choice.id for choice in control.choices}
            return
        value = getattr(self.scenario.crisis, control.id)
        parameter.bounds = (control.minimum, control.maximum)
        self.param[f"{control.id}_stop"].objects = stops(control.minimum, control.maximum)
        setattr(self, control.id, value)


def stops(minimum, maximum):
    """List doublings from `minimum` to `maximum`, written out; both ends are stops.

    >>> stops(1, 6)
    ['1', '2', '4', '6']
    """
    counts = []
    count = minimum
    while count < maximum:
        counts.append(count)
        count *= 2
    return [format_count(count) for count in (*counts, maximum)]


def _count(stop):
    return int(stop.replace("\N{NO-BREAK SPACE}", ""))


def _stop_below(count, stops):
    counts = [_count(stop) for stop in stops]
    return stops[max(bisect_right(counts, count) - 1, 0)]


READINGS = {
    "roofline": lambda bench, outcome: (
        f"Intensity of {outcome.operators.names[bench.layer_index]}",
        outcome.operators.intensity_flop_per_byte[bench.layer_index],
        "FLOP/byte",
    ),
    "mbu": lambda bench, outcome: ("MBU", outcome.mbu_fraction, ""),
    "mfu": lambda bench, outcome: ("MFU", outcome.mfu_fraction, ""),
    "kv-share": lambda bench, outcome: ("KV share of the step", outcome.kv_time_fraction, ""),
    "throughput": lambda bench, outcome: ("Throughput", outcome.tokens_per_s, "tokens/s"),
    "capacity": lambda bench, outcome: ("Memory needed on each GPU", outcome.capacity.needed_bytes, "B"),
    "profiler": lambda bench, outcome: ("Gaps between kernels", bench.timeline().gap_fraction, ""),
}
