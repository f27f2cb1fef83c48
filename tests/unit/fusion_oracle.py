"""Fusion counted step by step, for tests: what a partition of any steps into kernels reads, writes and launches.

Fusing never changes the arithmetic. A kernel reads each tensor from outside once, and writes only
what another kernel needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rooflab.model.cost import Cost

__all__ = ["BLOCK_INPUT", "Block", "Step", "fused_costs"]

BLOCK_INPUT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operator of a block.

    `reads` are the steps whose outputs it takes; BLOCK_INPUT is the input of the block. `kept`
    says that its output is needed after the block.
    """

    name: str
    flop: Any
    output_bytes: Any
    reads: tuple[int, ...]
    weight_bytes: Any = 0.0
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Steps in an order in which they can run."""

    name: str
    input_bytes: Any
    steps: tuple[Step, ...]


def fused_costs(block: Block, grouping: Sequence[int]) -> tuple[Cost, ...]:
    """Return the cost of each kernel when step k belongs to kernel `grouping[k]`.

    Kernels are numbered from 0 in the order in which they run; the last step of a block and
    those that are kept are written in any case.
    """
    steps = block.steps
    last = len(steps) - 1
    costs = []
    for kernel in range(max(grouping) + 1):
        inside = [place for place, each in enumerate(grouping) if each == kernel]
        outside = {
            source
            for place in inside
            for source in steps[place].reads
            if source == BLOCK_INPUT or grouping[source] != kernel
        }
        written = [
            place
            for place in inside
            if place == last
            or steps[place].kept
            or any(
                place in steps[later].reads and grouping[later] != kernel
                for later in range(place + 1, len(steps))
            )
        ]
        read_bytes = sum(
            block.input_bytes if source == BLOCK_INPUT else steps[source].output_bytes
            for source in sorted(outside)
        )
        costs.append(
            Cost(
                flop=sum(steps[place].flop for place in inside),
                weight_bytes=sum(steps[place].weight_bytes for place in inside),
                activation_bytes=read_bytes + sum(steps[place].output_bytes for place in written),
                launches=1,
            )
        )
    return tuple(costs)
