"""Measured rows, from the page or from a ledger: data from an untrusted place, each row bounded or left out with a reason."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from statistics import median

from rooflab.errors import LabError
from rooflab.machine.checks import expected_checksum
from rooflab.machine.counts import cost
from rooflab.machine.plan import plan

__all__ = ["MOST_WORKERS", "SHORTEST_S", "UNSTEADY_RATIO", "LeftOut", "Row", "Rows", "read_rows", "rounded"]

UNSTEADY_RATIO = 1.5
"""Median over best: a row beyond it is called unsteady, and nothing is concluded from it."""

SHORTEST_S, LONGEST_S = 1e-12, 1e3  # of a graphics device, seconds of all threads over their number
FASTEST_FLOP_PER_S, FASTEST_BYTES_PER_S = 1e17, 1e15
MOST_ROWS, MOST_SAMPLES, MOST_WORKERS, MOST_REPEATS = 250, 64, 1024, 10**9
DIGITS = 3
WHERE = ("wasm", "webgpu")

Key = tuple[str, str, int]


@dataclass(frozen=True, kw_only=True)
class Row:
    """Samples of one kernel at one size: seconds of one run on each of `workers`, the first dropped."""

    kernel: str
    variant: str
    size: int
    workers: int = 1
    where: str = "wasm"
    repeats: int = 1
    samples_s: tuple[float, ...]
    checksum: float

    @property
    def key(self) -> Key:
        """What was run."""
        return self.kernel, self.variant, self.size

    @property
    def id(self) -> str:
        """What was run, in one word.

        >>> Row(kernel="gemm", variant="tile", size=512, samples_s=(1.0,), checksum=0.0).id
        'gemm-tile-512'
        """
        return "-".join(filter(None, (self.kernel, self.variant, str(self.size))))

    @cached_property
    def best_s(self) -> float:
        """The shortest sample: what the others were disturbed from."""
        return min(self.samples_s)

    @cached_property
    def median_s(self) -> float:
        """The middle of the samples."""
        return float(median(self.samples_s))

    @property
    def ratio(self) -> float:
        """Median over best; 1 where nothing disturbed the machine."""
        return self.median_s / self.best_s

    @property
    def steady(self) -> bool:
        """Whether the samples agree well enough to conclude from them."""
        return self.ratio <= UNSTEADY_RATIO

    @property
    def flop_per_s(self) -> float:
        """Rate of arithmetic of the best sample, of all workers together."""
        return self.workers * cost(*self.key).flop / self.best_s

    @property
    def bytes_per_s(self) -> float:
        """Rate of the counted traffic of the best sample, of all workers together."""
        return self.workers * cost(*self.key).hbm_bytes / self.best_s

    @property
    def intensity_flop_per_byte(self) -> float:
        """Operations for each counted byte; infinite without any."""
        counted = cost(*self.key)
        return counted.flop / counted.hbm_bytes if counted.hbm_bytes else math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row that is not used, by what names it, and why."""

    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows of a measurement that can be used, and those that cannot."""

    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...] = ()

    def of(self, kernel: str, variant: str = "", *, workers: int = 1, where: str = "wasm") -> tuple[Row, ...]:
        """Return the rows of a kernel by size."""
        found = (each for each in self.rows if (each.kernel, each.variant, each.where) == (kernel, variant, where))
        return tuple(sorted((each for each in found if (each.workers == 1) == (workers == 1)), key=lambda each: each.size))

    def row(self, kernel: str, variant: str, size: int, *, where: str = "wasm") -> Row | None:
        """Return the row of one kernel at one size on one core; None where it was not measured."""
        return next((each for each in self.of(kernel, variant, where=where) if each.size == size), None)


def rounded(value: float) -> float:
    """Return a number with the three digits that are recorded.

    >>> rounded(0.0123456)
    0.0123
    """
    return float(f"{value:.{DIGITS}g}")


def read_rows(listed: Sequence[object]) -> Rows:
    """Return what rows can be used. A row of another kernel, an impossible figure or another checksum is left out."""
    rows: dict[tuple[object, ...], Row] = {}
    left_out = []
    for number, given in enumerate(listed[:MOST_ROWS], 1):
        try:
            row = _row(given)
            _check(row, rows)
            rows[row.key, row.where, row.workers == 1] = row
        except LabError as error:
            left_out.append(LeftOut(name=_name(given, number), reason=str(error)))
    if len(listed) > MOST_ROWS:
        left_out.append(LeftOut(name="further rows", reason=f"a measurement has at most {MOST_ROWS}."))
    return Rows(rows=tuple(rows.values()), left_out=tuple(left_out))


def _row(given: object) -> Row:
    if not isinstance(given, Mapping):
        raise LabError("it is no row.")
    kernel, variant, where = (given.get(name, default) for name, default in (("kernel", ""), ("variant", ""), ("where", "wasm")))
    if where not in WHERE:
        raise LabError(f"it was measured neither in {' nor in '.join(WHERE)}.")
    samples = given.get("samples_s")
    if not isinstance(samples, (list, tuple)) or not 1 <= len(samples) <= MOST_SAMPLES:
        raise LabError(f"it has not 1 to {MOST_SAMPLES} samples.")
    return Row(
        kernel=str(kernel),
        variant=str(variant),
        size=_whole(given, "size", 2**40),
        workers=_whole(given, "workers", MOST_WORKERS, 1),
        where=str(where),
        repeats=_whole(given, "repeats", MOST_REPEATS, 1),
        samples_s=tuple(rounded(_number(each, "a sample", SHORTEST_S, LONGEST_S)) for each in samples),
        checksum=_number(given.get("checksum"), "the checksum", -1e15, 1e15),
    )


def _check(row: Row, before: Mapping[tuple[object, ...], Row]) -> None:
    """Refuse a row that is not planned, is there already, is too fast to be true, or computed something else."""
    if row.key not in _planned():
        raise LabError("it is not in the plan.")
    if (row.key, row.where, row.workers == 1) in before:
        raise LabError("it was measured twice.")
    if row.flop_per_s > row.workers * FASTEST_FLOP_PER_S or row.bytes_per_s > row.workers * FASTEST_BYTES_PER_S:
        raise LabError("it is faster than any device.")
    wanted = expected_checksum(*row.key)
    if row.workers == 1 and row.checksum != wanted:
        raise LabError(f"its result is wrong: its sum is {row.checksum:.15g}, and {wanted:.15g} is right.")


@cache
def _planned() -> frozenset[Key]:
    made = plan()
    listed = (made[name] for name in ("rows", "all_cores", "webgpu", "webgpu_software"))
    return frozenset((each["kernel"], each["variant"], each["size"]) for rows in listed for each in rows)


def _whole(given: Mapping[str, object], name: str, most: int, default: int | None = None) -> int:
    value = given.get(name, default)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise LabError(f"its {name} is no whole number from 1 to {most}.")
    return value


def _number(value: object, name: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise LabError(f"{name} is no number from {low:g} to {high:g}.")
    return float(value)


def _name(given: object, number: int) -> str:
    """Name a row that is left out by harmless letters alone."""
    if not isinstance(given, Mapping):
        return f"row {number}"
    parts = (str(given.get(name, ""))[:20] for name in ("kernel", "variant", "size"))
    plain = " ".join("".join(letter for letter in each if letter.isascii() and (letter.isalnum() or letter in "-_.")) for each in parts)
    return " ".join(plain.split()) or f"row {number}"
