"""The claim behind a demand, tested: which of the changes of a design brought the gain, in no order."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

import numpy as np

from rooflab.analyses.demand import ACCEPT, OTHERWISE, DemandAnswer, DemandReply, demand_factor, meets
from rooflab.evaluate import evaluate
from rooflab.model.attribution import shapley_factors
from rooflab.specs import Control, Demand, Design, Mission

__all__ = ["NOTHING", "Attribution", "Brought", "attributable", "attribute", "judge_claim", "right_decisions"]

NOTHING = "nothing"
"""Id of the answer that no change brought a gain."""

_NO_GAIN = 1 + 1e-9
_CLOSE_FRACTION = 0.99  # of the log of the largest factor: two so near to each other both lead


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one changed control brought: its Shapley factor, and the factor of this change alone at the start."""

    control_id: str
    label: str
    factor: float
    alone_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The gain of a design in the demanded figure, divided among the controls that it changes.

    Factors multiply to `total_factor`. `leading` are the ids of those that brought most (one, or such as cannot be told
    apart), `NOTHING` if the whole brings no gain. `claimed_factor` is that of the claimed controls together;
    `claimed_alone_factor` what they give alone at the start, set as in the design or, if it leaves them as they were, at
    their best.
    """

    total_factor: float
    brought: tuple[Brought, ...]
    leading: tuple[str, ...]
    claimed_factor: float
    claimed_alone_factor: float
    claimed_used: bool

    @property
    def half_factor(self) -> float:
        """Half of the gain: twice this factor is the whole."""
        return self.total_factor**0.5

    @property
    def claim_holds(self) -> bool:
        """Whether the claimed controls bring half of the gain or more."""
        return self.claimed_factor >= self.half_factor > 1


def attributable(controls: tuple[Control, ...]) -> tuple[tuple[str, str], ...]:
    """Return ids and words of what a gain may be attributed to."""
    return (*((each.id, each.label) for each in controls), (NOTHING, "None: no better than the start"))


@lru_cache(maxsize=64)
def attribute(mission: Mission, controls: tuple[Control, ...], demand: Demand, design: Design) -> Attribution:
    """Divide the gain of a design over the baseline among the controls that it changes, all mixtures in one call."""
    start = mission.baseline
    changed = [each for each in controls if getattr(start, each.id) != getattr(design, each.id)]
    sets = [frozenset(each) for k in range(len(changed) + 1) for each in combinations([c.id for c in changed], k)]
    mixed = {each.id: np.array([getattr(design if each.id in kept else start, each.id) for kept in sets]) for each in changed}
    gained = dict(zip(sets, _factors(mission, demand, mixed, len(sets)), strict=True))
    factors = shapley_factors({kept: 1 / factor for kept, factor in gained.items()})
    claimed = frozenset(demand.claimed)
    used = sets[-1] & claimed
    return Attribution(
        total_factor=gained[sets[-1]],
        brought=tuple(
            Brought(control_id=each.id, label=each.label, factor=factors[each.id], alone_factor=gained[frozenset({each.id})])
            for each in changed
        ),
        leading=_leading(factors) if gained[sets[-1]] > _NO_GAIN else (NOTHING,),
        claimed_factor=float(np.prod([factors[each] for each in used])),
        claimed_alone_factor=gained[used] if used else _best_alone(mission, controls, demand),
        claimed_used=bool(used),
    )


def right_decisions(demand: Demand, answer: DemandAnswer, found: Attribution, *, carried: bool) -> tuple[str, ...]:
    """Return the decisions that hold for a design; where a design could do it and this one does not, none holds."""
    if not answer.possible:
        return answer.right
    if not carried:
        return ()
    return (ACCEPT,) if found.claim_holds else (OTHERWISE,)


def judge_claim(
    mission: Mission, controls: tuple[Control, ...], demand: Demand, answer: DemandAnswer,
    *, reply: str, attributed_id: str, present: Design,
) -> DemandReply:  # fmt: skip
    """Weigh an attribution and the decision that stands on it; the answer holds where both do."""
    outcome = evaluate(mission.scenario, present)
    found = attribute(mission, controls, demand, present)
    feasible = bool(outcome.feasible)
    carried = feasible and meets(demand, found.total_factor)
    return DemandReply(
        reply=reply,
        decision_holds=reply in right_decisions(demand, answer, found, carried=carried),
        attribution_holds=attributed_id in found.leading,
        present_factor=found.total_factor,
        present_feasible=feasible,
    )


def _factors(mission: Mission, demand: Demand, columns: Mapping[str, np.ndarray], count: int) -> list[float]:
    """Return how many times as good as the baseline each mixture of designs is."""
    baseline = float(getattr(evaluate(mission.scenario, mission.baseline), demand.quantity))
    values = getattr(evaluate(mission.scenario, mission.baseline.replace(**columns)), demand.quantity)
    return np.broadcast_to(demand_factor(demand, values, baseline), count).tolist()


def _best_alone(mission: Mission, controls: tuple[Control, ...], demand: Demand) -> float:
    claimed = [each for each in controls if each.id in demand.claimed]
    offered = list(product(*(each.space for each in claimed)))
    columns = {each.id: np.array([values[at] for values in offered]) for at, each in enumerate(claimed)}
    return max(_factors(mission, demand, columns, len(offered)))


def _leading(factors: Mapping[str, float]) -> tuple[str, ...]:
    most = max(factors.values())
    return tuple(each for each, factor in factors.items() if factor > 1 and np.log(factor) >= _CLOSE_FRACTION * np.log(most))
