"""A measurement with all that follows from it: roofs, device, predictions, bend; and its figures by name.

The figures are what a ledger records beside the raw samples, and what a replay derives from them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rooflab.errors import LabError
from rooflab.machine.bend import Bend, Gained, bend, gained
from rooflab.machine.device import measured_device
from rooflab.machine.plan import plan
from rooflab.machine.predict import Compared, compared, median_error_fraction
from rooflab.machine.roofs import Roofs, roofs
from rooflab.machine.samples import MOST_WORKERS, Row, Rows, read_rows
from rooflab.specs import Device

__all__ = ["FIGURES", "Study", "study"]

_NAME_LETTERS = 60


@dataclass(frozen=True, kw_only=True)
class Study:
    """What was measured on one core on a date, and what follows.

    `graphics` are the roofs of the graphics device's vector units: None without a device, and where its work is done in
    software, from which nothing is concluded. `graphics_name` names either. `cores` ran together where the browser offered
    `offered_cores`.
    """

    date: str
    engine: str
    simd: str
    cores: int
    offered_cores: int
    measured: Rows
    found: Roofs
    graphics: Roofs | None
    graphics_name: str
    graphics_software: bool

    @cached_property
    def device(self) -> Device:
        """One core as a device of the model."""
        return measured_device(self.found, date=self.date)

    @cached_property
    def compared(self) -> tuple[Compared, ...]:
        """Every row that is no roof beside its prediction."""
        return compared(self.measured, self.found)

    @cached_property
    def median_error_fraction(self) -> float | None:
        """The middle error of the model over those rows."""
        return median_error_fraction(self.compared)

    @cached_property
    def bend(self) -> Bend | None:
        """Where the fused curve bends."""
        return bend(self.measured, self.found)

    @cached_property
    def gained(self) -> tuple[Gained, ...]:
        """What fusing gains at each number of steps."""
        return gained(self.measured)

    @cached_property
    def unsteady(self) -> tuple[Row, ...]:
        """The rows from which nothing is concluded."""
        return tuple(each for each in self.measured.rows if not each.steady)

    @cached_property
    def figures(self) -> dict[str, float]:
        """The figures that can be pinned, recorded and derived again, by id; those that were not measured are left out."""
        found = {name: of(self) for name, (_, _, of) in FIGURES.items()}
        return {name: float(value) for name, value in found.items() if value is not None}


def study(run: Mapping[str, object], rows: Sequence[object]) -> Study:
    """Return what follows from a run and its rows.

    Raises:
        LabError: its roofs were not measured.
    """
    measured = read_rows(rows)
    gpu = run.get("gpu")
    gpu = gpu if isinstance(gpu, Mapping) else {}
    software = gpu.get("software") is not False and bool(gpu)
    return Study(
        date=str(run.get("date", ""))[:10],
        engine=_plain(run.get("engine")),
        simd="relaxed" if run.get("simd") == "relaxed" else "plain",
        cores=max((each.workers for each in measured.rows), default=1),
        offered_cores=_cores(run.get("cores")),
        measured=measured,
        found=roofs(measured),
        graphics=None if software else _graphics(measured),
        graphics_name=_plain(gpu.get("name")) if gpu else "",
        graphics_software=software,
    )


def _graphics(measured: Rows) -> Roofs | None:
    try:
        return roofs(measured, "webgpu")
    except LabError:
        return None


def _cores(value: object) -> int:
    return value if type(value) is int and 1 <= value <= MOST_WORKERS else 1


def _plain(text: object) -> str:
    """Return a name of a browser or a device in harmless letters."""
    return "".join(each for each in str(text or "") if each.isascii() and (each.isalnum() or each in " .-()"))[:_NAME_LETTERS].strip() or "unnamed"


def _factor(measured: Rows, slow: tuple[str, str, int], fast: tuple[str, str, int]) -> float | None:
    one, other = measured.row(*slow), measured.row(*fast)
    return one.best_s / other.best_s if one and other else None


def _epilogue(found: Study) -> float | None:
    size = next(each["size"] for each in plan()["rows"] if each["kernel"] == "epilogue")
    return _factor(found.measured, ("epilogue", "passes", size), ("epilogue", "fused", size))


FIGURES = {
    "peak": ("Peak of one core", "FLOP/s", lambda each: each.found.peak_flop_per_s),
    "bandwidth": ("Main memory, one core", "B/s", lambda each: each.found.memory_bytes_per_s),
    "ridge": ("Ridge of one core", "FLOP/byte", lambda each: each.found.ridge_flop_per_byte),
    "scalar-peak": ("Peak without vectors", "FLOP/s", lambda each: each.found.scalar_flop_per_s),
    "fastest-level": ("Fastest level of memory", "B/s", lambda each: each.found.levels[0].bytes_per_s),
    "all-peak": ("Peak of all cores", "FLOP/s", lambda each: each.found.all_flop_per_s),
    "all-bandwidth": ("Main memory, all cores", "B/s", lambda each: each.found.all_bytes_per_s),
    "all-ridge": ("Ridge of all cores", "FLOP/byte", lambda each: each.found.all_ridge_flop_per_byte),
    "graphics-peak": ("Peak of graphics, vector units", "FLOP/s", lambda each: each.graphics and each.graphics.peak_flop_per_s),
    "graphics-bandwidth": ("Main memory, graphics", "B/s", lambda each: each.graphics and each.graphics.memory_bytes_per_s),
    "graphics-ridge": ("Ridge of graphics, vector units", "FLOP/byte", lambda each: each.graphics and each.graphics.ridge_flop_per_byte),
    "bend": ("Bend of the fused curve, predicted", "steps", lambda each: each.bend and each.bend.predicted_count),
    "own-bend": ("Bend of the fused curve, its own", "steps", lambda each: each.bend and each.bend.own_count),
    "epilogue-gain": ("Three passes as one", "×", _epilogue),
    "tile-gain": ("Tile against rows at 512", "×", lambda each: _factor(each.measured, ("gemm", "simd", 512), ("gemm", "tile", 512))),
    "tile-gain-1024": ("Tile against rows at 1024", "×", lambda each: _factor(each.measured, ("gemm", "simd", 1024), ("gemm", "tile", 1024))),
    "batch-cost": ("Four columns against one", "×", lambda each: _factor(each.measured, ("batch", "", 4), ("batch", "", 1))),
    "median-error": ("Median error of the model", "", lambda each: each.median_error_fraction),
}
"""The name, the unit and the derivation of each figure by its id."""
