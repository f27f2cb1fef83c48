"""Entries of a measurement with the figures that follow from its samples, and those figures derived again for a replay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rooflab.errors import LabError, LedgerError
from rooflab.lab.ledger.entries import Entry, thaw
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.ledger.machine_entries import MachineJitter, MachineMeasured, MachinePin, MachineThermal
from rooflab.lab.recomputed import Recomputed
from rooflab.machine.device import ALL_CORES, measured_device
from rooflab.machine.jitter import Jitter, jitter
from rooflab.machine.questions import QUESTIONS, Answer, answered
from rooflab.machine.reference import reference
from rooflab.machine.samples import rounded
from rooflab.machine.study import FIGURES, Study, study
from rooflab.machine.thermal import Heat, heat
from rooflab.specs import Device

__all__ = [
    "MACHINE_CHECKED",
    "answered_again",
    "answers_of",
    "heat_of",
    "jitter_of",
    "machine_values",
    "measured_devices",
    "measured_entry",
    "jitter_entry",
    "pin_entry",
    "study_of",
    "thermal_entry",
]

MACHINE_CHECKED = (MachineMeasured, MachinePin, MachineJitter, MachineThermal)

_RUN = ("date", "clock_s", "simd", "cores", "hidden", "engine", "gpu", "workers")
_ROW = ("kernel", "variant", "size", "workers", "where", "repeats", "samples_s", "checksum")
_JITTER_ROW = ("kernel", "variant", "size", "workers", "repeats", "samples_s", "observed_s")
_SERIES = ("samples_s", "observed_s")
MOST_ROUNDED = 1e15
"""What is larger is no time, and a whole number of a file may be too large for a float; it is refused as it is."""


def study_of(entry: MachineMeasured) -> Study:
    """Return what follows from the samples of an entry.

    Raises:
        LabError: its roofs were not measured.
    """
    return study(entry.run, entry.rows)


def answers_of(found: Study) -> dict[str, Answer]:
    """Return the right choice of each question with the numbers that say so, by the question's id."""
    return {each.id: answered(each, found, reference()) for each in QUESTIONS}


def answered_again(ledger: Ledger) -> Ledger:
    """Return the ledger with the answers that follow from the samples now; a measurement that gives none keeps its own."""
    return replace(ledger, entries=tuple(_answered_again(each) if isinstance(each, MachineMeasured) else each for each in ledger.entries))


def _answered_again(entry: MachineMeasured) -> MachineMeasured:
    try:
        return replace(entry, **_answers(study_of(entry)))
    except LabError:
        return entry


def _answers(found: Study) -> dict[str, object]:
    """Return the fields of an entry that hold the answers."""
    right = answers_of(found)
    return {"answers": {name: each.choice_id for name, each in right.items()}, "by_reference": [name for name, each in right.items() if each.by_reference]}


def measured_devices(ledger: Ledger) -> tuple[Device, ...]:
    """Return the machine that the ledger measured last: one core of it, and all where there are more; nothing without one."""
    entry = next((each for each in reversed(ledger.entries) if isinstance(each, MachineMeasured)), None)
    if entry is None:
        return ()
    try:
        found = study_of(entry)
    except LabError:
        return ()
    several = found.found.all_flop_per_s and found.found.all_bytes_per_s
    return (found.device, *([measured_device(found.found, date=found.date, cores=ALL_CORES)] if several else []))


def jitter_of(entry: MachineJitter) -> Jitter:
    """Return the spread of the times of an entry."""
    return jitter(entry.row)


def heat_of(entry: MachineThermal) -> Heat:
    """Return the fit to the rates of an entry."""
    return heat(entry.rows)


def measured_entry(run: Mapping[str, object], rows: Sequence[object], *, at: str) -> MachineMeasured:
    """Return the entry of a complete measurement, its samples rounded to the three digits from which all follows.

    Raises:
        LabError: it has no roofs, or is no measurement.
    """
    kept_run, kept = _kept(run, _RUN), [_kept(each, _ROW) for each in rows if isinstance(each, Mapping)]
    found = study(kept_run, kept)
    return MachineMeasured(at=at, run=kept_run, rows=kept, figures=found.figures, predicted=_predicted(found), **_answers(found))


def pin_entry(measured: MachineMeasured, name: str, *, at: str) -> MachinePin:
    """Return the entry of a figure of a measurement, kept as evidence.

    Raises:
        LedgerError: the measurement has no such figure.
    """
    return MachinePin(at=at, measured=measured.seq, name=name, value=_figure(measured, name), unit=FIGURES[name][1])


def jitter_entry(run: Mapping[str, object], row: Mapping[str, object], *, at: str) -> MachineJitter:
    """Return the entry of the times of one kernel.

    Raises:
        LabError: they are too few, or no times.
    """
    kept = _kept(row, _JITTER_ROW)
    return MachineJitter(at=at, run=_kept(run, _RUN), row=kept, figures=_jitter_figures(jitter(kept)))


def thermal_entry(run: Mapping[str, object], rows: Sequence[Sequence[float]], *, at: str) -> MachineThermal:
    """Return the entry of a minute under load.

    Raises:
        LabError: it has too few readings, or none that are.
    """
    heat(rows)  # refuses what is no such reading
    kept = [[rounded(one) for one in each] for each in rows]
    return MachineThermal(at=at, run=_kept(run, _RUN), rows=kept, figures=_heat_figures(heat(kept)))


def machine_values(entry: Entry, recorded: Sequence[Entry]) -> Iterator[Recomputed]:
    """Yield every figure and answer of an entry beside what follows from the samples now.

    Raises:
        LabError: nothing follows from them.
    """
    if isinstance(entry, MachineMeasured):
        found = study_of(entry)
        yield from _beside(entry.seq, entry.figures, found.figures)
        yield from _beside(entry.seq, entry.predicted, _predicted(found))
        again = _answers(found)
        yield from _beside(entry.seq, entry.answers, again["answers"])
        yield from _beside(entry.seq, _decided(entry.answers, entry.by_reference), _decided(again["answers"], again["by_reference"]))
    elif isinstance(entry, MachinePin):
        measured = recorded[entry.measured] if entry.measured < len(recorded) else None
        if not isinstance(measured, MachineMeasured):
            raise LedgerError("the measurement that it cites is not there.")
        yield Recomputed(seq=entry.seq, name=entry.name, recorded=entry.value, recomputed=_figure(measured, entry.name))
    elif isinstance(entry, MachineJitter):
        yield from _beside(entry.seq, entry.figures, _jitter_figures(jitter_of(entry)))
    elif isinstance(entry, MachineThermal):
        yield from _beside(entry.seq, entry.figures, _heat_figures(heat_of(entry)))


def _decided(answers: Mapping[str, str], by_reference: Sequence[str]) -> dict[str, str]:
    """Say whose numbers answered each question, and so whether its prediction counts."""
    return {f"{name} decided by": "reference" if name in by_reference else "own" for name in dict.fromkeys((*answers, *by_reference))}


def _beside(seq: int, recorded: Mapping[str, float | str], again: Mapping[str, float | str]) -> Iterator[Recomputed]:
    """Lay values side by side; one that only one of the two has is "none" in the other."""
    for name in dict.fromkeys((*recorded, *again)):
        yield Recomputed(seq=seq, name=name, recorded=recorded.get(name, "none"), recomputed=again.get(name, "none"))


def _figure(measured: MachineMeasured, name: str) -> float:
    figures = study_of(measured).figures
    if name not in figures:
        raise LedgerError(f"the measurement has no figure {name!r}.")
    return figures[name]


def _predicted(found: Study) -> dict[str, float]:
    return {each.row.id: each.predicted_s for each in found.compared}


def _jitter_figures(found: Jitter) -> dict[str, float]:
    values = {
        "samples": float(found.samples_count),
        "p50": found.p50_s,
        "p99": found.p99_s,
        "p99.9": found.p999_s,
        "first": found.first_s,
        "observed": found.observed_factor,
    }
    return {name: value for name, value in values.items() if value is not None}


def _heat_figures(found: Heat) -> dict[str, float]:
    return {
        "start": found.start_flop_per_s,
        "drop": found.drop_fraction,
        "constant": found.constant_s,
        "reached": found.reached_fraction,
        "residual": found.residual_fraction,
        "seen": found.seen_fraction,
    }


def _kept(given: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
    """Return the known fields of what the page sent, samples rounded."""
    found = {name: thaw(given[name]) for name in names if name in given}
    for name in _SERIES:
        if isinstance(listed := found.get(name), list):
            found[name] = [rounded(each) if type(each) in (int, float) and abs(each) < MOST_ROUNDED else each for each in listed]
    return found
