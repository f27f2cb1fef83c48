"""Ledgers of learners who did whole tracks, every number the model's, for the screens over ledgers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rooflab.analyses.claim import attribute
from rooflab.analyses.demand import OTHERWISE
from rooflab.evaluate import evaluate
from rooflab.lab.ledger.entries import Prediction, Reflection
from rooflab.lab.ledger.ledger import Ledger, append, dump
from rooflab.lab.readings import reading
from rooflab.lab.setting import optimum, setting
from rooflab.lab.steps.commits import committed, diagnosed, observed, pinned, proposed, replied, revealed
from rooflab.tracks import track

BEGUN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CLAIM = "The step waits for the bytes it moves, and the pinned reading says so; fewer bytes are the remedy."
RISK = "Longer contexts or a warmer day bring the limit back, and nobody has measured either yet."


def clock():
    """Yield the time of each entry, 40 seconds after the one before."""
    at = BEGUN
    while True:
        yield at.isoformat().replace("+00:00", "Z")
        at += timedelta(seconds=40)


def ledger(*track_ids, session="learner", variant=0, attempts=10, parts=3):
    """Return the text of a ledger in which the first parts of these tracks are done, with so many attempts a mission."""
    made, now = Ledger.new("2026-11-02T09:00:00Z", session, variant), clock()
    for track_id in track_ids:
        for part in track(track_id).parts[:parts]:
            made = _with_part(made, track_id, part.number, now, attempts)
    return dump(made)


def midway(track_id, part, *, before, attempts=2, variant=0):
    """Return the text of a ledger in which this part of a track is done up to the first entry of the kind `before`."""
    made, now = Ledger.new("2026-11-02T09:00:00Z", "learner", variant), clock()
    for number in range(1, part + 1):
        made = _with_part(made, track_id, number, now, attempts)
    kinds = [(entry.part, entry.kind) for entry in made.entries]
    return dump(replace(made, entries=made.entries[: kinds.index((part, before))]))


def _with_part(made, track_id, number, now, attempts):
    for entry in _part(setting(track_id, number, made.variant), now, attempts):
        made = append(made, entry)
    pin = max(entry.seq for entry in made.of(track_id, number) if entry.kind == "pin")
    return append(made, _reflection(track_id, number, pin, next(now)))


def _part(place, now, attempts):
    part, here = place.part, {"track": place.track.id, "part": place.part.number}
    for number, asked in enumerate(part.questions):
        choice = asked.choices[number % len(asked.choices)].id
        yield Prediction(at=next(now), **here, question_id=asked.id, choice_id=choice, confidence=0.6 + 0.2 * number)
    operator = evaluate(place.scenario, place.start).operators.ids[0]
    yield pinned(place, place.start, reading(place.scenario, part, place.start, "roofline", operator), at=next(now))
    yield observed(place, part.observation.choices[0].id, at=next(now))
    yield from revealed(place, at=next(now))
    if part.diagnosis:
        yield committed(place, place.start, at=next(now), role="explored")
        yield diagnosed(place, part.diagnosis.choices[0].id, at=next(now))
    if place.mission is None:
        return
    tried = [place.start.replace(**{each.id: value}) for each in part.controls for value in each.space]
    tried = [*tried[: attempts - 1], optimum(*place.key).best[0]]
    for design in tried:
        yield committed(place, design, at=next(now), role="attempt")
    yield committed(place, tried[-1], at=next(now), role="final")
    if part.tiling:
        problem = part.tiling(place.scenario, tried[-1])
        sizes = {"tile_rows": problem.tile_rows[0], "tile_columns": problem.tile_columns[0], "split": problem.splits[0]}
        yield proposed(place, tried[-1], at=next(now), **sizes)
    if part.demand:
        # Of the best design the attribution is right; that another change does it is right in some variants only.
        gained = attribute(place.mission, part.controls, part.demand, tried[-1])
        yield replied(place, tried[-1], OTHERWISE, attributed_id=gained.leading[0], at=next(now))


def _reflection(track_id, part, pin, at):
    stance = {1: "memory", 2: "", 3: "both"}[part]
    words = {"claim": CLAIM, "tradeoff": RISK, "residual_risk": RISK}
    if part == 3:
        words |= {"rejected_alternative": CLAIM, "reevaluation_trigger": RISK}
    return Reflection(at=at, track=track_id, part=part, task="defence", choice_id=stance, evidence=(pin,), **words)
