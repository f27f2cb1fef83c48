"""A report as Markdown and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from rooflab.lab.ledger.computable import set_apart_words
from rooflab.lab.ledger.ledger import LAB_ID, SCHEMA_VERSION, Ledger, unknown_words
from rooflab.lab.ledger.record import export_record
from rooflab.lab.report.machine import MachineReport
from rooflab.lab.report.report import PartReport, Report, TrackReport
from rooflab.lab.report.report_lines import OPEN, Line, PredictionLine
from rooflab.lab.scoring import REPEAT, UNDECIDED, Calibration
from rooflab.lab.steps.modes import LABELS
from rooflab.units import counted, format_fraction

__all__ = ["calibration_words", "time_words", "to_json", "to_markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def to_json(report: Report, ledger: Ledger) -> str:
    """Write a report as JSON, with the names of neighbouring labs for each track under `records`."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "lab_id": LAB_ID,
        "kind": "report",
        "report": asdict(report),
        "records": {each.id: export_record(ledger.recorded, each.id) for each in report.tracks},
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def to_markdown(report: Report) -> str:
    """Write a report as Markdown in which the learner's words are plain text, whatever they hold."""
    lines = [
        "# Rooflab: report",
        "",
        f"Session {_escaped(report.session)}, variant {report.variant}; begun {report.started_at[:10]}, "
        f"last entry {report.last_at[:10]}, {counted(report.entry_count, 'entry', 'entries')}, {counted(report.open_count, 'step')} open.",
        "",
        f"**Calibration.** {calibration_words(report.calibration)}",
        "",
        f"**Takeaways.** {report.takeaways.words}",
    ]
    if report.edited:
        lines += ["", "**Part of this ledger was changed outside the lab before it was imported.**"]
    if report.unknown_tracks:
        names = ", ".join(map(_escaped, report.unknown_tracks))
        lines += ["", f"Not readable in this version: {names}."]
    if report.not_checked:
        lines += ["", _escaped(report.not_checked)]
    if report.bench_opened:
        lines += ["", report.bench_opened]
    if report.unknown_count:
        lines += ["", unknown_words(report.unknown_count)]
    for each in report.tracks:
        lines += ["", *_track(each)]
    if report.machine:
        lines += ["", *_machine(report.machine)]
    if report.set_apart:
        lines += ["", "## Left out", "", set_apart_words(len(report.set_apart)), "", *_items(report.set_apart)]
    return "\n".join(lines) + "\n"


def calibration_words(found: Calibration) -> str:
    """Say how well confidence matched outcome."""
    if not found.prediction_count:
        return "No prediction was revealed yet."
    right = found.right_count / found.prediction_count
    levels = "; ".join(
        f"{format_fraction(point.confidence_fraction)} sure: {format_fraction(point.right_fraction)} right "
        f"of {point.prediction_count}"
        for point in found.points
    )
    return (
        f"{found.prediction_count} predictions, {format_fraction(right)} right, "
        f"{format_fraction(right + found.gap_fraction)} sure on average; "
        f"Brier score {found.brier_fraction:.2f} (0 is best, 0.25 is a coin toss). By confidence: {levels}."
    )


def time_words(time_s: float) -> str:
    """Write a time in minutes.

    >>> time_words(95.0)
    '2 min'
    """
    return f"{time_s / 60:.0f} min"


def _track(each: TrackReport) -> Iterator[str]:
    yield f"## {each.name}, {each.persona} ({each.mode} mode, {time_words(each.time_s)})"
    yield ""
    yield each.north_star
    for part in each.parts:
        yield ""
        yield from _part(part)


def _part(part: PartReport) -> Iterator[str]:
    state = f"at the step {LABELS[part.state]}" if part.state in LABELS else part.state
    yield f"### {part.number}. {part.title} ({state}, {time_words(part.time_s)})"
    if not part.predictions:
        yield ""
        yield f"{OPEN}: the part before it is not done."
        return
    yield ""
    yield "| Question | Predicted | Sure | Model |"
    yield "|---|---|---|---|"
    yield from (_prediction(each) for each in part.predictions)
    if part.attempts:
        yield ""
        yield "| | Changed from the start | Reached | |"
        yield "|---|---|---|---|"
        for attempt in part.attempts:
            ended = "feasible" if attempt.feasible else " ".join(attempt.reasons)
            number = f"**{attempt.number} final**" if attempt.final else str(attempt.number)
            yield _row(number, _escaped(attempt.changed), _escaped(attempt.value), _escaped(ended))
    yield ""
    yield from _items(part.results)
    for pin in part.evidence:
        cited = f", cited{f', {pin.bearing}' if pin.bearing else ''}" if pin.cited else ""
        shows = f". {_escaped(pin.shows)}" if pin.shows else ""
        yield f"- Evidence, entry {pin.seq + 1}{cited}: {_escaped(pin.reading)} ({_escaped(pin.design)}){shows}"
    yield from _items(part.reflection)
    if part.hints:
        yield f"- Hints used: {', '.join(f'{each.name} {each.words}' for each in part.hints)}"
    if part.open_steps:
        yield f"- **Open:** {', '.join(part.open_steps)}"


def _machine(found: MachineReport) -> Iterator[str]:
    yield f"## Your machine{f' (measured {_escaped(found.measured_on)})' if found.measured_on else ''}"
    yield ""
    yield "| Question | Predicted | Sure | Measured |"
    yield "|---|---|---|---|"
    yield from (_prediction(each) for each in found.predictions)
    yield ""
    yield from _items((*found.figures, *found.results))
    if found.open_steps:
        yield f"- **Open:** {', '.join(found.open_steps)}"


def _prediction(each: PredictionLine) -> str:
    predicted = _escaped(each.predicted)
    if each.revised_to:
        predicted += f", revised to: {_escaped(each.revised_to)}"
    sure = OPEN if each.confidence_fraction is None else format_fraction(each.confidence_fraction)
    model = {True: "correct", False: f"incorrect: {_escaped(each.answer)}", None: OPEN}[each.right]
    if each.undecided:
        model = f"on the reference machine: {_escaped(each.answer)} ({UNDECIDED})"
    if each.repeat:
        model += f" ({REPEAT})"
    return _row(_escaped(each.question), predicted, sure, model)


def _items(lines: Iterable[Line]) -> Iterator[str]:
    return (f"- {each.name}: {_escaped(each.words)}" for each in lines)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    one_line = " / ".join(filter(None, (line.strip() for line in text.splitlines())))
    return _SPECIAL.sub(r"\\\1", one_line).replace("://", ":\\//")
