"""Constants that no datasheet gives, and the measured error of predictions made with them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

from rooflab.errors import FactError
from rooflab.specs.source import Source, Sourced

__all__ = ["Band", "Calibration"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration(Sourced):
    """The shares of a peak that kernels reach, and the times that no roof explains.

    Of the memory bandwidth `hbm_fraction` is reached by weights and activations, which come kernel by kernel, and
    `kv_fraction` by the cache, one long stream. Of the matrix peak products reach `gemm_fraction` in 16 bits,
    `narrow_gemm_fraction` in 8 and `four_bit_gemm_fraction` in 4, and where tokens are grouped by expert
    `grouped_gemm_fraction` of that.

    `kernel_ramp_s` is what a kernel takes beside its work: start, ramp-up and tail. An all-reduce in which every
    device reads all the others' messages at once begins with `all_reduce_s`, one around a ring has 2 (n - 1) hops of
    `ring_hop_s`. `unpack_flop` is what it takes on the vector units to widen one weight that is stored in fewer bits
    than it is multiplied in. `reserve_fraction` of the memory is kept for the runtime, and of what the weights leave
    besides the cache gets `free_fraction`.
    """

    id: str
    hbm_fraction: float
    kv_fraction: float
    gemm_fraction: float
    narrow_gemm_fraction: float
    four_bit_gemm_fraction: float
    grouped_gemm_fraction: float
    attention_fraction: float
    link_fraction: float
    kernel_ramp_s: float
    stream_gap_s: float
    graph_gap_s: float
    graph_launch_s: float
    host_launch_s: float
    all_reduce_s: float
    ring_hop_s: float
    unpack_flop: float
    reserve_fraction: float
    free_fraction: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a share outside (0, 1] or a negative time."""
        self._check_sources()
        self._check_shares()
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.endswith("_s") and not 0 <= value < math.inf:
                raise FactError(f"{self.id}: {each.name} must not be negative, not {value}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The error of predictions of one kind against published measurements.

    Fewer than LEAST_ROWS rows validate nothing.
    """

    topic: str
    rows: int
    median_fraction: float = math.nan
    p90_fraction: float = math.nan

    LEAST_ROWS: ClassVar[int] = 5

    @property
    def validated(self) -> bool:
        """Whether enough measured rows stand behind the figures."""
        return self.rows >= self.LEAST_ROWS
