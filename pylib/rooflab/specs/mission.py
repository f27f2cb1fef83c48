"""A mission: what a part asks a learner to design, and two designs that fall short."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from rooflab.errors import BadDesign
from rooflab.specs.design import Design
from rooflab.specs.scenario import Scenario
from rooflab.specs.source import Source

__all__ = ["Demand", "Gauge", "Lever", "Mission", "Objective", "TileMemory", "TileProblem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """The figure of an Outcome that ranks feasible designs, and those that break ties, in order.

    `ties` are pairs of a quantity and whether more of it is better. `equals` are other figures that tell the same of a
    design: all of them stay hidden until the design is scored.
    """

    name: str
    quantity: str
    unit: str
    maximise: bool = True
    ties: tuple[tuple[str, bool], ...] = ()
    equals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the stakeholder asks for: `factor` times the baseline in one figure of an Outcome, and what shall bring it.

    `text` is the product lead's own words, `source` says where the factor comes from. `claimed` are the ids of the controls that are said to bring the gain, `claim`
    their name in a sentence. `mechanism` says, of the scenario, the baseline and a design, what decides, with its number.
    `maximise` says that more of the quantity is wanted; where it is false the figure must fall to 1 / factor.
    """

    text: str
    claim: str
    claimed: tuple[str, ...]
    mechanism: Callable[[Scenario, Design, Design], str]
    source: Source
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
class TileMemory:
    """A memory that tiles read from: its name, the rate that it is read and written at with its source, and what it holds."""

    name: str
    bytes_per_s: float
    source: Source
    capacity_bytes: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class TileProblem:
    """One matrix product to be cut into tiles: rows x columns outputs, each a sum over `depth`.

    `slots` tiles run at once, at `flop_per_s` together; operands and accumulators of a tile must fit
    `on_chip_bytes`, and `tile_start_s` is what each tile takes before it computes. Operands come from
    `memory`, and re-reads from `cache` where there is one. `widen_bytes_per_s` is the rate at which the
    device widens the column operand, if it is narrow. `waiting_fraction` is 1 where tiles of the only wave wait for
    their data before they compute, 0 where both overlap. `tile_rows` and `tile_columns` are the sizes
    on offer, multiples of the matrix unit's `unit_rows` and `unit_columns`; `splits` divide the depth.
    """

    name: str
    rows: int
    columns: int
    depth: int
    slots: int
    on_chip_bytes: float
    row_element_bytes: float
    column_element_bytes: float
    output_element_bytes: float
    accumulator_bytes: float
    flop_per_s: float
    memory: TileMemory
    cache: TileMemory | None = None
    tile_start_s: float = 0.0
    start_source: Source | None = None
    widen_bytes_per_s: float = math.inf
    waiting_fraction: float = 0.0
    unit_rows: int = 1
    unit_columns: int = 1
    tile_rows: tuple[int, ...]
    tile_columns: tuple[int, ...]
    splits: tuple[int, ...] = (1,)
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a tile that the matrix unit's shape does not divide."""
        for name, sizes, unit in (
            ("rows", self.tile_rows, self.unit_rows),
            ("columns", self.tile_columns, self.unit_columns),
        ):
            if odd := [each for each in sizes if each % unit]:
                raise BadDesign(f"{self.name} offers tiles of {odd[0]} {name}, no multiple of the matrix unit's {unit}.")


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
