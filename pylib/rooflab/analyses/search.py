"""The whole space of designs that a mission's controls allow: what is feasible, and what is best."""

from dataclasses import dataclass

import numpy as np

from rooflab.errors import ModelError
from rooflab.evaluate import sweep
from rooflab.specs import Control, Design, Mission

__all__ = ["Found", "best_designs"]

TIE_FRACTION = 1e-9  # figures nearer than this are one figure, whatever order sums were taken in


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The outcome of a search: the best designs (one, if the mission is sound) and the space's size."""

    best: tuple[Design, ...]
    value: float
    feasible_count: int
    designs_count: int

    def regret(self, value: float, *, maximise: bool) -> float:
        """Return by which share a feasible design's `value` falls short of the best; 0 is the best."""
        return 1 - value / self.value if maximise else 1 - self.value / value


def best_designs(mission: Mission, controls: tuple[Control, ...]) -> Found:
    """Evaluate every design that differs from the baseline in controlled fields only, and return the best.

    Raises:
        ModelError: no design is feasible.
    """
    axes = np.meshgrid(*(np.asarray(each.space) for each in controls), indexing="ij")
    columns = {each.id: axis.ravel() for each, axis in zip(controls, axes, strict=True)}
    objective = mission.objective
    ranked = ((objective.quantity, objective.maximise), *objective.ties)
    figures = sweep(
        mission.scenario,
        mission.baseline.replace(**columns),
        figures=("feasible", *(quantity for quantity, _ in ranked)),
    )
    left = np.flatnonzero(figures["feasible"])
    feasible_count = len(left)
    if not feasible_count:
        raise ModelError(f"No design of {mission.scenario.track_id} meets every target.")
    for quantity, maximise in ranked:
        values = figures[quantity][left] * (1 if maximise else -1)
        most = values.max()
        left = left[values >= most - TIE_FRACTION * abs(most)]
    return Found(
        best=tuple(
            mission.baseline.replace(**{name: _plain(column[at]) for name, column in columns.items()}) for at in left
        ),
        value=float(figures[objective.quantity][left[0]]),
        feasible_count=feasible_count,
        designs_count=len(figures["feasible"]),
    )


def _plain(value: np.generic) -> float | str:
    """Return a Python value; a whole number becomes an int."""
    plain = value.item()
    return int(plain) if isinstance(plain, float) and plain == int(plain) else plain
