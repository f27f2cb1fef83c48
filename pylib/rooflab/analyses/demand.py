"""The stakeholder's demand: whether any design meets it within all targets, and what prevents it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate
from rooflab.specs import Control, Demand, Design, Mission
from rooflab.systems.outcome import Outcome
from rooflab.units import format_ratio
from rooflab.values import Values

__all__ = [
    "ACCEPT",
    "MEMORY",
    "OTHERWISE",
    "REACH",
    "Blocked",
    "DemandAnswer",
    "DemandReply",
    "answer_demand",
    "demand_factor",
    "earlier_replies",
    "judge_reply",
    "meets",
    "replies",
]

ACCEPT = "accept"
OTHERWISE = "otherwise"
REACH = "reach"
MEMORY = "memory"
"""Replies beside those that name a target by its id."""

_BLOCK = 2048
_SMALLEST_FACTOR = 1 - 1e-9  # of what is demanded: sums taken in another order are no miss


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A target or limit that prevents it: its id as a reply, its name, and by how much it is missed."""

    id: str
    name: str
    words: str
    over_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandAnswer:
    """What the whole space of designs says to a demand.

    `best_factor` is the most that a feasible design gives (0 without any), `reached_factor` the
    most of any design that can be built. Where no feasible design meets the demand, `closest` is
    the design that does meet it with the smallest worst violation, and `blocked` what it violates;
    where not one meets it even so, `closest` is that of `reached_factor`.
    """

    possible: bool
    baseline_value: float
    best_factor: float
    best: Design | None
    reached_factor: float
    closest: Design
    blocked: tuple[Blocked, ...]
    reaching_count: int
    feasible_count: int
    designs_count: int

    @property
    def right(self) -> tuple[str, ...]:
        """The replies that hold, whatever is said to bring the gain."""
        if self.possible:
            return (ACCEPT,)
        return tuple(each.id for each in self.blocked) or (REACH,)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandReply:
    """A learner's reply, weighed, and what the design that stood by it did.

    `attribution_holds` is None of a reply that was given before replies attributed the gain.
    """

    reply: str
    decision_holds: bool
    attribution_holds: bool | None
    present_factor: float
    present_feasible: bool

    @property
    def holds(self) -> bool:
        """Whether everything that was answered holds."""
        return self.decision_holds and self.attribution_holds is not False


def replies(mission: Mission, demand: Demand) -> tuple[tuple[str, str], ...]:
    """Return ids and words of what may be answered; no target on the demanded figure itself blocks it."""
    asked = format_ratio(demand.factor)
    return (
        (ACCEPT, f"Accept {asked}: {demand.claim} bring half of it or more"),
        (OTHERWISE, f"Accept {asked}, but not the reason: {demand.claim} bring less"),
        *_refusals(mission, demand),
    )


def earlier_replies(mission: Mission, demand: Demand) -> tuple[tuple[str, str], ...]:
    """Return what could be answered before replies attributed the gain."""
    return ((ACCEPT, "Accept: this design does it within every target"), *_refusals(mission, demand))


def _refusals(mission: Mission, demand: Demand) -> Iterator[tuple[str, str]]:
    yield MEMORY, "Refuse: it would not fit into memory"
    for each in mission.scenario.targets:
        if each.quantity != demand.quantity:
            yield each.id, f"Refuse: it would miss {each.name}"
    yield REACH, "Refuse: no design gets that far"


def meets(demand: Demand, factor: Values) -> Values:
    """Say whether so many times the baseline is what is demanded."""
    return factor >= demand.factor * _SMALLEST_FACTOR


def demand_factor(demand: Demand, value: Values, baseline_value: float) -> Values:
    """Return how many times as good as the baseline a value of the demanded figure is."""
    return value / baseline_value if demand.maximise else baseline_value / value


def answer_demand(mission: Mission, controls: tuple[Control, ...], demand: Demand) -> DemandAnswer:
    """Search every design that differs from the baseline in controlled fields only.

    Raises:
        BadDesign: a control is a range, or a design of the space is malformed.
    """
    columns = _columns(controls)
    baseline = evaluate(mission.scenario, mission.baseline)
    baseline_value = float(getattr(baseline, demand.quantity))
    factor, feasible, worst = (
        np.concatenate(each) for each in zip(*_blocks(mission, columns, demand, baseline_value), strict=True)
    )
    reaching = meets(demand, factor)
    met = reaching & feasible
    possible = bool(met.any())
    best = _most(factor, feasible)
    # A design that violates nothing that is counted and still is not feasible cannot be built.
    buildable = feasible | (worst > 0)
    reached = _most(factor, buildable)
    if reached is None:
        raise BadDesign(f"No design of {mission.scenario.track_id} can be built.")
    if possible:
        closest = best
    elif (reaching & buildable).any():
        closest = int(np.where(reaching & buildable, worst, np.inf).argmin())
    else:
        closest = reached

    def design(at: int) -> Design:
        return mission.baseline.replace(**{name: _plain(column[at]) for name, column in columns.items()})

    closest_design = design(closest)
    blocked = () if possible or not reaching[closest] else _blocked(evaluate(mission.scenario, closest_design))
    return DemandAnswer(
        possible=possible,
        baseline_value=baseline_value,
        best_factor=float(factor[best]) if best is not None else 0.0,
        best=design(best) if best is not None else None,
        reached_factor=float(factor[reached]),
        closest=closest_design,
        blocked=blocked,
        reaching_count=int(reaching.sum()),
        feasible_count=int(feasible.sum()),
        designs_count=len(factor),
    )


def judge_reply(
    mission: Mission, demand: Demand, answer: DemandAnswer, *, reply: str, present: Design
) -> DemandReply:
    """Weigh a reply without an attribution: accepting holds only with a design that meets the demand within every target."""
    outcome = evaluate(mission.scenario, present)
    factor = float(demand_factor(demand, getattr(outcome, demand.quantity), answer.baseline_value))
    feasible = bool(outcome.feasible)
    carried = feasible and bool(meets(demand, factor))
    return DemandReply(
        reply=reply,
        decision_holds=reply in answer.right and (reply != ACCEPT or carried),
        attribution_holds=None,
        present_factor=factor,
        present_feasible=feasible,
    )


def _columns(controls: tuple[Control, ...]) -> dict[str, np.ndarray]:
    axes = np.meshgrid(*(np.asarray(each.space) for each in controls), indexing="ij")
    return {each.id: axis.ravel() for each, axis in zip(controls, axes, strict=True)}


def _blocks(
    mission: Mission, columns: dict[str, np.ndarray], demand: Demand, baseline_value: float
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield factor, feasibility and worst violation, block by block of what a cache holds."""
    count = len(next(iter(columns.values())))
    for first in range(0, count, _BLOCK):
        part = {name: column[first : first + _BLOCK] for name, column in columns.items()}
        shape = next(iter(part.values())).shape
        outcome = evaluate(mission.scenario, mission.baseline.replace(**part))
        factor = demand_factor(demand, getattr(outcome, demand.quantity), baseline_value)
        yield (
            np.broadcast_to(factor, shape),
            np.broadcast_to(outcome.feasible, shape),
            np.broadcast_to(_worst(outcome), shape),
        )


def _worst(outcome: Outcome) -> Values:
    """Return by which share the guardrail that is missed most is missed; 0 if none is."""
    capacity = outcome.capacity
    worst = np.maximum(capacity.needed_bytes / np.maximum(capacity.available_bytes, 1.0) - 1, 0.0)  # none is there, of a memory that is not
    for each in outcome.targets:
        worst = np.maximum(worst, np.where(each.met, 0.0, -each.margin_fraction))
    return worst


def _blocked(outcome: Outcome) -> tuple[Blocked, ...]:
    """Return what one design violates, that which is missed most first."""
    capacity = outcome.capacity
    found = [
        Blocked(
            id=each.target.id,
            name=each.target.name,
            words=each.words,
            over_fraction=-float(each.margin_fraction),
        )
        for each in outcome.targets
        if not each.met
    ]
    if not capacity.fits:
        over = float(capacity.needed_bytes / max(capacity.available_bytes, 1.0)) - 1
        found.append(Blocked(id=MEMORY, name="Memory capacity", words=outcome.reasons[0], over_fraction=over))
    return tuple(sorted(found, key=lambda each: -each.over_fraction))


def _most(values: np.ndarray, among: np.ndarray) -> int | None:
    return int(np.where(among, values, -np.inf).argmax()) if among.any() else None


def _plain(value: np.generic) -> float | str:
    plain = value.item()
    return int(plain) if isinstance(plain, float) and plain == int(plain) else plain
