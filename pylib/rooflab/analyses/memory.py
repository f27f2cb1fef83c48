"""Out of memory: how much room each control can make by itself."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rooflab.analyses.changes import value_words
from rooflab.errors import ModelError
from rooflab.evaluate import evaluate
from rooflab.specs import Control, Design, Scenario

__all__ = ["Room", "WayBack", "tried_alone", "ways_back"]

_STEPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What setting a control to a value does for memory, beside the design as it stands."""

    value: float | str
    words: str
    room_bytes: float
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """What one control can do: the value that makes most room, and the nearest that is enough.

    `enough` is None where no value of this control alone makes the design fit.
    """

    control_id: str
    label: str
    most: Room
    enough: Room | None


def ways_back(scenario: Scenario, design: Design, controls: Iterable[Control]) -> tuple[WayBack, ...]:
    """Return the controls that make room by themselves, that which makes most first.

    Room is free memory gained; a value that the model refuses with the rest of the design is
    left out.
    """
    now = evaluate(scenario, design).capacity
    free_bytes = float(now.available_bytes - now.needed_bytes)
    rooms: dict[str, list[Room]] = {}
    labels = {}
    for control, value, free, fits, _ in tried_alone(scenario, design, controls):
        room = Room(value=value, words=value_words(control, value), room_bytes=free - free_bytes, fits=fits)
        if room.room_bytes > 0:
            rooms.setdefault(control.id, []).append(room)
            labels[control.id] = control.label
    found = (
        WayBack(
            control_id=control_id,
            label=labels[control_id],
            most=max(each, key=lambda room: room.room_bytes),
            enough=min((room for room in each if room.fits), key=lambda room: room.room_bytes, default=None),
        )
        for control_id, each in rooms.items()
    )
    return tuple(sorted(found, key=lambda way: -way.most.room_bytes))


def tried_alone(
    scenario: Scenario, design: Design, controls: Iterable[Control]
) -> list[tuple[Control, float | str, float, bool, bool]]:
    """Return free bytes, whether all fits and whether it runs, for every value of every control set by itself.

    A value that the model refuses with the rest of the design is left out.
    """
    tried = [(each, value) for each in controls for value in _values(each, getattr(design, each.id))]
    return _evaluated(scenario, design, tried)


def _values(control: Control, present: float | str) -> list[float | str]:
    """Return what else the control may be set to; a chain at its levels, a range at halvings."""
    if control.choices:
        values: list[float | str] = [each.id for each in control.choices]
    elif control.chain or control.values:
        values = list(control.space)
    else:
        halved = [max(control.minimum, int(present) >> step) for step in range(1, _STEPS)]
        values = list(dict.fromkeys(halved))
    return [each for each in values if each != present]


def _evaluated(
    scenario: Scenario, design: Design, tried: list[tuple[Control, float | str]]
) -> list[tuple[Control, float | str, float, bool, bool]]:
    """Try every value alone; in one call if the model takes all."""
    if not tried:
        return []
    fields = {each.id for each, _ in tried}
    columns = {
        name: np.array([value if control.id == name else getattr(design, name) for control, value in tried])
        for name in fields
    }
    try:
        outcome = evaluate(scenario, design.replace(**columns))
    except ModelError:
        if len(tried) == 1:
            return []
        # Halves find the refused values in few calls.
        middle = len(tried) // 2
        return [
            *_evaluated(scenario, design, tried[:middle]),
            *_evaluated(scenario, design, tried[middle:]),
        ]
    capacity = outcome.capacity
    free, fits, runs = (
        np.broadcast_to(each, len(tried)).tolist()
        for each in (capacity.available_bytes - capacity.needed_bytes, capacity.fits, outcome.runs)
    )
    return [(control, value, *each) for (control, value), *each in zip(tried, free, fits, runs, strict=True)]
