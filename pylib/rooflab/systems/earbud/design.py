"""What a learner can set for audio hops from which an earbud isolates a voice."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

from rooflab.specs.design import Design, check_text
from rooflab.specs.earbud import HOP_FORMATS, HOP_KERNELS
from rooflab.values import Values, Words

__all__ = ["CELL_BOUNDARIES", "HOP_GATES", "HOP_PLACEMENTS", "HOP_SPARSITIES", "EarbudDesign"]

CELL_BOUNDARIES = 5
"""Between six operators of an LSTM cell."""

HOP_PLACEMENTS = ("sram", "flash", "psram")

HOP_SPARSITIES = ("dense", "blocks", "scattered")

HOP_GATES = ("none", "cautious", "eager", "exit")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EarbudDesign(Design):
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

    chip_id: Words
    placement: Words
    weights: Words
    hidden: Values
    kernel: Words
    fusion: Words
    hops_batched: Values
    sparsity: Words
    gate: Words
    experts: Values

    def __post_init__(self) -> None:
        """Refuse values of the wrong type or out of bounds."""
        Design.__post_init__(self)
        check_text("chip_id", self.chip_id)
