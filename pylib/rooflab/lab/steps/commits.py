"""What a learner does, as entries with the model's figures: the one place where they are made."""

from __future__ import annotations

from rooflab.analyses.claim import attribute
from rooflab.analyses.demand import ACCEPT, OTHERWISE
from rooflab.analyses.tiles import score_tiles
from rooflab.errors import ModelError
from rooflab.analyses.trials import Trial
from rooflab.evaluate import Outcome, evaluate
from rooflab.lab.instruments import Reading
from rooflab.lab.ledger.entries import DesignCommitted, Diagnosis, Experimented, Observation, Pin, Proposal, Reply, Reveal
from rooflab.lab.ledger.ledger import digest
from rooflab.lab.readings import figures, ledger_name
from rooflab.lab.setting import Setting, demand_answer, optimum
from rooflab.lab.steps.challenge import judged
from rooflab.specs import Design

__all__ = [
    "BEST",
    "BEST_FACTOR",
    "CLAIMED_ALONE_FACTOR",
    "CLAIMED_FACTOR",
    "FACTOR",
    "REGRET",
    "committed",
    "diagnosed",
    "experimented",
    "observed",
    "pinned",
    "proposed",
    "replied",
    "revealed",
]

BEST = "best-value"
"""The objective's figure of the best design there is, kept with a final design."""

REGRET = "regret-fraction"
"""By which share a feasible final design falls short of the best."""

FACTOR = "factor"
"""How many times as good as the baseline the design is that a reply stands on."""

BEST_FACTOR = "best-factor"
"""How many times as good as the baseline the best feasible design is; 0 without any."""

CLAIMED_FACTOR = "claimed-factor"
"""What of it the changes brought that the stakeholder praises."""

CLAIMED_ALONE_FACTOR = "claimed-alone-factor"
"""What these changes give alone."""


def pinned(place: Setting, design: Design, read: Reading, *, at: str) -> Pin:
    """Return a reading as an entry."""
    return Pin(
        **_stamp(place, at),
        instrument=read.instrument,
        design=design.to_json(),
        name=read.name,
        value=read.value,
        unit=read.unit,
        layer=read.layer,
        frame=read.frame,
    )


def revealed(place: Setting, *, at: str) -> tuple[Reveal, ...]:
    """Return the answers to all questions of the part."""
    return tuple(
        Reveal(**_stamp(place, at), question_id=each.id, answer_id=place.answer(each)) for each in place.part.questions
    )


def experimented(place: Setting, experiment_id: str, trial: Trial, *, at: str) -> Experimented:
    """Return an experiment that the trial did."""
    return Experimented(
        **_stamp(place, at),
        experiment_id=experiment_id,
        design=trial.design.to_json(),
        what_if=trial.what_if.to_json(),
        layer=trial.layer,
    )


def observed(place: Setting, choice_id: str, *, at: str) -> Observation:
    """Return what the exploration is said to have shown, and whether it did."""
    asked = place.part.observation
    right = choice_id == place.answer(asked)
    return Observation(**_stamp(place, at), question_id=asked.id, choice_id=choice_id, right=right)


def diagnosed(place: Setting, choice_id: str, *, at: str) -> Diagnosis:
    """Return the constraint named, and whether the instruments agree."""
    right = choice_id == place.answer(place.part.diagnosis)
    return Diagnosis(**_stamp(place, at), choice_id=choice_id, right=right)


def committed(
    place: Setting, design: Design, *, at: str, role: str, outcome: Outcome | None = None
) -> DesignCommitted:
    """Return a design with its figures; with the final design of a mission go the best value and the regret."""
    outcome = evaluate(place.scenario, design) if outcome is None else outcome
    kept = dict(figures(place.part, place.mission, outcome))
    if role == "final":
        kept |= _verdict(place, kept)
    plain = design.to_json()
    return DesignCommitted(
        **_stamp(place, at),
        design=plain,
        digest=digest({"design": plain, "figures": kept}),
        figures=kept,
        role=role,
    )


def proposed(
    place: Setting, design: Design, *, tile_rows: int, tile_columns: int, split: int, at: str
) -> Proposal:
    """Return a tiling proposed for the product that the part names, with its score.

    Raises:
        BadDesign: a size is not on offer.
    """
    problem = place.part.tiling(place.scenario, design)
    tiles = score_tiles(problem, tile_rows=tile_rows, tile_columns=tile_columns, splits=split)
    return Proposal(
        **_stamp(place, at),
        design=design.to_json(),
        tile_rows=tile_rows,
        tile_columns=tile_columns,
        split=split,
        score_fraction=float(tiles.score_fraction),
    )


def replied(
    place: Setting, design: Design, reply: str, *, attributed_id: str, at: str, revision: bool = False
) -> Reply:
    """Return the answer to the stakeholder: what brought the gain, and a decision or the id of what stands in the way."""
    found = attribute(place.mission, place.part.controls, place.part.demand, design)
    accepted = reply in (ACCEPT, OTHERWISE)
    return Reply(
        **_stamp(place, at),
        decision=reply if accepted else "refuse",
        named_id="" if accepted else reply,
        attributed_id=attributed_id,
        revision=revision,
        design=design.to_json(),
        figures={
            FACTOR: found.total_factor,
            BEST_FACTOR: demand_answer(*place.key).best_factor,
            CLAIMED_FACTOR: found.claimed_factor,
            CLAIMED_ALONE_FACTOR: found.claimed_alone_factor,
        },
        right=judged(place, design, reply, attributed_id).holds,
    )


def _verdict(place: Setting, kept: dict[str, float]) -> dict[str, float]:
    if place.mission is None:
        raise ModelError(f"Part {place.part.number} of {place.track.name} has no mission to end.")
    best = optimum(*place.key)
    objective = place.mission.objective
    found = {BEST: best.value}
    value = kept.get(ledger_name(objective.quantity))
    if kept["feasible"] and value is not None:
        found[REGRET] = best.regret(value, maximise=objective.maximise)
    return found


def _stamp(place: Setting, at: str) -> dict[str, object]:
    return {"at": at, "track": place.track.id, "part": place.part.number}
