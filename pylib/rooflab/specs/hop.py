"""Audio hops in an earbud: design, network, chips, product and scenario."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import product
from typing import Any, ClassVar

from rooflab.errors import BadDesign, FactError
from rooflab.specs.design import Design, check_text
from rooflab.specs.scenario import Roof, Scenario
from rooflab.specs.source import Source, Sourced

__all__ = [
    "CELL_BOUNDARIES",
    "HOP_FORMATS",
    "HOP_GATES",
    "HOP_KERNELS",
    "HOP_PLACEMENTS",
    "HOP_SPARSITIES",
    "Earbud",
    "HearableChip",
    "HopAlgorithms",
    "HopConstants",
    "HopDesign",
    "HopScenario",
    "McuKernel",
    "McuMemory",
    "RecurrentNet",
]

CELL_BOUNDARIES = 5
"""Between six operators of an LSTM cell."""

HOP_FORMATS: dict[str, float] = {"float32": 4.0, "int8": 1.0}
"""Bytes of a weight, and of a value between operators."""

HOP_PLACEMENTS = ("sram", "flash", "psram")
HOP_KERNELS = ("scalar", "vector")
HOP_SPARSITIES = ("dense", "blocks", "scattered")
HOP_GATES = ("none", "cautious", "eager", "exit")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HopDesign(Design):
    """How one network isolates a voice, hop by hop.

    `fusion` has a digit for each boundary of input product, recurrent product, sum, activations,
    cell, output: 1 where the two share a kernel. `kernel` is plain C or the vendor's, which uses
    vectors where the chip has them. `hops_batched` hops are collected before the first is worked
    on. `gate` is the cheap predictor in front, `experts` how many networks there are for as many
    classes of noise, of which one runs.
    """

    kind: ClassVar[str] = "hop"
    _CHOICES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "placement": HOP_PLACEMENTS,
        "weights": tuple(HOP_FORMATS),
        "kernel": HOP_KERNELS,
        "fusion": tuple("".join(each) for each in product("01", repeat=CELL_BOUNDARIES)),
        "sparsity": HOP_SPARSITIES,
        "gate": HOP_GATES,
    }
    _COUNTS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "hidden": (1, 1024),
        "hops_batched": (1, 64),
        "experts": (1, 16),
    }

    chip_id: Any
    placement: Any
    weights: Any
    hidden: Any
    kernel: Any
    fusion: Any
    hops_batched: Any
    sparsity: Any
    gate: Any
    experts: Any

    def __post_init__(self) -> None:
        """Refuse values of the wrong type or out of bounds."""
        Design.__post_init__(self)
        check_text("chip_id", self.chip_id)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecurrentNet(Sourced):
    """An LSTM cell: inputs of a hop, and hidden states as it was first trained."""

    id: str
    name: str
    inputs: int
    hidden: int
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that no source vouches for."""
        self._check_sources()


@dataclass(frozen=True, slots=True, kw_only=True)
class McuKernel:
    """A matrix-vector kernel: cycles for a call, an output row and a multiply-add.

    `lanes` values are multiplied at once, and rows are padded to whole vectors. A kernel on an
    accelerator is paid for by the multiply-add and the weight byte (`mac_j`, `weight_byte_j`),
    any other by the time for which the chip is awake.
    """

    call_cycles: float
    output_cycles: float
    mac_cycles: float
    lanes: int
    mac_j: float = 0.0
    weight_byte_j: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class McuMemory:
    """A memory that may hold the weights.

    Behind a cache rows begin on a line and are fetched in whole lines of `line_bytes`; a memory
    without a cache has lines of 1. Of a bus (`is_bus`) only a share is reached.
    """

    name: str
    bytes_per_s: float
    line_bytes: int
    is_bus: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HearableChip(Sourced):
    """What the lab needs of one chip: kernels by format and kind, memories by placement, powers.

    A placement that the chip does not have is not among its memories.
    """

    id: str
    name: str
    clock_hz: float
    cores: int
    kernels: Mapping[tuple[str, str], McuKernel]
    memories: Mapping[str, McuMemory]
    active_w: float
    sleep_w: float
    wake_s: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that no source vouches for, or a kernel that is missing."""
        self._check_sources()
        for each in product(HOP_FORMATS, HOP_KERNELS):
            if each not in self.kernels:
                raise FactError(f"{self.id} has no kernel for {' '.join(each)}.")
        if "sram" not in self.memories:
            raise FactError(f"{self.id} has no sram.")

    def peak_flop_per_s(self, weights: str) -> float:
        """Return what the fastest inner loop in a format does: two operations a multiply-add."""
        return 2 * self.clock_hz / min(self.kernels[weights, each].mac_cycles for each in HOP_KERNELS)

    def memory(self, placement: str) -> McuMemory:
        """Return the memory of a placement; SRAM where the chip does not have it."""
        return self.memories.get(placement, self.memories["sram"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Earbud(Sourced):
    """The product: how often a hop comes, what else draws power, and what is left for weights.

    `silent_fraction` is the share of hops without speech, `easy_fraction` that of hops which a
    small network gets right.
    """

    id: str
    hop_s: float
    front_end_w: float
    sram_bytes: float
    flash_bytes: float
    psram_bytes: float
    silent_fraction: float
    easy_fraction: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a share outside [0, 1]."""
        self._check_sources()
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.endswith("_fraction") and not 0 <= value <= 1:
                raise FactError(f"{self.id}: {each.name} must be within [0, 1], not {value}.")

    def free_bytes(self, placement: str) -> float:
        """Return what a placement leaves for weights, on a chip that has it."""
        return {"sram": self.sram_bytes, "flash": self.flash_bytes, "psram": self.psram_bytes}[placement]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HopConstants(Sourced):
    """What no datasheet gives: the share of a bus that is reached, and cycles of small steps.

    `unpack_cycles` finds the place of one scattered weight.
    """

    id: str
    bus_fraction: float
    activation_cycles: float
    pointwise_cycles: float
    unpack_cycles: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a share outside (0, 1]."""
        self._check_sources()
        if not 0 < self.bus_fraction <= 1:
            raise FactError(f"{self.id}: bus_fraction must be within (0, 1], not {self.bus_fraction}.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HopAlgorithms(Sourced):
    """What guessing, sparse weights and experts are worth; nothing here is measured.

    For each gate: which share of the silent (or easy) hops it spares the network, what its own
    work is against that of the network, and which share of speech it cuts. `worth_fraction` is
    the dense state that a sparse one of the same size replaces; `expert_size_fraction` the state
    of one of so many experts against that of one network for everything. `kept_fraction` is the
    share of weights that a sparse pattern keeps.
    """

    id: str
    caught_fraction: Mapping[str, float]
    gate_cost_fraction: Mapping[str, float]
    speech_lost_fraction: Mapping[str, float]
    kept_fraction: Mapping[str, float]
    worth_fraction: Mapping[str, float]
    expert_size_fraction: Mapping[int, float]
    router_fraction: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that no source vouches for."""
        self._check_sources()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HopScenario(Scenario):
    """An earbud, a network, and the chips that it may run on. `calibration` is a HopConstants."""

    chips: tuple[HearableChip, ...]
    network: RecurrentNet
    earbud: Earbud
    algorithms: HopAlgorithms

    def chip(self, chip_id: str) -> HearableChip:
        """Return the chip of that id."""
        for each in self.chips:
            if each.id == chip_id:
                return each
        known = ", ".join(each.id for each in self.chips)
        raise BadDesign(f"This scenario has no chip {chip_id!r}; it has {known}.")

    def roofs(self, design: HopDesign) -> tuple[Roof, ...]:
        """Return the roof of the design's chip over the memory of its weights, then of the other chips."""
        own = self.chip(design.chip_id)
        return tuple(
            Roof(
                name=f"{each.name}, {each.memory(design.placement).name}",
                peak_flop_per_s=each.peak_flop_per_s(design.weights),
                hbm_bytes_per_s=each.memory(design.placement).bytes_per_s,
            )
            for each in (own, *(other for other in self.chips if other is not own))
        )

    @property
    def records(self) -> tuple[Sourced, ...]:
        """Chips, network, product, constants, algorithms."""
        return (*self.chips, self.network, self.earbud, self.calibration, self.algorithms)
