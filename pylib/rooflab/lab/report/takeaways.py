"""What learners take away, each with the screens on which it is met, and what this learner saw there."""

from __future__ import annotations

from dataclasses import dataclass

from rooflab import tracks
from rooflab.errors import LabError
from rooflab.lab.instruments import INSTRUMENTS
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.setting import setting
from rooflab.lab.steps.modes import LABELS
from rooflab.lab.steps.progress import PartProgress, progress
from rooflab.units import format_fraction, format_reading

__all__ = ["TAKEAWAYS", "Met", "Place", "Takeaway", "met", "place_words"]

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
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is met: a question, control, gauge, instrument or step of a part, by its id."""

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

    `place` is None where the learner has been to none of its places.
    """

    takeaway: Takeaway
    place: Place | None
    seen: str


def met(ledger: Ledger) -> tuple[Met, ...]:
    """Return every takeaway with what this learner saw of it; a place with own words goes before others."""
    found = []
    for takeaway in TAKEAWAYS:
        seen = [
            (place, _seen(place, own, ledger.variant))
            for place in takeaway.places
            if (own := progress(place.track_id, ledger).part(place.part)).opened and place.step in own.done
        ]
        place, words = min(seen, key=lambda pair: not pair[1]) if seen else (None, "")
        found.append(Met(takeaway=takeaway, place=place, seen=words))
    return tuple(found)


def place_words(place: Place) -> str:
    """Name a place for a reader."""
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
                verdict = "it was" if entry.choice_id == where.answer(question) else "it was not"
                return (
                    f"You said {question.choice(entry.choice_id).text!r}, "
                    f"{format_fraction(entry.confidence)} sure; {verdict}."
                )
    return ""


def _named(place: Place, own: PartProgress, variant: int) -> str:
    asked, given = own.part.diagnosis, own.diagnosis
    if asked is None or given is None:
        return ""
    verdict = "it holds" if given.right else "it does not hold"
    return f"You named {asked.choice(given.choice_id).text!r}; {verdict}."


def _pinned(place: Place, own: PartProgress, variant: int) -> str:
    pins = [pin for pin in own.pins if pin.instrument == place.id]
    return f"You pinned {pins[-1].name} {format_reading(pins[-1].value, pins[-1].unit)}." if pins else ""


def _stepped(place: Place, own: PartProgress, variant: int) -> str:
    if place.id == "propose" and own.proposals:
        last = own.proposals[-1]
        return (
            f"Your tiles of {last.tile_rows} × {last.tile_columns} keep "
            f"{format_fraction(last.score_fraction)} of the hardware busy."
        )
    if place.id == "challenge" and own.replies:
        return f"Your answer to the stakeholder {'holds' if own.replies[-1].right else 'does not hold'}."
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


def _everywhere(part: int, kind: str, *ids: str) -> tuple[Place, ...]:
    return tuple(place for track_id in ALL for place in _at(track_id, part, kind, *ids))


TAKEAWAYS: tuple[Takeaway, ...] = (
    Takeaway(
        id="roofline",
        title="Roofline diagnosis",
        words="Where a dot lies says what to change: on the slope bytes, under the flat roof operations, below both waiting.",
        places=(*_everywhere(1, "question", "slope"), *_everywhere(1, "instrument", "roofline")),
    ),
    Takeaway(
        id="ridge-point",
        title="Ridge point",
        words="Peak over bandwidth is where memory-bound turns into compute-bound, and each device has its own.",
        places=(*_everywhere(1, "instrument", "roofline"), *_at(TITAN, 1, "control", "device_id")),
    ),
    Takeaway(
        id="mfu-mbu",
        title="MFU against MBU",
        words="Judge a step by the roof that it is under: decode at 2% MFU and 85% MBU is good.",
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
        places=(*_everywhere(2, "question", "linear-relu"), *_everywhere(2, "instrument", "traffic")),
    ),
    Takeaway(
        id="tiling",
        title="Tiling",
        words="Tiles that do not divide the matrix, and waves that do not fill the device, leave it idle.",
        places=_everywhere(2, "step", "propose"),
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
        words="First runs are slow, profilers add 10 to 20%, and one run is not a measurement.",
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
        words="A spike of 0.2% moves the mean by a tenth of a millisecond and breaks the deadline all the same.",
        places=_at(EDGE, 1, "text", r"p99\.9|mean"),
        fallacy=True,
    ),
)
