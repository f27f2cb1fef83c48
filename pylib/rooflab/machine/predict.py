"""How long the model says that each measured row takes, by the functions that the tracks use, on the measured roofs.

Peak and triad are the roofs themselves and are not predicted. Everything else is a roofline whose bandwidth is that of the
level of memory that holds what the kernel comes back to, a chain of kernels, or a product cut into tiles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from statistics import median

from rooflab.analyses.tiles import score_tiles
from rooflab.machine.counts import ELEMENT_BYTES, SIDE, cost, footprint_bytes
from rooflab.machine.device import measured_device
from rooflab.machine.roofs import Roofs
from rooflab.machine.samples import Row, Rows
from rooflab.model.cost import Cost
from rooflab.model.roofline import BOUNDS, Timing, roofline
from rooflab.specs import Device, Precision, TileMemory, TileProblem

__all__ = ["Compared", "Predicted", "compared", "median_error_fraction", "predicted"]

LINE_BYTES = 64
"""A load from the middle of a row brings a whole line: 64 bytes on x86 and most ARM cores (assumed)."""

REGISTER_TILE = (4, 8)
BATCH_BLOCKS = ((2, (4, 2)), (1, (4, 1)))
"""Rows and columns of the results that `batch` holds in registers, by how many columns there are at least."""

ROOF_KERNELS = ("peak", "triad")

CHAINS_OF_PEAK, WAITS_OF_PEAK, LANES_OF_PEAK = 12, 2, 4
"""Chains of the peak kernel, the operations of each that wait for one another, and the lanes of a vector."""

Sizes = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """The time of one run, and what takes longest in it: arithmetic, waiting for it, main memory, or a cache before it."""

    time_s: float
    bound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A row beside its prediction."""

    row: Row
    predicted_s: float
    bound: str

    @property
    def error_fraction(self) -> float:
        """Measured over predicted, less one: positive where the kernel took longer."""
        return self.row.best_s / self.predicted_s - 1.0

    @property
    def size_of_error_fraction(self) -> float:
        """How far the prediction is from the measured time, as a share of that."""
        return abs(self.predicted_s - self.row.best_s) / self.row.best_s


def compared(measured: Rows, found: Roofs) -> tuple[Compared, ...]:
    """Return every row of one core that is no roof beside its prediction; unsteady rows are left out."""
    rows = (each for each in measured.rows if each.where == found.where and each.workers == 1)
    return tuple(
        Compared(row=each, predicted_s=made.time_s, bound=made.bound)
        for each in rows
        if each.kernel not in ROOF_KERNELS and each.steady
        for made in (predicted(*each.key, found),)
    )


def median_error_fraction(rows: tuple[Compared, ...]) -> float | None:
    """Return the middle of the sizes of the errors; None without rows."""
    return float(median(each.size_of_error_fraction for each in rows)) if rows else None


def predicted(kernel: str, variant: str, size: int, found: Roofs) -> Predicted:
    """Return the time of one run on the roofs; the k equal passes of a chain take k times as long as one."""
    device = measured_device(found, date="2026")
    if found.where == "wasm" and kernel == "gemm":
        return _PRODUCTS[variant](size, device, found)
    if found.where == "wasm" and kernel == "batch":
        return _batched(size, device, found)
    held = _at(device, footprint_bytes(kernel, variant, size))
    return _under(roofline(cost(kernel, variant, size), held, precision=Precision.FP32), held, found)


def _under(timing: Timing, held: Device, found: Roofs) -> Predicted:
    """Return a roofline's time; traffic from a level that is not the last is a cache's."""
    bound = BOUNDS[int(timing.bound)]
    return Predicted(time_s=float(timing.time_s), bound="cache" if bound == "memory" and _is_cache(held, found) else bound)


def _is_cache(held: Device, found: Roofs) -> bool:
    return held.fact("hbm_bytes_per_s") > found.levels[-1].bytes_per_s


def _at(device: Device, held_bytes: float) -> Device:
    """Return the device with the bandwidth of the smallest level that holds so many bytes."""
    levels = device.memory_levels or ()
    rate = next((each.bytes_per_s for each in levels if held_bytes <= each.capacity_bytes), device.hbm_bytes_per_s)
    return replace(device, hbm_bytes_per_s=rate)


def _naive(side: int, device: Device, found: Roofs) -> Predicted:
    """Three plain loops: each sum waits for the one before, and each multiply-add for a line of the second matrix.

    The scalar peak is that of twelve chains in which product and sum both wait; here the sum alone does, in one chain.
    """
    scalar = found.scalar_flop_per_s or found.peak_flop_per_s / LANES_OF_PEAK
    waiting_s = 2 * side**3 / (scalar / CHAINS_OF_PEAK * WAITS_OF_PEAK)
    held = _at(device, ELEMENT_BYTES * side**2)
    lines_s = LINE_BYTES * side**3 / held.fact("hbm_bytes_per_s")
    return Predicted(time_s=max(waiting_s, lines_s), bound="latency" if waiting_s >= lines_s else "cache" if _is_cache(held, found) else "memory")


def _rowwise(side: int, device: Device, found: Roofs) -> Predicted:
    """Loops over i, k, j: every multiply-add loads and stores its sum in the nearest level, as a triad does; B comes from its own."""
    nearest = roofline(Cost(activation_bytes=3 * ELEMENT_BYTES * side**3), _at(device, 0.0), precision=Precision.FP32)
    held = _at(device, ELEMENT_BYTES * side**2)
    again = roofline(Cost(flop=2 * side**3, activation_bytes=ELEMENT_BYTES * side**3), held, precision=Precision.FP32)
    if nearest.memory_s >= again.kernel_s:
        return Predicted(time_s=float(nearest.memory_s), bound="cache")
    return _under(again, held, found)


def _tile(side: int, device: Device, found: Roofs) -> Predicted:
    """A tile of registers over matrices as they are: operands are read again from the level that holds the matrices."""
    held = _at(device, footprint_bytes("gemm", "tile", side))
    return _overlapped(_tiled((side, side, side), REGISTER_TILE, found, held, held))


def _blocked(side: int, device: Device, found: Roofs) -> Predicted:
    """The same tile over packed panels: what is read again comes from the nearest level."""
    held = _at(device, footprint_bytes("gemm", "blocked", side))
    return _overlapped(_tiled((side, side, side), REGISTER_TILE, found, held, _at(device, 0.0)))


def _batched(columns: int, device: Device, found: Roofs) -> Predicted:
    """Weights times columns in the kernel's blocks of results: weights come from main memory once, columns again from a cache.

    The first block of columns waits for its weights; only then they are in the cache for the others, so both times add up.
    """
    block = next(shape for least, shape in BATCH_BLOCKS if columns >= least)
    held = _at(device, ELEMENT_BYTES * SIDE * (columns + block[0]))
    times = _tiled((SIDE, columns, SIDE), block, found, device, held)
    return Predicted(time_s=times["memory"] + max(times["compute"], times["cache"]), bound=max(times, key=times.get))


def _overlapped(times: dict[str, float]) -> Predicted:
    """Return the time of arithmetic beside that of the levels of memory, which one core waits for one after the other.

    Source: Stengel, Treibig, Hager and Wellein (2015), doi:10.1145/2751205.2751240.
    """
    return Predicted(time_s=max(times["compute"], times["memory"] + times["cache"]), bound=max(times, key=times.get))


def _tiled(sizes: Sizes, tile: tuple[int, int], found: Roofs, memory: Device, cache: Device) -> dict[str, float]:
    """Return what a product of rows x columns results over a depth takes, by cause, as the tracks' tiling counts it."""
    rows, columns, depth = sizes
    problem = TileProblem(
        name="Product",
        rows=rows,
        columns=columns,
        depth=depth,
        slots=1,
        on_chip_bytes=inf,
        row_element_bytes=ELEMENT_BYTES,
        column_element_bytes=ELEMENT_BYTES,
        output_element_bytes=ELEMENT_BYTES,
        accumulator_bytes=ELEMENT_BYTES,
        flop_per_s=found.peak_flop_per_s,
        memory=_memory(memory),
        cache=_memory(cache),
        tile_rows=(tile[0],),
        tile_columns=(tile[1],),
    )
    tiles = score_tiles(problem, tile_rows=tile[0], tile_columns=tile[1], splits=1)
    again_bytes = float(tiles.moved_bytes - tiles.memory_bytes)
    return {"compute": float(tiles.waves_s), "memory": float(tiles.memory_s), "cache": again_bytes / cache.fact("hbm_bytes_per_s")}


def _memory(device: Device) -> TileMemory:
    return TileMemory(name="memory", bytes_per_s=device.fact("hbm_bytes_per_s"), source=device.source_of("hbm_bytes_per_s"))


_PRODUCTS = {"naive": _naive, "simd": _rowwise, "tile": _tile, "blocked": _blocked}
