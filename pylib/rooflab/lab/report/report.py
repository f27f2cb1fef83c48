"""The report of one learner: what was predicted, tried, measured and argued, as records without markup.

What the lab has not revealed to the learner stands in no report: answers come after their reveal,
the best design after the final one. Text that the learner typed is kept as typed; whoever shows
a report escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from rooflab.errors import LabError
from rooflab.lab.evidence import cited
from rooflab.lab.ledger.computable import computable
from rooflab.lab.ledger.entries import Imported, Reflection, Reveal, SetApart, UnreadEntry
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.ledger.made_with import not_checked_words, other_models
from rooflab.lab.report.machine import MachineReport, machine_report
from rooflab.lab.report.report_lines import (
    AttemptLine,
    EvidenceLine,
    Line,
    PredictionLine,
    evidence_line,
    hint_lines,
    mission_lines,
    prediction_line,
    reflection_lines,
    result_lines,
)
from rooflab.lab.report.takeaways import met, taken_words
from rooflab.lab.scoring import Calibration, calibration, repeats, score_predictions
from rooflab.lab.setting import Setting, setting
from rooflab.lab.steps.modes import LABELS
from rooflab.lab.steps.open_bench import opened_words
from rooflab.lab.steps.pace import time_spent_s
from rooflab.lab.steps.progress import LOCKED, PartProgress, progress
from rooflab.tracks import track

__all__ = ["PartReport", "Report", "Takeaways", "TrackReport", "report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReport:
    """One part; `open_steps` are those that the learner has not done."""

    number: int
    title: str
    state: str
    time_s: float
    predictions: tuple[PredictionLine, ...]
    results: tuple[Line, ...]
    attempts: tuple[AttemptLine, ...]
    evidence: tuple[EvidenceLine, ...]
    reflection: tuple[Line, ...]
    hints: tuple[Line, ...]
    open_steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackReport:
    """A track that the learner has taken up."""

    id: str
    name: str
    persona: str
    north_star: str
    mode: str
    time_s: float
    parts: tuple[PartReport, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeaways:
    """What was met, and what of it was understood, by title; what was not met is not named, for its title may answer a lock."""

    words: str
    met: tuple[str, ...]
    understood: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a learner leaves with."""

    session: str
    variant: int
    started_at: str
    last_at: str
    entry_count: int
    edited: bool
    not_checked: str
    tracks: tuple[TrackReport, ...]
    unknown_tracks: tuple[str, ...]
    unknown_count: int
    set_apart: tuple[Line, ...]
    bench_opened: str
    calibration: Calibration
    takeaways: Takeaways
    machine: MachineReport | None

    @property
    def open_count(self) -> int:
        """Steps that are not done, over all tracks taken up."""
        return sum(len(part.open_steps) for each in self.tracks for part in each.parts)


def report(ledger: Ledger) -> Report:
    """Return the report of a ledger; what the model cannot compute is listed with the reason, and left out."""
    ledger = computable(ledger)
    taken_up = dict.fromkeys(entry.track for entry in ledger.recorded if hasattr(entry, "track"))
    spent = time_spent_s(ledger)
    known, unknown = [], []
    for track_id in taken_up:
        try:
            known.append(_track(track_id, ledger, spent))
        except LabError:
            unknown.append(track_id)
    return Report(
        session=ledger.session,
        variant=ledger.variant,
        started_at=ledger.created_at,
        last_at=ledger.entries[-1].at if ledger.entries else ledger.created_at,
        entry_count=len(ledger.entries),
        edited=any(isinstance(entry, Imported) and entry.edited for entry in ledger.entries),
        not_checked=not_checked_words(other_models(ledger)),
        tracks=tuple(known),
        unknown_tracks=tuple(unknown),
        unknown_count=len(ledger.unknown),
        set_apart=tuple(_set_apart(each, unknown) for each in ledger.set_apart),
        bench_opened=opened_words(ledger),
        calibration=calibration(score_predictions(ledger, _revealed_answers(ledger))),
        takeaways=_takeaways(ledger),
        machine=machine_report(ledger),
    )


def _takeaways(ledger: Ledger) -> Takeaways:
    found = met(ledger)
    return Takeaways(
        words=taken_words(found),
        met=tuple(each.takeaway.title for each in found if each.place),
        understood=tuple(each.takeaway.title for each in found if each.place and each.understood),
    )


def _set_apart(entry: SetApart, unknown_tracks: list[str]) -> Line:
    kept, name = entry.original, f"Entry {entry.seq + 1}"
    if isinstance(kept, UnreadEntry):
        return Line(name=name, words=f"cannot be read: {entry.reason}")
    on = kept.track if kept.track in unknown_tracks else track(kept.track).name
    return Line(
        name=f"{name} ({kept.kind}, {on}, part {kept.part})",
        words=f"cannot be computed under this version: {entry.reason}",
    )


def _track(track_id: str, ledger: Ledger, spent: dict[tuple[str, int], float]) -> TrackReport:
    chosen, found = track(track_id), progress(track_id, ledger)
    named = frozenset(seq for entry in ledger.of(track_id) if isinstance(entry, Reflection) for seq in entry.evidence)
    return TrackReport(
        id=chosen.id,
        name=chosen.name,
        persona=chosen.persona,
        north_star=chosen.north_star,
        mode=found.mode,
        time_s=sum(spent.get((track_id, part.number), 0.0) for part in chosen.parts),
        parts=tuple(
            _part(setting(track_id, number, ledger.variant), own, named, spent.get((track_id, number), 0.0), repeats(ledger))
            for number, own in enumerate(found.parts, 1)
        ),
    )


def _part(
    place: Setting, own: PartProgress, named: frozenset[int], time_s: float, again: frozenset[tuple[str, int, str]]
) -> PartReport:
    attempts, ended = mission_lines(place, own)
    weighed = {each.seq: each for each in cited(place, own)}
    shown = own.touched or own.current != LOCKED
    return PartReport(
        number=place.part.number,
        title=place.part.title,
        state=own.current,
        time_s=time_s,
        predictions=tuple(
            prediction_line(place, each, own, repeat=(place.track.id, place.part.number, each.id) in again)
            for each in place.part.questions
        )
        if shown
        else (),
        results=result_lines(place, own, ended),
        attempts=attempts,
        evidence=tuple(evidence_line(place, pin, pin.seq in named, weighed.get(pin.seq)) for pin in own.pins),
        reflection=reflection_lines(own),
        hints=hint_lines(own.entries),
        open_steps=tuple(LABELS[step] for step in own.open_steps),
    )


def _revealed_answers(ledger: Ledger) -> dict[tuple[str, int, str], str]:
    """Return the right choices of the questions that the learner has seen answered."""
    right: dict[tuple[str, int, str], str] = {}
    for entry in ledger.entries:
        if isinstance(entry, Reveal):
            try:
                place = setting(entry.track, entry.part, ledger.variant)
            except LabError:
                continue
            for question in place.part.questions:
                if question.id == entry.question_id:
                    right[entry.track, entry.part, entry.question_id] = place.answer(question)
    return right
