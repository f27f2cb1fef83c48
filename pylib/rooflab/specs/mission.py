"""A mission: what a part asks a learner to design, and two designs that fall short."""

from dataclasses import dataclass

from rooflab.specs.design import Design
from rooflab.specs.scenario import Scenario

__all__ = ["Demand", "Gauge", "Lever", "Mission", "Objective", "TileProblem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """The figure of an Outcome that ranks feasible designs, and those that break ties, in order.

    `ties` are pairs of a quantity and whether more of it is better.
    """

    name: str
    quantity: str
    unit: str
    maximise: bool = True
    ties: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the stakeholder asks for: `factor` times the baseline in one figure of an Outcome.

    `text` is the product lead's own words. `maximise` says that more of the quantity is wanted;
    where it is false the figure must fall to 1 / factor.
    """

    text: str
    quantity: str
    unit: str
    factor: float = 2.0
    maximise: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """Fields of a design that count as one kind of change: precision, fusion or algorithm."""

    id: str
    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A figure of an Outcome that the bench always shows.

    `full` is the value at which its bar is full; a gauge without one has no bar. A gauge of a
    target's quantity shows the target's limit by itself.
    """

    id: str
    name: str
    quantity: str
    unit: str = ""
    help: str = ""
    full: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TileProblem:
    """One matrix product to be cut into tiles: rows x columns outputs, each a sum over `depth`.

    `slots` tiles run at once; operands and accumulators of a tile must fit `on_chip_bytes`.
    `tile_rows` and `tile_columns` are the sizes on offer, `splits` the ways to divide the depth.
    """

    name: str
    rows: int
    columns: int
    depth: int
    slots: int
    on_chip_bytes: float
    element_bytes: float
    accumulator_bytes: float
    tile_rows: tuple[int, ...]
    tile_columns: tuple[int, ...]
    splits: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mission:
    """A part's task, for one variant: the starting point, the goal, and how designs are ranked.

    `baseline` misses a target or falls short of the objective's best; `tempting` looks better in
    one figure and fails for a reason that the learner can see. The scenario holds the targets.
    `attempts_count` is the budget of attempts.
    """

    scenario: Scenario
    baseline: Design
    tempting: Design
    tempting_reason: str
    objective: Objective
    attempts_count: int = 10
