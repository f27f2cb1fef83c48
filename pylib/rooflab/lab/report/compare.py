"""What changed because of the track: the same lab on other hardware, side by side, once two tracks are done."""

from __future__ import annotations

from dataclasses import dataclass

from rooflab import tracks
from rooflab.evaluate import evaluate
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.report.report import PartReport, report
from rooflab.lab.report.report_lines import PredictionLine, design_words
from rooflab.lab.setting import Setting, optimum, setting
from rooflab.lab.steps.own_roof import own_roof
from rooflab.lab.steps.progress import progress
from rooflab.model.roofline import BOUNDS
from rooflab.specs import Track
from rooflab.units import format_fraction, format_number, format_reading

__all__ = ["Comparison", "PartResult", "Ridge", "TrackColumn", "comparison", "tracks_done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridge:
    """The intensity at which a device turns from memory-bound to compute-bound, at the format in use."""

    device: str
    ridge_flop_per_byte: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult:
    """One part on one track: what won and by what it is bound, and what the learner said and chose.

    Part 1 has no design to win: `winner` is empty and `bound` is that of the crisis. `shares` are
    the parts of the step by cause, in the order of BOUNDS.
    """

    number: int
    title: str
    winner: str
    value: str
    bound: str
    shares: tuple[float, ...]
    predictions: tuple[PredictionLine, ...]
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackColumn:
    """One track's column."""

    track_id: str
    name: str
    ridges: tuple[Ridge, ...]
    parts: tuple[PartResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The finished tracks beside each other, what differs between them in sentences, and the learner's own machine if measured."""

    columns: tuple[TrackColumn, ...]
    findings: tuple[str, ...]
    own: Ridge | None = None


def tracks_done(ledger: Ledger) -> tuple[str, ...]:
    """Return the ids of the tracks of which every part is done."""
    return tuple(each.id for each in tracks.TRACKS if progress(each.id, ledger).complete)


def comparison(ledger: Ledger) -> Comparison | None:
    """Return the comparison of the tracks that are done; None before there are two."""
    finished = tracks_done(ledger)
    if len(finished) < 2:
        return None
    reported = {each.id: each for each in report(ledger).tracks}
    columns = tuple(_column(tracks.track(each), ledger, reported[each].parts) for each in finished)
    return Comparison(columns=columns, findings=_findings(columns), own=_own(ledger))


def _own(ledger: Ledger) -> Ridge | None:
    roof = own_roof(ledger)
    return Ridge(device=roof.name, ridge_flop_per_byte=roof.peak_flop_per_s / roof.hbm_bytes_per_s) if roof else None


def _column(track: Track, ledger: Ledger, reported: tuple[PartReport, ...]) -> TrackColumn:
    places = [setting(track.id, part.number, ledger.variant) for part in track.parts]
    start = places[0]
    return TrackColumn(
        track_id=track.id,
        name=track.name,
        ridges=tuple(
            Ridge(device=roof.name, ridge_flop_per_byte=roof.peak_flop_per_s / roof.hbm_bytes_per_s)
            for roof in start.scenario.roofs(start.start)
        ),
        parts=tuple(_result(place, part) for place, part in zip(places, reported, strict=True)),
    )


def _result(place: Setting, reported: PartReport) -> PartResult:
    design, winner, value = place.start, "", ""
    if place.mission is not None:
        found = optimum(*place.key)
        objective = place.mission.objective
        design = found.best[0]
        winner = design_words(place, design)
        value = f"{objective.name} {format_reading(found.value, objective.unit)}"
    outcome = evaluate(place.scenario, design)
    times = outcome.bound_times_s / outcome.bound_times_s.sum()
    return PartResult(
        number=place.part.number,
        title=place.part.title,
        winner=winner,
        value=value,
        bound=BOUNDS[int(outcome.bound)],
        shares=tuple(times.tolist()),
        predictions=reported.predictions,
        chosen=next((line.words for line in reported.results if line.name in ("Final design", "Diagnosis")), ""),
    )


def _findings(columns: tuple[TrackColumn, ...]) -> tuple[str, ...]:
    """Say what differs: ridges, binding constraints, winners, and the answers to like questions."""
    found = [_ridge_words(columns)]
    for parts in zip(*(column.parts for column in columns), strict=True):
        number = parts[0].number
        named = [f"{column.name}: {_bound_words(part)}" for column, part in zip(columns, parts, strict=True)]
        where = "The crisis" if number == 1 else f"The best design of part {number}"
        same = len({part.bound for part in parts}) == 1
        verdict = f"is {'' if same else 'not '}bound by the same on all tracks"
        found.append(f"{where} {verdict}. {'; '.join(named)}.")
    return (*found, _prediction_words(columns))


def _ridge_words(columns: tuple[TrackColumn, ...]) -> str:
    ridges = sorted(
        ((column.ridges[0].ridge_flop_per_byte, column.ridges[0].device) for column in columns),
    )
    (least, low), (most, high) = ridges[0], ridges[-1]
    return (
        f"The ridge point lies at {format_number(least)} FLOP/byte on {low} and at {format_number(most)} on "
        f"{high}: work of an intensity between the two waits for memory on the one and for arithmetic on the other."
    )


def _bound_words(part: PartResult) -> str:
    share = part.shares[BOUNDS.index(part.bound)]
    return f"{part.bound}, {format_fraction(share)} of the step"


def _prediction_words(columns: tuple[TrackColumn, ...]) -> str:
    counted = []
    for column in columns:
        known = [line.right for part in column.parts for line in part.predictions if line.right is not None and not line.repeat]
        counted.append(f"{sum(known)} of {len(known)} on {column.name}")
    return f"Your predictions were right for {', '.join(counted)}."
