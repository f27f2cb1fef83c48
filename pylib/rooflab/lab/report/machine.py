"""The learner's machine in a report: predictions, figures, evidence and arguments, and the points of its roofline."""

from __future__ import annotations

from dataclasses import dataclass

from rooflab.errors import LabError
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.machine.derive import heat_of, jitter_of, study_of
from rooflab.lab.machine.progress import MachineProgress, machine_progress
from rooflab.lab.machine.words import CAUSES, figure_words, heat_words, jitter_words, kernel_words, pin_words
from rooflab.lab.report.report_lines import OPEN, Line, PredictionLine
from rooflab.machine.counts import cost
from rooflab.machine.questions import QUESTIONS, Asked
from rooflab.machine.study import FIGURES, Study

__all__ = ["MachinePoint", "MachineReport", "machine_report"]

_LABELS = {"predict": "Predict", "measure": "Measure", "explain": "Explain", "pin": "Pin", "reflect": "Reflect"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePoint:
    """A measured kernel on the roofline: its counted intensity, and what it attained and was predicted to."""

    name: str
    intensity_flop_per_byte: float
    attained_flop_per_s: float
    predicted_flop_per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineReport:
    """What a learner leaves with of their machine. Roofs are 0 where nothing was measured, those of all cores with one core."""

    measured_on: str
    measured_count: int
    predictions: tuple[PredictionLine, ...]
    figures: tuple[Line, ...]
    results: tuple[Line, ...]
    open_steps: tuple[str, ...]
    peak_flop_per_s: float
    memory_bytes_per_s: float
    all_flop_per_s: float
    all_bytes_per_s: float
    points: tuple[MachinePoint, ...]


def machine_report(ledger: Ledger) -> MachineReport | None:
    """Return the machine's part of a report; None where nothing was done there."""
    own = machine_progress(ledger)
    if not own.touched:
        return None
    study, wrong = _studied(own)
    found = study.found if study else None
    return MachineReport(
        measured_on=study.date if study else "",
        measured_count=len(own.measured),
        predictions=tuple(_prediction(each, own) for each in QUESTIONS),
        figures=_figures(study) if study else (),
        results=(*wrong, *_results(own)),
        open_steps=tuple(words for step, words in _LABELS.items() if list(_LABELS).index(step) >= _done(own)),
        peak_flop_per_s=found.peak_flop_per_s if found else 0.0,
        memory_bytes_per_s=found.memory_bytes_per_s if found else 0.0,
        all_flop_per_s=found and found.all_flop_per_s or 0.0,
        all_bytes_per_s=found and found.all_bytes_per_s or 0.0,
        points=_points(study) if study else (),
    )


def _studied(own: MachineProgress) -> tuple[Study | None, tuple[Line, ...]]:
    if own.last is None:
        return None, ()
    try:
        return study_of(own.last), ()
    except LabError as error:
        return None, (Line(name="Measured", words=f"cannot be computed again: {error}"),)


def _done(own: MachineProgress) -> int:
    steps = [*_LABELS, "done"]
    return steps.index(own.step)


def _prediction(asked: Asked, own: MachineProgress) -> PredictionLine:
    given = own.predicted.get(asked.id, ())
    scored = next((each for each in own.scored if each.question_id == asked.id), None)
    return PredictionLine(
        question_id=asked.id,
        question=asked.text,
        predicted=_choice(asked, given[0].choice_id) if given else OPEN,
        confidence_fraction=given[0].confidence if given else None,
        revised_to=_choice(asked, given[-1].choice_id) if given and given[-1].choice_id != given[0].choice_id else "",
        answer=_choice(asked, scored.right_choice_id) if scored else OPEN,
        right=scored.right if scored and scored.counts else None,
        undecided=bool(scored and scored.undecided),
    )


def _choice(asked: Asked, choice_id: str) -> str:
    return next((each.text for each in asked.choices if each.id == choice_id), choice_id)


def _figures(study: Study) -> tuple[Line, ...]:
    return tuple(Line(name=FIGURES[name][0], words=figure_words(value, FIGURES[name][1])) for name, value in study.figures.items())


def _points(study: Study) -> tuple[MachinePoint, ...]:
    return tuple(
        MachinePoint(
            name=kernel_words(*each.row.key),
            intensity_flop_per_byte=each.row.intensity_flop_per_byte,
            attained_flop_per_s=each.row.flop_per_s,
            predicted_flop_per_s=float(cost(*each.row.key).flop / each.predicted_s),
        )
        for each in study.compared
    )


def _results(own: MachineProgress) -> tuple[Line, ...]:
    lines = [Line(name="Pinned", words=pin_words(each)) for each in own.pins]
    if own.explained:
        last = own.explained[-1]
        lines += [Line(name="Behind the largest miss", words=f"{CAUSES.get(last.choice_id, last.choice_id)}: {last.words}")]
    if own.reflections:
        last = own.reflections[-1]
        lines += [Line(name="To do first", words=last.claim), Line(name="What it costs", words=last.tradeoff)]
    return (*lines, *_on_request(own))


def _on_request(own: MachineProgress) -> tuple[Line, ...]:
    lines = []
    for name, entries, words in (("Jitter", own.jitters, lambda each: jitter_words(jitter_of(each))), ("Heat", own.heats, _heat)):
        for each in entries[-1:]:
            try:
                lines.append(Line(name=name, words=words(each)))
            except LabError as error:
                lines.append(Line(name=name, words=f"cannot be computed again: {error}"))
    return tuple(lines)


def _heat(entry) -> str:
    return heat_words(heat_of(entry), entry.rows[-1][0])
