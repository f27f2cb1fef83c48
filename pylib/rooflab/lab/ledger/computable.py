"""Whether this version can compute what an entry holds: asked here, and nowhere else.

A readable ledger may hold an entry that is damaged, a design that is impossible, or a question, choice, track
or value that this version does not offer. Such an entry is set apart: it is kept and written as it came, shown with the
reason, and nothing counts it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rooflab.analyses.claim import attributable
from rooflab.analyses.demand import ACCEPT, OTHERWISE, earlier_replies, replies
from rooflab.analyses.tiles import score_tiles
from rooflab.errors import BadDesign, LabError
from rooflab.evaluate import evaluate
from rooflab.lab.ledger.entries import (
    DesignCommitted,
    Diagnosis,
    Entry,
    Experimented,
    Observation,
    Pin,
    Prediction,
    Proposal,
    Reply,
    Reveal,
    SetApart,
    TrackEntry,
    UnreadEntry,
)
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.ledger.rules import check_evidence
from rooflab.lab.setting import Setting, design_of, question, setting
from rooflab.lab.steps.experiments import holds
from rooflab.specs import Control, Design, WhatIf

__all__ = ["allows", "computable", "computable_part", "offered", "set_apart_words"]

_WITH_DESIGN = (DesignCommitted, Experimented, Pin, Proposal, Reply)
Check = Callable[[Entry, Setting], None]


def computable(ledger: Ledger) -> Ledger:
    """Return the ledger with every entry that this version cannot compute set apart."""
    return _judged(ledger, lambda entry: True, _check_computed)


def computable_part(ledger: Ledger, track_id: str, part: int) -> Ledger:
    """Return the ledger with those entries of one part set apart; other parts are not looked at."""
    return _judged(ledger, lambda entry: (entry.track, entry.part) == (track_id, part), _check_computed)


def offered(ledger: Ledger) -> Ledger:
    """Return the ledger with every entry set apart that holds what this version does not offer.

    It evaluates no design, so that a class of a thousand ledgers is read in seconds.
    """
    return _judged(ledger, lambda entry: True, _check_offered)


def set_apart_words(count: int) -> str:
    """Say that entries were set apart."""
    if count == 1:
        return "1 entry cannot be computed under this version; it is kept, scoring leaves it out, and the report lists it."
    return f"{count} entries cannot be computed under this version; they are kept, scoring leaves them out, and the report lists them."


def allows(control: Control, value: object) -> bool:
    """Say whether a control offers a value."""
    if control.values:
        return type(value) in (int, float) and value in control.values
    if control.chain:
        return type(value) is str and len(value) == len(control.chain) - 1 and set(value) <= {"0", "1"}
    if control.choices:
        return type(value) is str and value in [each.id for each in control.choices]
    return type(value) is int and control.minimum <= value <= control.maximum


def _judged(ledger: Ledger, wanted: Callable[[TrackEntry], bool], check: Check) -> Ledger:
    recorded = ledger.recorded
    entries = tuple(
        _entry(entry, recorded, ledger.variant, check)
        if isinstance(entry, UnreadEntry) or isinstance(entry, TrackEntry) and wanted(entry)
        else entry
        for entry in ledger.entries
    )
    return ledger if entries == ledger.entries else replace(ledger, entries=entries)


def _entry(entry: UnreadEntry | TrackEntry, recorded: tuple[Entry, ...], variant: int, check: Check) -> Entry:
    if isinstance(entry, UnreadEntry):
        return SetApart.of(entry, entry.reason)
    try:
        check_evidence(entry, recorded)
        check(entry, setting(entry.track, entry.part, variant))
    except LabError as error:
        return SetApart.of(entry, str(error))
    return entry


def _check_offered(entry: Entry, place: Setting) -> None:
    if isinstance(entry, Prediction):
        _check_choice(entry.question_id, entry.choice_id, place)
    elif isinstance(entry, Reveal):
        _check_choice(entry.question_id, entry.answer_id, place)
    elif isinstance(entry, Observation):
        _check_choice(entry.question_id, entry.choice_id, place)
    elif isinstance(entry, Diagnosis):
        if place.part.diagnosis is None:
            raise BadDesign(f"Part {place.part.number} of {place.track.name} asks for no diagnosis.")
        place.part.diagnosis.choice(entry.choice_id)
    elif isinstance(entry, _WITH_DESIGN):
        _design(entry, place)


def _check_computed(entry: Entry, place: Setting) -> None:
    _check_offered(entry, place)
    if isinstance(entry, _WITH_DESIGN):
        design = design_of(place, entry.design)
        evaluate(place.scenario, design)
        if isinstance(entry, Experimented) and not holds(place, entry):
            raise BadDesign(f"Its design does not do the experiment {entry.experiment_id!r}.")
        if isinstance(entry, Proposal):
            problem = place.part.tiling(place.scenario, design)
            score_tiles(problem, tile_rows=entry.tile_rows, tile_columns=entry.tile_columns, splits=entry.split)


def _check_choice(question_id: str, choice_id: str, place: Setting) -> None:
    asked = question(place, question_id)
    if choice_id:
        asked.choice(choice_id)


def _design(entry: Entry, place: Setting) -> None:
    _check_values(design_of(place, entry.design), place)
    part, where = place.part, f"Part {place.part.number} of {place.track.name}"
    if isinstance(entry, DesignCommitted) and entry.role != "explored" and place.mission is None:
        raise BadDesign(f"{where} has no mission.")
    if isinstance(entry, Experimented):
        part.experiment(entry.experiment_id)
        WhatIf.from_json(entry.what_if)
    if isinstance(entry, Proposal) and part.tiling is None:
        raise BadDesign(f"{where} asks for no tiling.")
    if isinstance(entry, Reply):
        if place.mission is None or part.demand is None:
            raise BadDesign(f"{where} has no mission with a stakeholder.")
        _check_reply(entry, place, where)


def _check_reply(entry: Reply, place: Setting, where: str) -> None:
    offered = replies if entry.attributed_id else earlier_replies
    known = dict(offered(place.mission, place.part.demand))
    reply = entry.named_id or entry.decision
    if reply not in known or entry.decision != (reply if reply in (ACCEPT, OTHERWISE) else "refuse"):
        raise BadDesign(f"{where} offers no reply {reply!r}.")
    if entry.attributed_id and entry.attributed_id not in dict(attributable(place.part.controls)):
        raise BadDesign(f"{where} attributes no gain to {entry.attributed_id!r}.")


def _check_values(design: Design, place: Setting) -> None:
    controls = {each.id: each for each in place.part.controls}
    plain, start = design.to_json(), place.start.to_json()
    for name, value in plain.items():
        if name in controls and not allows(controls[name], value):
            raise BadDesign(f"{controls[name].label} does not offer {str(value)[:40]!r}.")
        if name not in controls and value != start[name]:
            raise BadDesign(f"No control of part {place.part.number} sets {name}.")
