"""Where a part takes place for one variant: its scenario, its mission, and the design it starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rooflab.analyses.demand import DemandAnswer, answer_demand
from rooflab.analyses.search import Found, best_designs
from rooflab.errors import BadDesign
from rooflab.evaluate import design_from_json
from rooflab.lab.ledger.entries import thaw
from rooflab.specs import Design, Mission, Part, Question, Scenario, Track
from rooflab.tracks import track

__all__ = ["Setting", "demand_answer", "design_of", "optimum", "question", "setting"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """A part of a track in one variant.

    Part 1 plays in the track's scenario and starts at its crisis; a part with a mission plays in
    the mission's scenario, whose targets are its own, and starts at the mission's baseline.
    """

    track: Track
    part: Part
    variant: int
    scenario: Scenario
    start: Design
    mission: Mission | None

    @property
    def key(self) -> tuple[str, int, int]:
        """Track id, number of the part, variant."""
        return self.track.id, self.part.number, self.variant

    @property
    def briefing(self) -> tuple[str, ...]:
        """The part's briefing, with the mission's budget of attempts in place of `{attempts_count}`."""
        if self.mission is None:
            return self.part.briefing
        return tuple(each.replace("{attempts_count}", str(self.mission.attempts_count)) for each in self.part.briefing)

    def answer(self, question: Question) -> str:
        """Return the id of the right choice of a question of the part."""
        return question.answer(self.scenario)


@lru_cache(maxsize=64)
def setting(track_id: str, part_number: int, variant: int) -> Setting:
    """Return where a part takes place.

    Raises:
        BadDesign: there is no such track.
        ModelError: the variant cannot be set up.
    """
    chosen = track(track_id)
    part = chosen.part(part_number)
    if part.mission is None:
        scenario = chosen.scenario(variant)
        start, mission = scenario.crisis, None
    else:
        mission = part.mission(variant)
        scenario, start = mission.scenario, mission.baseline
    return Setting(track=chosen, part=part, variant=variant, scenario=scenario, start=start, mission=mission)


@lru_cache(maxsize=64)
def optimum(track_id: str, part_number: int, variant: int) -> Found:
    """Return the best of all designs that a part's controls allow; searched once.

    Raises:
        BadDesign: the part has no mission.
        ModelError: no design meets every target.
    """
    place = _with_mission(track_id, part_number, variant)
    return best_designs(place.mission, place.part.controls)


@lru_cache(maxsize=64)
def demand_answer(track_id: str, part_number: int, variant: int) -> DemandAnswer:
    """Return what the whole space says to the stakeholder's demand; searched once.

    Raises:
        BadDesign: no demand is made in the part.
    """
    place = _with_mission(track_id, part_number, variant)
    if place.part.demand is None:
        raise BadDesign(f"Part {part_number} of {place.track.name} has no stakeholder.")
    return answer_demand(place.mission, place.part.controls, place.part.demand)


def design_of(place: Setting, recorded: Mapping[str, object]) -> Design:
    """Return a design of a ledger, if it is one of the part's kind.

    A choice that the lab did not yet offer when the design was recorded is as where the part starts.

    Raises:
        BadDesign: it is malformed, or of another kind.
    """
    plain = thaw(recorded)
    if plain.get("kind") == place.start.kind:
        plain = {**place.start.to_json(), **plain}
    design = design_from_json(plain)
    if type(design) is not type(place.start):
        raise BadDesign(f"{place.track.name} takes a {place.start.kind} design; got a {design.kind} one.")
    return design


def question(place: Setting, question_id: str) -> Question:
    """Return a question of the part, the diagnosis and what was observed included.

    Raises:
        BadDesign: the part does not ask it.
    """
    for each in (*place.part.questions, place.part.diagnosis, place.part.observation):
        if each is not None and each.id == question_id:
            return each
    raise BadDesign(f"Part {place.part.number} of {place.track.name} does not ask {question_id!r}.")


def _with_mission(track_id: str, part_number: int, variant: int) -> Setting:
    place = setting(track_id, part_number, variant)
    if place.mission is None:
        raise BadDesign(f"Part {part_number} of {place.track.name} has no mission.")
    return place
