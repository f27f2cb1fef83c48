"""The lines of a report: predictions, attempts, evidence, arguments of one part, each as a record in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rooflab.analyses.changes import changes
from rooflab.analyses.tiles import best_tiles
from rooflab.errors import LabError
from rooflab.lab.evidence import Weighed
from rooflab.lab.ledger.entries import Diagnosis, Entry, Hint, Pin, Reflection, Reply
from rooflab.lab.setting import Setting, design_of
from rooflab.lab.steps.attempts import AttemptLog, Score, attempt_log, verdict
from rooflab.lab.steps.challenge import may_tell_best, reply_words
from rooflab.lab.steps.commits import BEST_FACTOR, CLAIMED_ALONE_FACTOR, CLAIMED_FACTOR, FACTOR
from rooflab.lab.steps.experiments import finding
from rooflab.lab.steps.modes import LABELS
from rooflab.lab.steps.progress import PartProgress
from rooflab.lab.tiling_words import proposal_words, tile_words
from rooflab.specs import Design, Question
from rooflab.tracks.parts import STANCES
from rooflab.units import counted, format_count, format_fraction, format_ratio, format_reading, format_time

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

POSITIONS: Mapping[str, str] = {stance: words for each in STANCES.values() for stance, words in each.items()}
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A name and what stands beside it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionLine:
    """A question with the first answer, its confidence, and reality once it was revealed.

    `right` is None before that, and where the learner's own machine decides nothing: `undecided`, with the reference
    machine's answer.
    """

    question_id: str
    question: str
    predicted: str
    confidence_fraction: float | None
    revised_to: str
    answer: str
    right: bool | None
    repeat: bool = False
    undecided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLine:
    """An attempt: what it changed from the start, what it reached, and why it failed if it did."""

    number: int
    changed: str
    value: str
    runs: bool
    feasible: bool
    reasons: tuple[str, ...]
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """A pinned reading, the design that it was read at, and whether a reflection cites it.

    `bearing` is which way it points for the part's claim, and `shows` what it does show; both are empty where the
    part's reflection does not cite it.
    """

    seq: int
    reading: str
    design: str
    cited: bool
    bearing: str
    shows: str


def design_words(place: Setting, design: Design) -> str:
    """Say what a design changes from where the part starts, in the words of the controls."""
    found = changes(place.part.controls, place.start, design)
    return "; ".join(each.words for each in found) if found else _AS_AT_START


def prediction_line(place: Setting, question: Question, own: PartProgress, *, repeat: bool = False) -> PredictionLine:
    """Return what was predicted to a question, and the answer if it was revealed; `repeat` as in scoring."""
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
        repeat=repeat,
    )


def _choice(question: Question, choice_id: str) -> str:
    return next((each.text for each in question.choices if each.id == choice_id), choice_id)


def result_lines(place: Setting, own: PartProgress, ended: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return what came out: experiments, what they showed, diagnosis, the mission's end, tiling, and the reply to the stakeholder."""
    explored = (*_experiments(place, own), *_observation(place, own))
    return (*explored, *_diagnosis(place, own.diagnosis), *ended, *_proposal(place, own), *_reply(place, own))


def _experiments(place: Setting, own: PartProgress) -> tuple[Line, ...]:
    if not own.experiments:
        return ()
    offered = own.offered
    return (
        Line(name="Experiments", words=f"{len(own.experiments)} of {len(offered)} done"),
        *(Line(name=each.do, words=finding(place, entry)) for each in offered for entry in own.experiments if entry.experiment_id == each.id),
    )


def _observation(place: Setting, own: PartProgress) -> tuple[Line, ...]:
    asked, given = place.part.observation, own.observation
    if asked is None or given is None:
        return ()
    right = place.answer(asked)
    words = "correct" if given.choice_id == right else f"incorrect: {_choice(asked, right)}"
    return (Line(name="Observed", words=f"{_choice(asked, given.choice_id)}; {words}"),)


def _diagnosis(place: Setting, given: Diagnosis | None) -> tuple[Line, ...]:
    asked = place.part.diagnosis
    if asked is None:
        return ()
    if given is None:
        return (Line(name="Diagnosis", words=OPEN),)
    right = given.choice_id == place.answer(asked)
    verdict_words = "supported" if right else f"not supported; {_choice(asked, place.answer(asked))}"
    return (Line(name="Diagnosis", words=f"{_choice(asked, given.choice_id)}: {verdict_words}"),)


def mission_lines(place: Setting, own: PartProgress) -> tuple[tuple[AttemptLine, ...], tuple[Line, ...]]:
    """Return the attempts of a part, scored anew, and how its mission ended; nothing for a part without one."""
    if place.mission is None:
        return (), ()
    if not own.attempts:
        return (), ((Line(name="Final design", words=OPEN),) if "attempt" in own.steps else ())
    try:
        log = attempt_log(place, own)
        return tuple(_attempt(log, score) for score in log.scores), _ended(log, told=may_tell_best(own))
    except LabError as error:
        return (), (Line(name="Final design", words=f"cannot be computed again: {error}"),)


def _attempt(log: AttemptLog, score: Score) -> AttemptLine:
    attempt, objective = score.attempt, log.setting.mission.objective
    return AttemptLine(
        number=attempt.number,
        changed=design_words(log.setting, attempt.design),
        value=f"{objective.name} {format_reading(attempt.value, objective.unit)}" if attempt.runs else "cannot run",
        runs=attempt.runs,
        feasible=attempt.feasible,
        reasons=attempt.reasons,
        final=score is log.final,
    )


def _ended(log: AttemptLog, *, told: bool) -> tuple[Line, ...]:
    """Say how the mission ended; what is best is told only after the stakeholder has been answered."""
    if log.final and not told:
        return (Line(name="Final design", words=f"attempt {log.final.attempt.number}"),)
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
        words = f"attempt {ended.final.number}, which {'is not feasible' if ended.final.runs else 'cannot run'}"
    elif ended.tied:
        words = f"attempt {ended.final.number}: ties with the best in {objective.name}. {ended.tie_words}"
    elif ended.is_best:
        words = f"attempt {ended.final.number}: the best feasible design"
    elif objective.maximise:
        words = f"attempt {ended.final.number}, {format_fraction(ended.regret_fraction)} below the best feasible design"
    else:
        words = f"attempt {ended.final.number}; the best feasible design is {format_fraction(ended.regret_fraction)} below it"
    return Line(name="Final design", words=words), Line(name="Best design", words=best)


def _proposal(place: Setting, own: PartProgress) -> tuple[Line, ...]:
    if place.part.tiling is None or not own.proposals:
        return ()
    given = own.proposals[-1]
    words = f"{tile_words(given.tile_rows, given.tile_columns, given.split)} {proposal_words(given)}"
    try:
        problem = place.part.tiling(place.scenario, design_of(place, given.design))
        best = best_tiles(problem).best
        words += (
            f"; on {problem.name} the best on offer, {tile_words(best.tile_rows, best.tile_columns, best.splits)}, "
            f"takes {format_time(float(best.kernel_s))}"
        )
    except LabError as error:
        words += f"; it cannot be computed again: {error}"
    return (Line(name="Tiling proposed", words=words),)


def _reply(place: Setting, own: PartProgress) -> tuple[Line, ...]:
    if place.part.demand is None or not own.replies:
        return ()
    first, *revised = own.replies
    shown = BEST_FACTOR if may_tell_best(own) else ""
    lines = [Line(name="To the stakeholder", words=_reply_words(place, first, shown))]
    lines += [Line(name="Revised, not counted", words=_reply_words(place, each, shown)) for each in revised]
    return (*lines, *_decides(place, own)) if shown else tuple(lines)


def _reply_words(place: Setting, given: Reply, best: str) -> str:
    demand, figures = place.part.demand, given.figures
    words = f"{reply_words(place, given)}: " + ("correct" if given.right else "incorrect")
    if FACTOR in figures:
        words += f"; the design shown gives {format_ratio(figures[FACTOR])} the baseline"
    if CLAIMED_FACTOR in figures:
        words += (
            f", of which {demand.claim} bring {format_ratio(figures[CLAIMED_FACTOR])} "
            f"(alone {format_ratio(figures[CLAIMED_ALONE_FACTOR])})"
        )
    if best in figures:
        words += f", the best feasible one {format_ratio(figures[best])}"
    return words


def _decides(place: Setting, own: PartProgress) -> tuple[Line, ...]:
    """Say which number decides; the ledger keeps it only as the design."""
    try:
        design = design_of(place, own.replies[-1].design)
        return (Line(name="What decides", words=place.part.demand.mechanism(place.scenario, place.start, design)),)
    except LabError:
        return ()


def evidence_line(place: Setting, pin: Pin, cited: bool, weighed: Weighed | None = None) -> EvidenceLine:
    """Return a pinned reading with its design in words."""
    return EvidenceLine(
        seq=pin.seq,
        reading=f"{pin.name} {format_reading(pin.value, pin.unit)}",
        design=design_words(place, design_of(place, pin.design)),
        cited=cited,
        bearing=str(weighed.bearing) if weighed else "",
        shows=weighed.words if weighed else "",
    )


def reflection_lines(own: PartProgress) -> tuple[Line, ...]:
    """Return what the last reflection says, and what the part asks for and does not have as open."""
    asked = (*own.fields, *(["choice_id"] if STANCES[own.part.number] else []))
    kept = own.reflection.asked_again.split() if own.reflection else ()
    lines = tuple(
        Line(name=name, words=words or OPEN)
        for field, name in _REFLECTED
        if (words := _written(own.reflection, field)) or field in asked
    )
    if not kept:
        return lines
    names = dict(_REFLECTED) | {"evidence": "Evidence"}
    return (*lines, Line(name="Asked again, kept", words=", ".join(names.get(each, each) for each in kept)))


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
