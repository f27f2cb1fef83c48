"""A class as a fleet: every learner's machine, the ridge points, and how far the model was from all of them.

The figures are those that each ledger recorded; a replay of a ledger says whether they hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from rooflab.lab.classroom.tallies import ChoiceTally, QuestionTally
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.ledger.machine_entries import PLACE, MachineMeasured, MachinePrediction
from rooflab.lab.machine.progress import MachineProgress, machine_progress
from rooflab.machine.questions import QUESTIONS, Asked
from rooflab.specs import Choice
from rooflab.units import counted, format_fraction, format_number

__all__ = ["Fleet", "KernelTally", "Machine", "fleet", "fleet_words"]

LEAST_RATE, MOST_RATE, MOST_FACTOR = 1e6, 1e18, 1e6
"""What a recorded rate or factor may be to be counted: a file may hold any number."""

_KERNELS = ("chain-passes", "chain-fused", "epilogue-passes", "epilogue-fused", "gemm-naive", "gemm-simd", "gemm-tile", "gemm-blocked", "batch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One learner's machine as it was last measured; figures of all cores are None with one core."""

    name: str
    date: str
    peak_flop_per_s: float
    memory_bytes_per_s: float
    all_flop_per_s: float | None
    all_bytes_per_s: float | None
    median_error_fraction: float | None

    @property
    def ridge_flop_per_byte(self) -> float:
        """The intensity at which its two roofs meet."""
        return self.peak_flop_per_s / self.memory_bytes_per_s


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelTally:
    """Measured over predicted time of a kernel at all its sizes, over all machines: the middle, and where four of five lie."""

    kernel: str
    rows_count: int
    low_factor: float
    median_factor: float
    high_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The machines of a class. `median_error_fraction` is the middle over all rows of all machines."""

    machines: tuple[Machine, ...]
    questions: tuple[QuestionTally, ...]
    kernels: tuple[KernelTally, ...]
    rows_count: int
    median_error_fraction: float | None

    @property
    def ridges_flop_per_byte(self) -> tuple[float, ...]:
        """The ridges in order."""
        return tuple(sorted(each.ridge_flop_per_byte for each in self.machines))


def fleet(ledgers: Iterable[tuple[str, Ledger]]) -> Fleet:
    """Return what a class measured, from the name and the ledger of each learner; none of it need be there."""
    machines, owns, ratios = [], [], defaultdict(list)
    for name, ledger in ledgers:
        own = machine_progress(ledger)
        if not own.touched:
            continue
        owns.append(own)
        if own.last is not None and (machine := _machine(name, own.last)):
            machines.append(machine)
            for kernel, ratio in _ratios(own.last):
                ratios[kernel].append(ratio)
    everything = np.array([each for found in ratios.values() for each in found])
    return Fleet(
        machines=tuple(machines),
        questions=tuple(_question(each, owns) for each in QUESTIONS) if owns else (),
        kernels=tuple(_kernel(each, ratios[each]) for each in _KERNELS if ratios[each]),
        rows_count=len(everything),
        median_error_fraction=float(np.median(np.abs(1 / everything - 1))) if len(everything) else None,
    )


def fleet_words(found: Fleet) -> str:
    """Say how many machines there are, where their ridges are, and how far the model is from all of them."""
    if not found.machines:
        return "No machine was measured yet."
    ridges = found.ridges_flop_per_byte
    words = f"{counted(len(found.machines), 'machine')}: ridges from {format_number(ridges[0])} to {format_number(ridges[-1])} FLOP per byte"
    if found.median_error_fraction is not None:
        words += f"; the model is off by {format_fraction(found.median_error_fraction)} in the middle of {counted(found.rows_count, 'row')}"
    return f"{words}. The figures are as the ledgers recorded them."


def _machine(name: str, entry: MachineMeasured) -> Machine | None:
    """Return a machine from its recorded figures; None where a roof is missing or is no rate."""
    found = {each: value for each, value in entry.figures.items() if LEAST_RATE <= value <= MOST_RATE or each == "median-error" and 0 <= value < MOST_FACTOR}
    if "peak" not in found or "bandwidth" not in found:
        return None
    return Machine(
        name=name,
        date=str(entry.run.get("date", ""))[:10],
        peak_flop_per_s=found["peak"],
        memory_bytes_per_s=found["bandwidth"],
        all_flop_per_s=found.get("all-peak"),
        all_bytes_per_s=found.get("all-bandwidth"),
        median_error_fraction=found.get("median-error"),
    )


def _ratios(entry: MachineMeasured) -> Iterator[tuple[str, float]]:
    """Yield measured over predicted time of each row of one core that was predicted, with its kernel and variant."""
    for row in entry.rows:
        if not isinstance(row, Mapping) or row.get("workers", 1) != 1 or row.get("where", "wasm") != "wasm":
            continue
        kernel = "-".join(filter(None, (str(row.get("kernel", "")), str(row.get("variant", "")))))
        predicted_s, samples = entry.predicted.get(f"{kernel}-{row.get('size')}", 0.0), row.get("samples_s")
        if predicted_s > 0 and isinstance(samples, tuple) and samples and all(type(each) in (int, float) and each > 0 for each in samples):
            ratio = min(samples) / predicted_s
            if 1 / MOST_FACTOR < ratio < MOST_FACTOR:
                yield kernel, ratio


def _kernel(kernel: str, ratios: list[float]) -> KernelTally:
    low, middle, high = np.percentile(ratios, (10, 50, 90))
    return KernelTally(kernel=kernel, rows_count=len(ratios), low_factor=float(low), median_factor=float(middle), high_factor=float(high))


def _question(asked: Asked, owns: list[MachineProgress]) -> QuestionTally:
    """Tally a question over those whose machine decides it, or was not measured yet."""
    scored = [next((each for each in own.scored if each.question_id == asked.id), None) for own in owns]
    undecided_count = sum(each is not None and each.undecided for each in scored)
    given = [
        (own.predicted[asked.id][0], each.right if each else None)
        for own, each in zip(owns, scored, strict=True)
        if asked.id in own.predicted and not (each and each.undecided)
    ]
    choices = tuple(_choice(choice, [pair for pair in given if pair[0].choice_id == choice.id]) for choice in asked.choices)
    return QuestionTally(track_id=PLACE, part=0, question_id=asked.id, text=asked.text, choices=choices, undecided_count=undecided_count)


def _choice(choice: Choice, own: list[tuple[MachinePrediction, bool | None]]) -> ChoiceTally:
    return ChoiceTally(
        choice_id=choice.id,
        text=choice.text,
        count=len(own),
        right_count=sum(right is True for _, right in own),
        wrong_count=sum(right is False for _, right in own),
        mean_confidence_fraction=float(np.mean([first.confidence for first, _ in own])) if own else None,
        explanation="",
    )
