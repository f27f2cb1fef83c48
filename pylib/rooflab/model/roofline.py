"""The roofline and its third state: what bounds a kernel, and how long it takes."""

from dataclasses import dataclass

import numpy as np

from rooflab.model.cost import Cost
from rooflab.specs import Device, Precision
from rooflab.values import Values

__all__ = [
    "BOUNDS",
    "COMPUTE",
    "LATENCY",
    "LINK",
    "MEMORY",
    "Timing",
    "attainable_flop_per_s",
    "exposed_fraction",
    "roofline",
]

BOUNDS = ("memory", "compute", "latency", "link")
MEMORY, COMPUTE, LATENCY, LINK = range(4)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long work takes on a device, by cause; each may be an array. Inside a kernel all of it overlaps."""

    compute_s: Values
    memory_s: Values
    launch_s: Values = 0.0
    link_s: Values = 0.0

    @property
    def kernel_s(self) -> Values:
        """Time inside the kernels: arithmetic, traffic and link overlap."""
        return np.maximum(np.maximum(self.compute_s, self.memory_s), self.link_s)

    @property
    def time_s(self) -> Values:
        """Time inside the kernel, and what starting it adds."""
        return self.kernel_s + self.launch_s

    @property
    def bound(self) -> Values:
        """Index into BOUNDS of what takes longest.

        Below both roofs, where starting a kernel outlasts its work, the state is LATENCY.
        """
        kernel_s = self.kernel_s
        inside = np.where(
            (self.link_s >= kernel_s) & (np.asarray(self.link_s) > 0),
            LINK,
            np.where(self.memory_s >= self.compute_s, MEMORY, COMPUTE),
        )
        return np.where(self.launch_s > kernel_s, LATENCY, inside)


def roofline(cost: Cost, device: Device, *, precision: Precision) -> Timing:
    """Time `cost` on `device` by the roofline model, at the datasheet's peaks.

    Compute and HBM traffic are assumed to overlap perfectly, so `Timing.time_s` is a lower
    bound; with no overlap the two add, which is at most twice as long.

    One token through a 4096 x 4096 BF16 layer on an A100 moves 33.6 MB: 16.5 us of traffic
    against 0.1 us of arithmetic, so it is memory-bound.

    Raises:
        UnsupportedPrecision: `device` publishes no peak for `precision`.

    Source: Williams, Waterman and Patterson (2009), doi:10.1145/1498765.1498785.
    """
    return Timing(
        compute_s=cost.flop / device.peak(precision),
        memory_s=cost.hbm_bytes / device.fact("hbm_bytes_per_s"),
    )


def exposed_fraction(*, tiles: Values, slots: Values) -> Values:
    """Return which share of the shorter of arithmetic and traffic a matrix product does not hide.

    Tiles that fill the device once or less wait for their data before they compute, so both add up. The more waves
    follow one another, the more of the traffic of one hides behind the arithmetic of another: with the fourth root of
    the waves, fitted to published steps and prefills (measured rows of language models), which lie between no overlap
    and a full one.

    >>> float(exposed_fraction(tiles=64, slots=108)), float(exposed_fraction(tiles=1728, slots=108))
    (1.0, 0.5)
    """
    share = np.minimum(slots / tiles, 1.0)
    return np.sqrt(np.sqrt(share))


def attainable_flop_per_s(
    *, intensity_flop_per_byte: Values, peak_flop_per_s: Values, hbm_bytes_per_s: Values
) -> Values:
    """Return the roof above an intensity: the sloped section, then the flat one."""
    return np.minimum(peak_flop_per_s, hbm_bytes_per_s * intensity_flop_per_byte)
