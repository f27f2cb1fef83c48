"""How much traffic fusing a chain of operators saves, boundary by boundary."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate
from rooflab.model.attribution import shapley_shares
from rooflab.specs import Control, Design, Scenario
from rooflab.systems.outcome import Outcome

__all__ = ["KernelTraffic", "Movement", "Saving", "Traffic", "traffic"]

KINDS = ("weight_bytes", "activation_bytes", "kv_bytes")
_FIGURES = (*KINDS, "flop", "launches")


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What one step moves, computes and launches under one grouping of the chain."""

    name: str
    fused: str
    weight_bytes: float
    activation_bytes: float
    kv_bytes: float
    flop: float
    launches: float

    @property
    def hbm_bytes(self) -> float:
        """All traffic of device memory."""
        return self.weight_bytes + self.activation_bytes + self.kv_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """Bytes that one fused boundary saves: its mean over all orders of fusing; negative adds."""

    before: str
    after: str
    saved_bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelTraffic:
    """Bytes of one group of kernels with nothing fused, and as the design stands."""

    name: str
    unfused_bytes: float
    present_bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """From nothing fused to the present grouping; `savings` add up to the difference."""

    levels: tuple[Movement, ...]
    unfused: Movement
    present: Movement
    savings: tuple[Saving, ...]
    kernels: tuple[KernelTraffic, ...]

    @property
    def saved_bytes(self) -> float:
        """Bytes of a step that fusion takes away."""
        return self.unfused.hbm_bytes - self.present.hbm_bytes

    @property
    def saved_fraction(self) -> float:
        """Share of the unfused traffic that fusion takes away."""
        return self.saved_bytes / self.unfused.hbm_bytes

    @property
    def recomputed_fraction(self) -> float:
        """By which share fusion raises the operations: recompute; 0 where they are the same."""
        return self.present.flop / self.unfused.flop - 1


def traffic(scenario: Scenario, design: Design, field: str, control: Control) -> Traffic:
    """Return what the chain of `control` moves at its levels and as `field` of one design groups it.

    All groupings between none and the present one are evaluated in one call, since what a boundary
    saves may depend on the others.

    Raises:
        BadDesign: the control has no chain.
    """
    if not control.chain:
        raise BadDesign(f"{control.id} fuses nothing: it has no chain of operators.")
    present = str(getattr(design, field))
    boundaries = [place for place, digit in enumerate(present) if digit == "1"]
    sets = [frozenset(each) for k in range(len(boundaries) + 1) for each in combinations(boundaries, k)]
    texts = [_text(each, len(present)) for each in sets]
    named = _levels(control)
    outcome = evaluate(scenario, design.replace(**{field: np.array([*texts, *(text for _, text in named)])}))
    moved = _figures(outcome, len(texts) + len(named))
    unfused, now = 0, len(sets) - 1
    total_bytes = sum(moved[each] for each in KINDS)
    shares = shapley_shares({each: -float(total_bytes[at]) for at, each in enumerate(sets)})
    names = {text: name for name, text in named}
    return Traffic(
        levels=tuple(_movement(name, text, moved, len(sets) + at) for at, (name, text) in enumerate(named)),
        unfused=_movement("Nothing fused", texts[unfused], moved, unfused),
        present=_movement(names.get(present, "Your grouping"), present, moved, now),
        savings=tuple(
            Saving(before=control.chain[at], after=control.chain[at + 1], saved_bytes=shares[at]) for at in boundaries
        ),
        kernels=_kernels(outcome, unfused, now),
    )


def _levels(control: Control) -> tuple[tuple[str, str], ...]:
    """Return words and digits of the named levels; without names, of both ends."""
    if control.choices:
        return tuple((each.text, each.id) for each in control.choices)
    count = len(control.chain) - 1
    return (("None", "0" * count), ("Full", "1" * count))


def _text(fused: frozenset[int], count: int) -> str:
    return "".join("1" if place in fused else "0" for place in range(count))


def _figures(outcome: Outcome, count: int) -> dict[str, np.ndarray]:
    """Return the totals of every grouping, over all operators."""
    return {
        name: np.broadcast_to(np.asarray(getattr(outcome.operators, name), float).sum(axis=0), (count,))
        for name in _FIGURES
    }


def _movement(name: str, fused: str, moved: dict[str, np.ndarray], at: int) -> Movement:
    return Movement(name=name, fused=fused, **{each: float(moved[each][at]) for each in _FIGURES})


def _kernels(outcome: Outcome, unfused: int, now: int) -> tuple[KernelTraffic, ...]:
    """Return the traffic of every group of kernels that moves anything in either grouping."""
    operators = outcome.operators
    count = len(operators.names)
    moved = np.asarray(operators.hbm_bytes, float).reshape(count, -1)
    each_way = np.broadcast_to(moved, (count, max(now + 1, moved.shape[1])))
    return tuple(
        KernelTraffic(name=name, unfused_bytes=float(row[unfused]), present_bytes=float(row[now]))
        for name, row in zip(operators.names, each_way, strict=True)
        if row[unfused] or row[now]
    )
