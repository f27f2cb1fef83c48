"""What learners take away, each with the screens on which it is met, and what this learner saw there."""

from __future__ import annotations

from dataclasses import dataclass

from rooflab import tracks
from rooflab.errors import LabError
from rooflab.lab.evidence import cited
from rooflab.lab.instruments import INSTRUMENTS
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.ledger.machine_entries import PLACE
from rooflab.lab.scoring import ScoredPrediction, repeats, score_machine
from rooflab.lab.setting import question, setting
from rooflab.lab.steps.commits import REGRET
from rooflab.lab.steps.modes import LABELS
from rooflab.lab.steps.progress import PartProgress, progress
from rooflab.lab.tiling_words import proposal_words
from rooflab.machine.questions import question as machine_question
from rooflab.specs import Bearing
from rooflab.units import format_fraction, format_reading

__all__ = ["FAIR_FRACTION", "FAST_FRACTION", "TAKEAWAYS", "Met", "Place", "Takeaway", "met", "place_words", "taken_counts", "taken_words"]

FAST_FRACTION = 0.90
"""Share of the speed of the fastest tiling on offer from which on a tiling is good."""

FAIR_FRACTION = 0.10
"""Regret up to which a design is fair."""

TITAN, EDGE, NOMAD, TINY = "cloud-titan", "edge-guardian", "mobile-nomad", "tiny-pioneer"
ALL = (TITAN, EDGE, NOMAD, TINY)

# By what a place is; a text is a pattern that the words of the part must match.
_STEP_OF = {
    "question": "reveal",
    "diagnosis": "diagnose",
    "control": "explore",
    "gauge": "explore",
    "instrument": "explore",
    "text": "explore",
    "machine": "measure",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is met: a question, control, gauge, instrument or step of a part, by its id.

    A question about the learner's machine is of the kind `machine` and of no part: it is met once that machine's own
    numbers have answered it.
    """

    track_id: str
    part: int
    kind: str
    id: str

    @property
    def step(self) -> str:
        """The step that must be done for the place to have been seen."""
        return self.id if self.kind == "step" else _STEP_OF[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeaway:
    """A sentence to leave with; a fallacy is worded as what is wrong with it."""

    id: str
    title: str
    words: str
    places: tuple[Place, ...]
    fallacy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A takeaway for one learner: the first place seen, and what the learner said or read there.

    `place` is None where the learner has been to none of its places. `understood` says whether one of them shows it:
    a question or diagnosis answered right, a cited reading that bears on its claim, a design, tiling or reply that
    holds; it is None where no place asks for anything. `told` says whether the takeaway's words may be read: they answer
    locks of the tracks, so what was met at the learner's machine alone does not bring them.
    """

    takeaway: Takeaway
    place: Place | None
    seen: str
    understood: bool | None
    told: bool

    @property
    def words(self) -> str:
        """Say in a word or two how far it went."""
        return "understood" if self.understood else "met" if self.understood is None else "met, not yet shown"


def met(ledger: Ledger) -> tuple[Met, ...]:
    """Return every takeaway with what this learner saw of it; a place with own words goes before others."""
    found = []
    for takeaway in TAKEAWAYS:
        been = _been(takeaway, ledger)
        seen = [(place, _seen(place, own, ledger.variant)) for place, own in been]
        seen += [(place, _measured_words(own)) for place, own in _measured(takeaway, ledger)]
        place, words = min(seen, key=lambda pair: not pair[1]) if seen else (None, "")
        found.append(Met(takeaway=takeaway, place=place, seen=words, understood=_understood(takeaway, ledger), told=bool(been)))
    return tuple(found)


def taken_counts(ledger: Ledger) -> tuple[int, int]:
    """Return how many takeaways were met, and how many of these were understood."""
    found = [takeaway for takeaway in TAKEAWAYS if _been(takeaway, ledger) or _measured(takeaway, ledger)]
    return len(found), sum(bool(_understood(each, ledger)) for each in found)


def _been(takeaway: Takeaway, ledger: Ledger) -> list[tuple[Place, PartProgress]]:
    """Return the places of a takeaway that the learner has seen, with how far its part is."""
    found = [(place, progress(place.track_id, ledger).part(place.part)) for place in takeaway.places if place.kind != "machine"]
    return [(place, own) for place, own in found if own.opened and place.step in own.done]


def _measured(takeaway: Takeaway, ledger: Ledger) -> list[tuple[Place, ScoredPrediction]]:
    """Return the places of a takeaway where the learner's machine has answered, with what was predicted there."""
    ids = {place.id: place for place in takeaway.places if place.kind == "machine"}
    return [(ids[each.question_id], each) for each in score_machine(ledger) if each.question_id in ids and each.counts] if ids else []


def taken_words(found: tuple[Met, ...]) -> str:
    """Count what was met and what was understood, apart."""
    met_count = sum(each.place is not None for each in found)
    asked = [each for each in found if each.understood is not None]
    return (
        f"Met {met_count} of {len(found)}; understood {sum(bool(each.understood) for each in asked)} of the {len(asked)} "
        "that an answer, a reading or a design can show."
    )


def _understood(takeaway: Takeaway, ledger: Ledger) -> bool | None:
    """Say whether any place of a takeaway shows that it was understood; None where none of them can."""
    showing = [place for place in takeaway.places if place.kind in _SHOWN and not (place.kind == "step" and place.id not in _STEPS)]
    if not showing:
        return None
    if any(own.right for _, own in _measured(takeaway, ledger)):
        return True
    again = repeats(ledger)  # answered in an earlier track, and seen answered there
    return any(
        _observed(place, own) or (key not in again and _SHOWN[place.kind](place, own, ledger.variant))
        for place in showing
        for key in [(place.track_id, place.part, place.id)]
        for own in [progress(place.track_id, ledger).part(place.part)]
    )


def _observed(place: Place, own: PartProgress) -> bool:
    """Say whether the learner saw what the exploration showed of the question that every track asks first."""
    return place.id == own.part.questions[0].id and own.observation is not None and own.observation.right


def _answered(place: Place, own: PartProgress, variant: int) -> bool:
    given = own.predicted(place.id)
    shown = [each for each in own.reveals if each.question_id == place.id]
    if not given or not shown:
        return False
    where = setting(place.track_id, place.part, variant)
    right = shown[0].answer_id or where.answer(question(where, place.id))  # the first lab did not record it
    return given[0].choice_id == right


def _diagnosed(place: Place, own: PartProgress, variant: int) -> bool:
    return own.diagnosis is not None and own.diagnosis.right


def _cited(place: Place, own: PartProgress, variant: int) -> bool:
    pins = frozenset(pin.seq for pin in own.pins if pin.instrument == place.id or pin.instrument.startswith(f"{place.id}-"))
    if own.reflection is None or not pins & frozenset(own.reflection.evidence):
        return False
    found = cited(setting(place.track_id, place.part, variant), own)
    return any(each.seq in pins and each.bearing is Bearing.SUPPORTS for each in found)


def _carried(place: Place, own: PartProgress, variant: int) -> bool:
    return _STEPS[place.id](own)


_SHOWN = {"question": _answered, "diagnosis": _diagnosed, "gauge": _cited, "instrument": _cited, "step": _carried}
_STEPS = {
    "propose": lambda own: bool(own.proposals) and own.proposals[-1].score_fraction >= FAST_FRACTION,
    "challenge": lambda own: bool(own.replies) and own.replies[0].right,
    "attempt": lambda own: own.final is not None and own.final.figures.get(REGRET, 1.0) <= FAIR_FRACTION,
    "diagnose": lambda own: own.diagnosis is not None and own.diagnosis.right,
}


def place_words(place: Place) -> str:
    """Name a place for a reader."""
    if place.kind == "machine":
        return "Your machine: the lock's questions"
    name = tracks.track(place.track_id).name
    what = {
        "step": f"the step {LABELS.get(place.id, place.id)}",
        "question": "the lock's questions",
        "diagnosis": "the diagnosis",
        "control": "the controls",
        "gauge": "the readings",
        "instrument": f"the instrument {_TITLES.get(place.id, place.id)}",
        "text": "the briefing, hints and answers",
    }[place.kind]
    return f"{name}, part {place.part}: {what}"


def _seen(place: Place, own: PartProgress, variant: int) -> str:
    """Say what the learner said, read or proposed at a place; nothing where no entry tells."""
    try:
        return _TOLD[place.kind](place, own, variant)
    except (KeyError, LabError):
        return ""


def _predicted(place: Place, own: PartProgress, variant: int) -> str:
    where = setting(place.track_id, place.part, variant)
    for question in where.part.questions:
        for entry in own.predicted(place.id):
            if entry.question_id == question.id:
                verdict = "correct" if entry.choice_id == where.answer(question) else "incorrect"
                return (
                    f"You said {question.choice(entry.choice_id).text!r}, "
                    f"{format_fraction(entry.confidence)} sure; {verdict}."
                )
    return ""


def _measured_words(own: ScoredPrediction) -> str:
    words = next((each.text for each in machine_question(own.question_id).choices if each.id == own.choice_id), own.choice_id)
    return f"Of your machine you said {words!r}, {format_fraction(own.confidence_fraction)} sure; {'correct' if own.right else 'incorrect'}."


def _named(place: Place, own: PartProgress, variant: int) -> str:
    asked, given = own.part.diagnosis, own.diagnosis
    if asked is None or given is None:
        return ""
    verdict = "supported" if given.right else "not supported"
    return f"You named {asked.choice(given.choice_id).text!r}; {verdict}."


def _pinned(place: Place, own: PartProgress, variant: int) -> str:
    pins = [pin for pin in own.pins if pin.instrument == place.id]
    return f"You pinned {pins[-1].name} {format_reading(pins[-1].value, pins[-1].unit)}." if pins else ""


def _stepped(place: Place, own: PartProgress, variant: int) -> str:
    if place.id == "propose" and own.proposals:
        last = own.proposals[-1]
        return f"Your tiles of {last.tile_rows} × {last.tile_columns}: the tiling {proposal_words(last)}."
    if place.id == "challenge" and own.replies:
        return f"Your first answer to the stakeholder is {'correct' if own.replies[0].right else 'incorrect'}."
    return ""


_TITLES = {each.id: each.title for each in INSTRUMENTS}
_TOLD = {
    "question": _predicted,
    "diagnosis": _named,
    "gauge": _pinned,
    "instrument": _pinned,
    "step": _stepped,
}


def _at(track_id: str, part: int, kind: str, *ids: str) -> tuple[Place, ...]:
    return tuple(Place(track_id=track_id, part=part, kind=kind, id=each) for each in ids)


def _of_machine(*ids: str) -> tuple[Place, ...]:
    return _at(PLACE, 0, "machine", *ids)


def _everywhere(part: int, kind: str, *ids: str) -> tuple[Place, ...]:
    return tuple(place for track_id in ALL for place in _at(track_id, part, kind, *ids))


TAKEAWAYS: tuple[Takeaway, ...] = (
    Takeaway(
        id="roofline",
        title="Roofline diagnosis",
        words="Where a dot lies says what to change: on the slope bytes, under the flat roof operations, below both waiting.",
        places=(*_everywhere(1, "question", "slope"), *_everywhere(1, "instrument", "roofline"), *_of_machine("memory-bound")),
    ),
    Takeaway(
        id="ridge-point",
        title="Ridge point",
        words="Peak over bandwidth is where memory-bound turns into compute-bound, and each device has its own.",
        places=(*_everywhere(1, "instrument", "roofline"), *_at(TITAN, 1, "control", "device_id"), *_of_machine("memory-bound")),
    ),
    Takeaway(
        id="mfu-mbu",
        title="MFU against MBU",
        words="Judge a step by the roof that it is under: decode near the bandwidth is good, however low its MFU.",
        places=(*_everywhere(1, "gauge", "mbu"), *_everywhere(1, "gauge", "mfu")),
    ),
    Takeaway(
        id="hfu",
        title="HFU",
        words="Operations executed are more than operations needed wherever something is recomputed or thrown away.",
        places=_at(TITAN, 1, "gauge", "hfu"),
    ),
    Takeaway(
        id="amdahl",
        title="Amdahl's law",
        words="A change shortens the step only by what it takes from the time that nothing else covers.",
        places=(*_at(TITAN, 1, "question", "half-the-bits"), *_everywhere(3, "instrument", "gains")),
    ),
    Takeaway(
        id="iron-law",
        title="Iron law",
        words="Time is traffic over bandwidth, operations over what is reached of the peak, and latency; attack the largest.",
        places=(*_everywhere(1, "diagnosis", "diagnosis"), *_everywhere(1, "instrument", "peek")),
    ),
    Takeaway(
        id="prefill-decode",
        title="Prefill and decode",
        words="Prefill works on whole prompts and fills the matrix units; decode reads every weight for one token each.",
        places=_at(TITAN, 1, "control", "phase"),
    ),
    Takeaway(
        id="batch",
        title="Batch, bounded by memory",
        words="A larger batch shares each weight read among more outputs, until the cache or the deadline says no.",
        places=(
            *_at(TITAN, 1, "control", "batch"),
            *_everywhere(2, "instrument", "memory"),
            *_everywhere(2, "step", "attempt"),
            *_of_machine("free-batch"),
        ),
    ),
    Takeaway(
        id="paged-cache",
        title="Paged cache",
        words="A cache in blocks holds what is there, not what might come, so more sequences fit.",
        places=(*_at(TITAN, 2, "text", r"\bpage"), *_at(TITAN, 2, "instrument", "memory")),
    ),
    Takeaway(
        id="fusion",
        title="Classes of fusion",
        words="Fusion takes away traffic and launches, never operations, and only between neighbours that fit on the chip.",
        places=(*_everywhere(2, "question", "linear-relu"), *_everywhere(2, "instrument", "traffic"), *_of_machine("epilogue-gain")),
    ),
    Takeaway(
        id="tiling",
        title="Tiling",
        words="Tiles over the edge and a last wave that is not full leave the device idle; small tiles read their operands again.",
        places=(*_everywhere(2, "step", "propose"), *_of_machine("tile-1024")),
    ),
    Takeaway(
        id="online-softmax",
        title="Online softmax",
        words="A softmax that corrects itself block by block lets attention run without writing a score to memory.",
        places=(
            *_at(TITAN, 1, "control", "attention_kernel"),
            *_at(TITAN, 2, "text", r"[Oo]nline softmax|softmax"),
        ),
    ),
    Takeaway(
        id="launch-gaps",
        title="Launch gaps and CUDA graphs",
        words="When gaps pass a tenth of the step, close them first; a graph does, for shapes that stay the same.",
        places=(*_everywhere(1, "instrument", "profiler"), *_at(TITAN, 1, "control", "dispatch")),
    ),
    Takeaway(
        id="quantisation",
        title="Weights alone, or weights and activations",
        words="Fewer bits for weights move the dot; fewer bits for activations too move the roof as well.",
        places=(*_at(TITAN, 1, "control", "precision"), *_at(NOMAD, 1, "control", "precision")),
    ),
    Takeaway(
        id="compile",
        title="Compile amortisation",
        words="Compiling pays after as many runs as its time holds of the time that each run saves.",
        places=_at(TITAN, 2, "text", r"[Cc]ompil"),
    ),
    Takeaway(
        id="speculation",
        title="Speculative decoding, its acceptance and its batch",
        words="Drafting raises operations for each kept token and cuts bytes: a gain while memory-bound, a loss near the ridge.",
        places=(*_everywhere(3, "question", "draft"), *_at(TITAN, 3, "text", r"accept")),
    ),
    Takeaway(
        id="experts",
        title="Experts: capacity against active compute",
        words="Experts cut the operations of each token and grow what must be stored, balanced and sent between devices.",
        places=(
            *_at(TITAN, 3, "text", r"[Ee]xpert"),
            *_everywhere(3, "instrument", "memory"),
        ),
    ),
    Takeaway(
        id="routing",
        title="Routing imbalance and all-to-all",
        words="The busiest expert and the exchange of tokens set the pace, not the mean.",
        places=_at(TITAN, 3, "text", r"imbalance|all-to-all|busiest"),
    ),
    Takeaway(
        id="profiling-ladder",
        title="Profiling ladder",
        words="Application, then trace, then kernel: each rung says where to look on the next.",
        places=(*_everywhere(1, "instrument", "profiler"), *_at(EDGE, 1, "text", r"trace")),
    ),
    Takeaway(
        id="measurement",
        title="Warm-up, observer overhead, more than one run",
        words="First runs are slow, profilers add to what they measure, and one run is not a measurement.",
        places=(
            *_at(EDGE, 1, "text", r"[Ww]arm-?\s?up"),
            *_at(EDGE, 1, "text", r"[Oo]bserver|profiler adds|overhead"),
            *_at(EDGE, 1, "text", r"[Oo]ne run"),
            *_everywhere(1, "step", "verify"),
        ),
    ),
    Takeaway(
        id="tails",
        title="Tails",
        words="A rare spike hides in the mean and in p99, and is plain in p99.9 and in the trace.",
        places=(*_at(EDGE, 1, "text", r"p99\.9"), *_at(EDGE, 1, "diagnosis", "diagnosis")),
    ),
    Takeaway(
        id="loop",
        title="Profile, diagnose, optimise, verify",
        words="Each round begins with a reading and ends with one.",
        places=(
            *_everywhere(1, "step", "explore"),
            *_everywhere(1, "step", "diagnose"),
            *_everywhere(2, "step", "attempt"),
            *_everywhere(2, "step", "verify"),
        ),
    ),
    Takeaway(
        id="fallacy-flops",
        title="More FLOPS is faster",
        words="Not on the slope: there the rate is bandwidth times intensity, and the peak is not in the product.",
        places=_everywhere(1, "question", "slope"),
        fallacy=True,
    ),
    Takeaway(
        id="fallacy-precision",
        title="Lower precision halves everything",
        words="It halves the bytes of what is stored in it; launches, the rest of the traffic and the accuracy stay.",
        places=(*_at(TITAN, 1, "question", "half-the-bits"), *_at(NOMAD, 1, "question", "one-change")),
        fallacy=True,
    ),
    Takeaway(
        id="fallacy-largest-kernel",
        title="The largest kernel is the problem",
        words="The one that can be shortened most is, or the one that is late: a small one may stand in line.",
        places=(*_at(EDGE, 1, "diagnosis", "diagnosis"), *_at(TITAN, 1, "diagnosis", "diagnosis")),
        fallacy=True,
    ),
    Takeaway(
        id="fallacy-speculation",
        title="Speculation pays at any batch",
        words="Every drafted token costs a verification; once the step is compute-bound, that is time.",
        places=(*_everywhere(3, "question", "draft"), *_everywhere(3, "step", "attempt")),
        fallacy=True,
    ),
    Takeaway(
        id="fallacy-experts",
        title="Experts are free",
        words="Few operations for each token, but all weights must be stored, and in a middling batch nearly all are read.",
        places=(*_everywhere(3, "step", "challenge"), *_everywhere(3, "instrument", "memory")),
        fallacy=True,
    ),
    Takeaway(
        id="fallacy-compiler",
        title="The compiler replaces analysis",
        words="It fuses what it knows; which fusion fits, pays, or breaks the memory, the roofline says.",
        places=_everywhere(2, "step", "attempt"),
        fallacy=True,
    ),
    Takeaway(
        id="fallacy-averages",
        title="Averages describe tails",
        words="A rare spike hardly moves the mean and breaks the deadline all the same.",
        places=_at(EDGE, 1, "text", r"p99\.9|mean"),
        fallacy=True,
    ),
)
