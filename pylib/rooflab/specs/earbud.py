"""An earbud: its network, the chips it may run on, and what its algorithms may skip."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import product

from rooflab.errors import FactError
from rooflab.specs.source import Source, Sourced

__all__ = [
    "HOP_FORMATS",
    "HOP_KERNELS",
    "Earbud",
    "HearableChip",
    "EarbudAlgorithms",
    "EarbudConstants",
    "McuKernel",
    "McuMemory",
    "RecurrentNet",
]

HOP_FORMATS: dict[str, float] = {"float32": 4.0, "int8": 1.0}
"""Bytes of a weight, and of a value between operators."""

HOP_KERNELS = ("scalar", "vector")


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
    """A kernel's inner loops: cycles for a call, an output row and a multiply-add.

    `lanes` values are multiplied at once, and rows are padded to whole vectors. `tap_cycles` is what finding a place of the
    input takes for each tap of a filter; a matrix-vector product has none. A kernel on an
    accelerator is paid for by the multiply-add and the weight byte (`mac_j`, `weight_byte_j`),
    any other by the time for which the chip is awake.
    """

    call_cycles: float
    output_cycles: float
    mac_cycles: float
    lanes: int
    tap_cycles: float = 0.0
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

    A placement that the chip does not have is not among its memories. A hop runs on one of the `cores`; `active_w` is of the
    whole chip. Data of more than `static_bytes` cannot be a static array.
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
    static_bytes: float | None = None
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
class EarbudConstants(Sourced):
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
class EarbudAlgorithms(Sourced):
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
