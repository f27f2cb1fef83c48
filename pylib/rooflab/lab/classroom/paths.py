"""How each learner of a class came to the best design: the best feasible attempt so far, as its regret."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, isfinite
from statistics import median

from rooflab.lab.ledger.entries import DesignCommitted
from rooflab.lab.readings import ledger_name
from rooflab.lab.steps.commits import BEST
from rooflab.specs import Objective

__all__ = ["Path", "median_path", "path_of"]

Path = tuple[float | None, ...]
"""The regret of the best feasible attempt so far, attempt by attempt; None before the first feasible one."""


def path_of(entries: Iterable[DesignCommitted], objective: Objective) -> Path:
    """Return the path of a learner from the figures that the ledger recorded; empty before a design is final.

    Regret is the share by which a figure falls short of the best of the learner's variant, as in `Found.regret`.
    """
    entries = tuple(entries)
    bests = [entry.figures[BEST] for entry in entries if entry.role == "final" and BEST in entry.figures]
    if not bests:
        return ()
    path: list[float | None] = []
    for entry in entries:
        if entry.role == "attempt":
            own, before = _regret(entry, bests[0], objective), path[-1] if path else None
            path.append(own if before is None else before if own is None else min(own, before))
    return tuple(path)


def median_path(paths: Sequence[Path]) -> Path:
    """Return the median over learners by attempt; who ended keeps the last, who has nothing feasible is beyond all others.

    It is None while half of the learners or more have nothing feasible.
    """
    paths = [each for each in paths if each]
    found = (median(_far(each[min(at, len(each) - 1)]) for each in paths) for at in range(max(map(len, paths), default=0)))
    return tuple(each if isfinite(each) else None for each in found)


def _regret(entry: DesignCommitted, best: float, objective: Objective) -> float | None:
    value = entry.figures.get(ledger_name(objective.quantity))
    if value is None or entry.figures.get("feasible") != 1.0 or value <= 0 or best <= 0:
        return None
    return max(1 - (value / best if objective.maximise else best / value), 0.0)


def _far(regret: float | None) -> float:
    return inf if regret is None else regret
