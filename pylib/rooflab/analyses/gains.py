"""How much of the speed-up between two designs is due to precision, fusion, algorithm or other changes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import combinations

import numpy as np

from rooflab.errors import BadDesign, ModelError
from rooflab.evaluate import evaluate
from rooflab.model.attribution import shapley_factors
from rooflab.specs import Design, Lever, Scenario

__all__ = ["OTHER", "Gain", "Gains", "gains"]

OTHER = "other"
"""Id of the lever that stands for changed fields of no lever."""

_OTHER_NAME = "Other changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """The factor of one lever; below 1 it made outputs slower, and exactly 1 if nothing changed.

    `without_factor` is the speed-up that is left if this lever alone goes back to the start.
    """

    lever_id: str
    name: str
    factor: float
    without_factor: float
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """What each lever did to the time of an output; factors multiply to `total_factor`.

    `gains` is empty where a mixture of the two designs cannot be built; `problem` says which.
    """

    start_time_s: float
    present_time_s: float
    gains: tuple[Gain, ...]
    problem: str

    @property
    def total_factor(self) -> float:
        """How many times as fast as at the start an output comes."""
        return self.start_time_s / self.present_time_s


def gains(scenario: Scenario, start: Design, design: Design, levers: Sequence[Lever]) -> Gains:
    """Divide the speed-up of an output from `start` to `design` among levers, in no order.

    Every mixture of the two designs is evaluated, all in one call: a lever's fields have the
    values of the one or the other. Factors are Shapley shares of the log of the time.

    Raises:
        BadDesign: a lever names a field that designs do not have.
    """
    changed = _changed(start, design, levers)
    sets = [frozenset(each) for k in range(len(changed) + 1) for each in combinations(changed, k)]
    try:
        times = _times(scenario, start, design, changed, sets)
    except ModelError as error:
        return _unshared(scenario, start, design, changed, sets, levers, error)
    time_of = dict(zip(sets, times, strict=True))
    factors = shapley_factors(time_of)
    return Gains(
        start_time_s=times[0],
        present_time_s=times[-1],
        gains=tuple(
            Gain(
                lever_id=each.id,
                name=each.name,
                factor=factors.get(each.id, 1.0),
                without_factor=times[0] / time_of[sets[-1] - {each.id}],
                changed=each.id in changed,
            )
            for each in (*levers, *_others(changed))
        ),
        problem="",
    )


def _changed(start: Design, design: Design, levers: Sequence[Lever]) -> dict[str, tuple[str, ...]]:
    """Return the fields that differ, by lever; those of no lever come last."""
    names = [each.name for each in fields(design)]
    owner = {field: each.id for each in levers for field in each.fields}
    if unknown := [each for each in owner if each not in names]:
        raise BadDesign(f"A design has no {unknown[0]!r}; it has {', '.join(names)}.")
    found: dict[str, tuple[str, ...]] = {each.id: () for each in levers} | {OTHER: ()}
    for name in names:
        if getattr(start, name) != getattr(design, name):
            lever = owner.get(name, OTHER)
            found[lever] = (*found[lever], name)
    return {lever: changed for lever, changed in found.items() if changed}


def _others(changed: dict[str, tuple[str, ...]]) -> tuple[Lever, ...]:
    if OTHER not in changed:
        return ()
    return (Lever(id=OTHER, name=_OTHER_NAME, fields=changed[OTHER]),)


def _times(
    scenario: Scenario,
    start: Design,
    design: Design,
    changed: dict[str, tuple[str, ...]],
    sets: Sequence[frozenset[str]],
) -> list[float]:
    """Return the time of an output of every set of levers moved, in one call."""
    mixed: dict[str, np.ndarray] = {
        name: np.array([getattr(design if lever in each else start, name) for each in sets])
        for lever, names in changed.items()
        for name in names
    }
    times = evaluate(scenario, start.replace(**mixed)).output_time_s
    return np.broadcast_to(times, len(sets)).tolist()


def _unshared(
    scenario: Scenario,
    start: Design,
    design: Design,
    changed: dict[str, tuple[str, ...]],
    sets: Sequence[frozenset[str]],
    levers: Sequence[Lever],
    error: ModelError,
) -> Gains:
    """Return the total alone, and name the first mixture that cannot be built."""
    names = {each.id: each.name for each in levers} | {OTHER: _OTHER_NAME}
    problem = str(error)
    for each in sets[1:-1]:
        try:
            _times(scenario, start, design, changed, [each])
        except ModelError as refused:
            moved = " and ".join(names[lever] for lever in changed if lever in each)
            kept = " and ".join(names[lever] for lever in changed if lever not in each)
            problem = f"{moved} without {kept} cannot be built: {refused}"
            break
    start_s, present_s = (float(evaluate(scenario, each).output_time_s) for each in (start, design))
    return Gains(start_time_s=start_s, present_time_s=present_s, gains=(), problem=problem)
