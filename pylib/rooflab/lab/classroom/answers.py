"""The answer key of one track in one variant, for instructors; computed by the model, never stored."""

from __future__ import annotations

from dataclasses import dataclass

from rooflab.analyses.claim import Attribution, attribute, right_decisions
from rooflab.analyses.demand import DemandAnswer, replies
from rooflab.analyses.tiles import best_tiles
from rooflab.errors import LabError
from rooflab.evaluate import evaluate
from rooflab.lab.report.report_lines import Line, design_words
from rooflab.lab.setting import Setting, demand_answer, optimum, setting
from rooflab.lab.tiling_words import tile_words
from rooflab.specs import Question
from rooflab.tracks import track
from rooflab.units import format_fraction, format_ratio, format_reading, format_time

__all__ = ["Answer", "AnswerKey", "PartAnswers", "answer_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question, its right choice, and the mechanism with this variant's numbers."""

    question_id: str
    question: str
    choice_id: str
    choice: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAnswers:
    """The answers of one part: questions, and for a mission its designs in words."""

    number: int
    title: str
    answers: tuple[Answer, ...]
    mission: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerKey:
    """All parts of a track in one variant."""

    track_id: str
    name: str
    variant: int
    parts: tuple[PartAnswers, ...]


def answer_key(track_id: str, variant: int) -> AnswerKey:
    """Return the answers of a track in one variant.

    Raises:
        BadDesign: there is no such track.
        ModelError: the variant cannot be set up.
    """
    chosen = track(track_id)
    places = [setting(track_id, part.number, variant) for part in chosen.parts]
    return AnswerKey(
        track_id=chosen.id,
        name=chosen.name,
        variant=variant,
        parts=tuple(
            PartAnswers(
                number=place.part.number,
                title=place.part.title,
                answers=tuple(_answer(place, each) for each in _questions(place)),
                mission=(*_mission(place), *_tiling(place), *_demand(place)),
            )
            for place in places
        ),
    )


def _questions(place: Setting) -> tuple[Question, ...]:
    others = (place.part.observation, place.part.diagnosis)
    return (*place.part.questions, *(each for each in others if each is not None))


def _answer(place: Setting, question: Question) -> Answer:
    right = place.answer(question)
    return Answer(
        question_id=question.id,
        question=question.text,
        choice_id=right,
        choice=question.choice(right).text,
        explanation=question.explain(place.scenario, right),
    )


def _mission(place: Setting) -> tuple[Line, ...]:
    if place.mission is None:
        return ()
    found = optimum(*place.key)
    objective = place.mission.objective
    tempting = evaluate(place.scenario, place.mission.tempting)
    best = f"{objective.name} {format_reading(found.value, objective.unit)}"
    return (
        *(Line(name="Best design", words=f"{design_words(place, each)}: {best}") for each in found.best),
        Line(
            name="Space",
            words=f"{found.feasible_count} of {found.designs_count} designs meet every target "
            f"({format_fraction(found.feasible_count / found.designs_count)})",
        ),
        Line(
            name="Tempting design",
            words=f"{design_words(place, place.mission.tempting)}: {place.mission.tempting_reason} "
            f"{' '.join(tempting.reasons)}",
        ),
    )


def _tiling(place: Setting) -> tuple[Line, ...]:
    if place.part.tiling is None or place.mission is None:
        return ()
    problem = place.part.tiling(place.scenario, place.start)
    try:
        best = best_tiles(problem).best
    except LabError as error:
        return (Line(name="Best tiling", words=str(error)),)
    words = f"{problem.name} of the baseline: {tile_words(best.tile_rows, best.tile_columns, best.splits)} takes {format_time(float(best.kernel_s))}"
    return (Line(name="Best tiling", words=words),)


def _demand(place: Setting) -> tuple[Line, ...]:
    demand = place.part.demand
    if demand is None or place.mission is None:
        return ()
    found = demand_answer(*place.key)
    gained = attribute(place.mission, place.part.controls, demand, found.closest)
    offered = dict(replies(place.mission, demand))
    right = right_decisions(demand, found, gained, carried=found.possible)
    return (
        Line(name="Demand", words=demand.text),
        Line(name="Replies that hold", words="; ".join(offered.get(each, each) for each in right)),
        Line(name="Most of the gain", words=_gained(gained, demand)),
        Line(name="Why", words=_why(place, found, gained.total_factor)),
        Line(name="What decides", words=demand.mechanism(place.scenario, place.start, found.closest)),
    )


def _gained(gained: Attribution, demand: Demand) -> str:
    shares = "; ".join(f"{each.label} {format_ratio(each.factor)}" for each in gained.brought) or "nothing"
    return f"{shares}. Alone {demand.claim} give {format_ratio(gained.claimed_alone_factor)}"


def _why(place: Setting, found: DemandAnswer, factor: float) -> str:
    demand = place.part.demand
    words = (
        f"The best feasible design gives {format_ratio(found.best_factor)} the baseline, "
        f"{format_ratio(demand.factor)} are asked. "
    )
    words += f"{design_words(place, found.closest)} gives {format_ratio(factor)}"
    blocked = " ".join(each.words for each in found.blocked)
    return f"{words}. {blocked}".strip()
