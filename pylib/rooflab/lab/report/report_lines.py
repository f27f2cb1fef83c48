"""The lines of a report: predictions, attempts, evidence, arguments of one part, each as a record in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rooflab.analyses.changes import changes
from rooflab.analyses.demand import replies
from rooflab.analyses.tiles import best_tiles
from rooflab.errors import LabError
from rooflab.lab.ledger.entries import Diagnosis, Entry, Hint, Pin, Reflection
from rooflab.lab.setting import Setting, design_of
from rooflab.lab.steps.attempts import AttemptLog, Score, attempt_log, verdict
from rooflab.lab.steps.commits import BEST_FACTOR, FACTOR
from rooflab.lab.steps.modes import LABELS
from rooflab.lab.steps.progress import PartProgress
from rooflab.specs import Design, Question
from rooflab.units import counted, format_count, format_fraction, format_ratio, format_reading

__all__ = [
    "OPEN",
    "POSITIONS",
    "AttemptLine",
    "EvidenceLine",
    "Line",
    "PredictionLine",
    "design_words",
    "evidence_line",
    "hint_lines",
    "mission_lines",
    "prediction_line",
    "reflection_lines",
    "result_lines",
]

OPEN = "open"
"""Stands where the learner has not come to yet."""

POSITIONS: Mapping[str, str] = {
    "memory": "BW_mem: memory bandwidth binds",
    "compute": "R_peak: arithmetic binds",
    "latency": "L_lat: launches, gaps and waiting bind",
    "machine": "The machine: the same mathematics, run better",
    "algorithm": "The algorithm: other mathematics",
    "both": "Both: neither alone meets every target",
}
"""What a reflection may stand for, by the id that the ledger keeps."""

_AS_AT_START = "as at the start"
_REFLECTED = (
    ("choice_id", "Position"),
    ("claim", "Claim"),
    ("tradeoff", "Trade-off"),
    ("rejected_alternative", "Rejected alternative"),
    ("residual_risk", "Residual risk"),
    ("reevaluation_trigger", "What would change your mind"),
)
_ASKED_IN = {"choice_id": (1, 3), "rejected_alternative": (3,), "reevaluation_trigger": (3,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A name and what stands beside it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionLine:
    """A question with the first answer, its confidence, and reality once it was revealed."""

    question_id: str
    question: str
    predicted: str
    confidence_fraction: float | None
    revised_to: str
    answer: str
    right: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLine:
    """An attempt: what it changed from the start, what it reached, and why it failed if it did."""

    number: int
    changed: str
    value: str
    feasible: bool
    reasons: tuple[str, ...]
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """A pinned reading, the design that it was read at, and whether a reflection cites it."""

    seq: int
    reading: str
    design: str
    cited: bool


def design_words(place: Setting, design: Design) -> str:
    """Say what a design changes from where the part starts, in the words of the controls."""
    found = changes(place.part.controls, place.start, design)
    return "; ".join(each.words for each in found) if found else _AS_AT_START


def prediction_line(place: Setting, question: Question, own: PartProgress) -> PredictionLine:
    """Return what was predicted to a question, and the answer if it was revealed."""
    given = own.predicted(question.id)
    revealed = any(entry.question_id == question.id for entry in own.reveals)
    answer = place.answer(question) if given and revealed else None
    last = given[-1].choice_id if given else None
    return PredictionLine(
        question_id=question.id,
        question=question.text,
        predicted=_choice(question, given[0].choice_id) if given else OPEN,
        confidence_fraction=given[0].confidence if given else None,
        revised_to=_choice(question, last) if given and last != given[0].choice_id else "",
        answer=_choice(question, answer) if answer else OPEN,
        right=given[0].choice_id == answer if answer else None,
    )


def _choice(question: Question, choice_id: str) -> str:
    return next((each.text for each in question.choices if each.id == choice_id), choice_id)


def result_lines(place: Setting, own: PartProgress, ended: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return what came out: diagnosis, the mission's end, tiling, and the reply to the stakeholder."""
    return (*_diagnosis(place, own.diagnosis), *ended, *_proposal(place, own), *_reply(place, own))


def _diagnosis(place: Setting, given: Diagnosis | None) -> tuple[Line, ...]:
    asked = place.part.diagnosis
    if asked is None:
        return ()
    if given is None:
        return (Line(name="Diagnosis", words=OPEN),)
    right = given.choice_id == place.answer(asked)
    verdict_words = "it holds" if right else f"it does not hold; {_choice(asked, place.answer(asked))}"
    return (Line(name="Diagnosis", words=f"{_choice(asked, given.choice_id)}: {verdict_words}"),)


def mission_lines(place: Setting, own: PartProgress) -> tuple[tuple[AttemptLine, ...], tuple[Line, ...]]:
    """Return the attempts of a part, scored anew, and how its mission ended; nothing for a part without one."""
    if place.mission is None:
        return (), ()
    if not own.attempts:
        return (), ((Line(name="Final design", words=OPEN),) if "attempt" in own.steps else ())
    try:
        log = attempt_log(place, own)
        return tuple(_attempt(log, score) for score in log.scores), _ended(log)
    except LabError as error:
        return (), (Line(name="Final design", words=f"cannot be computed again: {error}"),)


def _attempt(log: AttemptLog, score: Score) -> AttemptLine:
    attempt, objective = score.attempt, log.setting.mission.objective
    return AttemptLine(
        number=attempt.number,
        changed=design_words(log.setting, attempt.design),
        value=f"{objective.name} {format_reading(attempt.value, objective.unit)}",
        feasible=attempt.feasible,
        reasons=attempt.reasons,
        final=score is log.final,
    )


def _ended(log: AttemptLog) -> tuple[Line, ...]:
    ended = verdict(log)
    if ended is None:
        return (Line(name="Final design", words=f"{OPEN}; {counted(log.left_count, 'attempt')} left"),)
    objective = log.setting.mission.objective
    reached = ended.final.design in ended.optimum.best
    best = (
        f"{'the final one' if reached else design_words(log.setting, ended.optimum.best[0])}: "
        f"{objective.name} {format_reading(ended.optimum.value, objective.unit)}, the best of "
        f"{format_count(ended.optimum.feasible_count)} feasible among {format_count(ended.optimum.designs_count)} designs"
    )
    if ended.regret_fraction is None:
        words = f"attempt {ended.final.number}, which is not feasible"
    elif ended.regret_fraction <= 0.0005:
        words = f"attempt {ended.final.number}: as good as the best there is"
    else:
        words = f"attempt {ended.final.number}, {format_fraction(ended.regret_fraction)} short of the best there is"
    return Line(name="Final design", words=words), Line(name="Best design", words=best)


def _proposal(place: Setting, own: PartProgress) -> tuple[Line, ...]:
    if place.part.tiling is None or not own.proposals:
        return ()
    given = own.proposals[-1]
    tiles = f"{given.tile_rows} × {given.tile_columns}"
    tiles += f", the depth split in {given.split}" if given.split > 1 else ""
    words = f"{tiles} keeps {format_fraction(given.score_fraction)} of the hardware busy"
    try:
        problem = place.part.tiling(place.scenario, design_of(place, given.design))
        best = best_tiles(problem).best
        words += (
            f"; on {problem.name} the best on offer, {best.tile_rows} × {best.tile_columns} split in "
            f"{best.splits}, keeps {format_fraction(float(best.score_fraction))}"
        )
    except LabError as error:
        words += f"; it cannot be computed again: {error}"
    return (Line(name="Tiling proposed", words=words),)


def _reply(place: Setting, own: PartProgress) -> tuple[Line, ...]:
    if place.part.demand is None or not own.replies:
        return ()
    given = own.replies[-1]
    offered = dict(replies(place.mission, place.part.demand))
    reply = given.named_id or given.decision
    words = f"{offered.get(reply, reply)}: " + ("it holds" if given.right else "it does not hold")
    if FACTOR in given.figures:
        words += f"; the design shown gives {format_ratio(given.figures[FACTOR])} the baseline"
    if BEST_FACTOR in given.figures:
        words += f", the best feasible one {format_ratio(given.figures[BEST_FACTOR])}"
    return (Line(name="To the stakeholder", words=words),)


def evidence_line(place: Setting, pin: Pin, cited: bool) -> EvidenceLine:
    """Return a pinned reading with its design in words."""
    return EvidenceLine(
        seq=pin.seq,
        reading=f"{pin.name} {format_reading(pin.value, pin.unit)}",
        design=design_words(place, design_of(place, pin.design)),
        cited=cited,
    )


def reflection_lines(own: PartProgress) -> tuple[Line, ...]:
    """Return the fields of the last reflection that the part asks for; what is empty is open."""
    number = own.part.number
    return tuple(
        Line(name=name, words=_written(own.reflection, field) or OPEN)
        for field, name in _REFLECTED
        if number in _ASKED_IN.get(field, (number,))
    )


def _written(given: Reflection | None, field: str) -> str:
    words = getattr(given, field) if given else ""
    return POSITIONS.get(words, words) if field == "choice_id" else words


def hint_lines(entries: tuple[Entry, ...]) -> tuple[Line, ...]:
    """Return the highest hint taken for each step."""
    highest: dict[str, int] = {}
    for entry in entries:
        if isinstance(entry, Hint):
            highest[entry.step] = max(entry.level, highest.get(entry.step, 0))
    return tuple(Line(name=LABELS.get(step, step), words=f"{level} of 3") for step, level in highest.items())
