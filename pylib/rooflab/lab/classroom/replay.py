"""Replay: every number of a ledger computed again from the ledger alone, and where the two differ.

Only entries of this model, or of one with the same numbers, are judged by it. Those of another model are laid beside this model's
numbers and called not checked; rules, order and digests are checked whatever the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rooflab.analyses.claim import attribute
from rooflab.analyses.tiles import score_tiles
from rooflab.errors import LabError, LedgerError
from rooflab.evaluate import Outcome, evaluate
from rooflab.lab.instruments import ROOFLINE, figure
from rooflab.lab.ledger.computable import computable
from rooflab.lab.ledger.entries import (
    DesignCommitted,
    Diagnosis,
    Entry,
    Experimented,
    Imported,
    Observation,
    Pin,
    Prediction,
    Proposal,
    Reply,
    Reveal,
    SetApart,
    UnreadEntry,
    thaw,
)
from rooflab.lab.ledger.ledger import Ledger, digest, unknown_words
from rooflab.lab.ledger.made_with import OtherModel, not_checked_words, other_models
from rooflab.lab.ledger.machine_entries import MACHINE_KINDS, check_machine
from rooflab.lab.ledger.model_version import is_same_model
from rooflab.lab.ledger.rules import check_attempts
from rooflab.lab.machine.derive import MACHINE_CHECKED, answered_again, machine_values
from rooflab.lab.readings import layer_of, quantity_of, reading
from rooflab.lab.recomputed import TOLERANCE_FRACTION, Recomputed
from rooflab.lab.scoring import Calibration, ScoredPrediction, calibration, score_predictions
from rooflab.lab.setting import Setting, demand_answer, design_of, optimum, question, setting
from rooflab.lab.steps.challenge import judged, reply_id
from rooflab.lab.steps.commits import BEST, BEST_FACTOR, CLAIMED_ALONE_FACTOR, CLAIMED_FACTOR, FACTOR, REGRET
from rooflab.lab.steps.experiments import holds
from rooflab.lab.steps.open_bench import opened_words
from rooflab.specs import Design
from rooflab.units import counted

__all__ = [
    "AGREES",
    "CHANGED",
    "DIFFERS",
    "NOT_CHECKED",
    "TOLERANCE_FRACTION",
    "Finding",
    "Recomputed",
    "Replay",
    "replay",
    "verdict_words",
]

AGREES = "agrees"
DIFFERS = "differs"
NOT_CHECKED = "not checked"

CHANGED = "The file was changed after the lab wrote it."

_CHECKED = (DesignCommitted, Diagnosis, Experimented, Observation, Pin, Proposal, Reply, Reveal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in a ledger that the lab would not have written, or that cannot be computed again."""

    seq: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """All values computed again, and what stands out; predictions scored anew.

    `values` are those of this model. `unchecked` are those of another, and `uncomputed` what this
    model cannot compute of another's entries: neither says that anything was changed.
    """

    entry_count: int
    edited: bool
    others: tuple[OtherModel, ...]
    unknown_count: int
    bench_opened: str
    values: tuple[Recomputed, ...]
    unchecked: tuple[Recomputed, ...]
    findings: tuple[Finding, ...]
    uncomputed: tuple[Finding, ...]
    scored: tuple[ScoredPrediction, ...]
    calibration: Calibration

    @property
    def differences(self) -> tuple[Recomputed, ...]:
        """The values at which the ledger differs from the model."""
        return tuple(each for each in self.values if not each.agrees)

    @property
    def verdict(self) -> str:
        """AGREES only if all is checked and the same; DIFFERS if anything is known to be changed."""
        if self.edited or self.differences or self.findings:
            return DIFFERS
        return NOT_CHECKED if self.others or self.unknown_count else AGREES


def replay(ledger: Ledger, *, edited: bool = False) -> Replay:
    """Compute a ledger again. What cannot be computed is a finding, never an error.

    Args:
        ledger: what to compute again.
        edited: whether the text it was read from does not match its own digest.
    """
    ledger = computable(ledger)
    values, unchecked = [], []
    findings, uncomputed = list(_breaches(ledger)), []
    evaluated: dict[tuple[object, ...], Outcome] = {}
    recorded = ledger.recorded
    for entry in ledger.entries:
        own = is_same_model(ledger.model_of(entry))
        if isinstance(entry, SetApart):
            damaged = isinstance(entry.original, UnreadEntry)
            words = f"It cannot be {'read' if damaged else 'computed under this version'}: {entry.reason}"
            (findings if own or damaged else uncomputed).append(Finding(seq=entry.seq, words=words))
        if isinstance(entry, (*_CHECKED, *MACHINE_CHECKED)):
            try:
                found = list(_values(entry, ledger.variant, evaluated) if isinstance(entry, _CHECKED) else machine_values(entry, recorded))
            except LabError as error:
                found = []
                words = f"It cannot be computed again: {error}"
                (findings if own else uncomputed).append(Finding(seq=entry.seq, words=words))
            (values if own else unchecked).extend(found)
    for entry in recorded:
        if isinstance(entry, DesignCommitted):
            values.append(_digest(entry))
    scored = score_predictions(answered_again(ledger), _right_choices(ledger))
    return Replay(
        entry_count=len(ledger.entries),
        edited=edited,
        others=other_models(ledger),
        unknown_count=len(ledger.unknown),
        bench_opened=opened_words(ledger),
        values=tuple(sorted(values, key=lambda each: each.seq)),
        unchecked=tuple(unchecked),
        findings=tuple(sorted(findings, key=lambda each: each.seq)),
        uncomputed=tuple(uncomputed),
        scored=scored,
        calibration=calibration(scored),
    )


def verdict_words(again: Replay) -> tuple[str, ...]:
    """Say how a replay ended, in one sentence for each thing that an instructor must know."""
    words = [CHANGED] if again.edited else []
    if again.differences or again.findings:
        words.append(
            f"{counted(len(again.differences), 'value differs', 'values differ')}, "
            f"{counted(len(again.findings), 'entry stands out', 'entries stand out')}."
        )
    if again.others:
        words.append(not_checked_words(again.others))
    if again.unknown_count:
        words.append(unknown_words(again.unknown_count))
    if again.verdict == AGREES:
        words.append(f"Every value agrees to {TOLERANCE_FRACTION:g}.")
    if again.bench_opened:
        words.append(again.bench_opened)
    return tuple(words)


def _values(entry: Entry, variant: int, evaluated: dict[tuple[object, ...], Outcome]) -> Iterator[Recomputed]:
    place = setting(entry.track, entry.part, variant)
    if isinstance(entry, Reveal):
        if entry.answer_id:
            right = place.answer(question(place, entry.question_id))
            yield Recomputed(seq=entry.seq, name="answer", recorded=entry.answer_id, recomputed=right)
        return
    if isinstance(entry, Diagnosis):
        yield _diagnosis(entry, place)
        return
    if isinstance(entry, Observation):
        right = place.answer(question(place, entry.question_id))
        yield Recomputed(
            seq=entry.seq, name="observation is right", recorded=entry.right, recomputed=entry.choice_id == right
        )
        return
    if isinstance(entry, Experimented):
        yield Recomputed(seq=entry.seq, name="experiment is done", recorded=True, recomputed=holds(place, entry))
        return
    design = design_of(place, entry.design)
    key = (*place.key, digest(entry.design))
    if key not in evaluated:
        evaluated[key] = evaluate(place.scenario, design)
    outcome = evaluated[key]
    if isinstance(entry, Pin):
        yield _pin(entry, place, design, outcome)
    elif isinstance(entry, DesignCommitted):
        yield from _committed(entry, place, outcome)
    elif isinstance(entry, Proposal):
        yield _proposal(entry, place, design)
    elif isinstance(entry, Reply):
        yield from _reply(entry, place, design)


def _diagnosis(entry: Diagnosis, place: Setting) -> Recomputed:
    asked = place.part.diagnosis
    if asked is None:
        raise LedgerError(f"part {place.part.number} of {place.track.name} asks for no diagnosis.")
    asked.choice(entry.choice_id)
    return Recomputed(
        seq=entry.seq,
        name="diagnosis is right",
        recorded=entry.right,
        recomputed=entry.choice_id == place.answer(asked),
    )


def _pin(entry: Pin, place: Setting, design: Design, outcome: Outcome) -> Recomputed:
    layer = entry.layer
    if entry.instrument == ROOFLINE and not layer:
        layer = layer_of(outcome, entry.name)
    read = reading(place.scenario, place.part, design, entry.instrument, layer, frame=entry.frame, outcome=outcome)
    return Recomputed(seq=entry.seq, name=entry.name, recorded=entry.value, recomputed=read.value)


def _committed(entry: DesignCommitted, place: Setting, outcome: Outcome) -> Iterator[Recomputed]:
    for name, recorded in entry.figures.items():
        yield Recomputed(
            seq=entry.seq,
            name=name,
            recorded=recorded,
            recomputed=_verdict(name, place, outcome) if name in (BEST, REGRET) else figure(outcome, quantity_of(name)),
        )

def _digest(entry: DesignCommitted) -> Recomputed:
    """Check the digest over a design and its figures as they were recorded, whatever the model."""
    own = digest({"design": thaw(entry.design), "figures": dict(entry.figures)})
    return Recomputed(seq=entry.seq, name="digest", recorded=entry.digest, recomputed=own)


def _verdict(name: str, place: Setting, outcome: Outcome) -> float:
    found = optimum(*place.key)
    if name == BEST:
        return found.value
    objective = place.mission.objective
    return found.regret(figure(outcome, objective.quantity), maximise=objective.maximise)


def _proposal(entry: Proposal, place: Setting, design: Design) -> Recomputed:
    if place.part.tiling is None:
        raise LedgerError(f"part {place.part.number} of {place.track.name} asks for no tiling.")
    problem = place.part.tiling(place.scenario, design)
    tiles = score_tiles(problem, tile_rows=entry.tile_rows, tile_columns=entry.tile_columns, splits=entry.split)
    return Recomputed(
        seq=entry.seq,
        name="score of the tiling",
        recorded=entry.score_fraction,
        recomputed=float(tiles.score_fraction),
    )


def _reply(entry: Reply, place: Setting, design: Design) -> Iterator[Recomputed]:
    weighed = judged(place, design, reply_id(entry), entry.attributed_id)
    found = attribute(place.mission, place.part.controls, place.part.demand, design)
    known = {
        FACTOR: weighed.present_factor,
        BEST_FACTOR: demand_answer(*place.key).best_factor,
        CLAIMED_FACTOR: found.claimed_factor,
        CLAIMED_ALONE_FACTOR: found.claimed_alone_factor,
    }
    for name, recorded in entry.figures.items():
        if name not in known:
            raise LedgerError(f"a reply has no figure {name!r}.")
        yield Recomputed(seq=entry.seq, name=name, recorded=recorded, recomputed=known[name])
    yield Recomputed(seq=entry.seq, name="reply is correct", recorded=entry.right, recomputed=weighed.holds)


def _right_choices(ledger: Ledger) -> dict[tuple[str, int, str], str]:
    """Return the right choice of every question of the ledger that can be answered."""
    right: dict[tuple[str, int, str], str] = {}
    for entry in ledger.entries:
        if isinstance(entry, Prediction):
            try:
                place = setting(entry.track, entry.part, ledger.variant)
                asked = question(place, entry.question_id)
                asked.choice(entry.choice_id)
                right[entry.track, entry.part, entry.question_id] = place.answer(asked)
            except LabError:
                continue
    return right


def _breaches(ledger: Ledger) -> Iterator[Finding]:
    """Find what the lab would have refused: order, attempts, files changed by hand."""
    earlier: list[Entry] = []
    revealed: set[tuple[str, int]] = set()
    recorded = ledger.recorded
    for entry in recorded:
        if isinstance(entry, UnreadEntry):
            continue
        if entry.model is None and earlier and earlier[-1].model is not None:
            yield Finding(seq=entry.seq, words="It names no model, and the entry before it does.")
        try:
            check_attempts(entry, earlier, variant=ledger.variant)
            if isinstance(entry, MACHINE_KINDS):
                check_machine(entry, recorded[: entry.seq])
        except LedgerError as error:
            yield Finding(seq=entry.seq, words=f"The lab would have refused it: {error}")
        if isinstance(entry, Prediction):
            if not entry.revision and (entry.track, entry.part) in revealed:
                yield Finding(seq=entry.seq, words="A first prediction stands after the answers were revealed.")
        if isinstance(entry, Reveal):
            revealed.add((entry.track, entry.part))
        if isinstance(entry, Imported) and entry.edited:
            yield Finding(
                seq=entry.seq,
                words=f"The {entry.entries} entries before it came from a file that was changed outside the lab.",
            )
        earlier.append(entry)
