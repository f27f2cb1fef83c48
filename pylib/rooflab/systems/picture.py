"""A living picture of a system: plain numbers that the page draws, and the words that tell the same."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from rooflab.errors import ModelError
from rooflab.units import format_quantity
from rooflab.values import Plain

__all__ = ["HIDDEN", "Look", "Pace", "Picture", "pace_of"]

HIDDEN = "hidden until scored"
"""Stands for the figure of a sealed objective, and for whatever would tell it."""

RUNGS = 3
"""How many paces there are on either side of the first."""

_PLAIN = frozenset({int, str, bool, type(None)})
_LEAST_S, _STEPS = 2.0, (1, 2, 5)


def _nothing_hidden(quantity: str) -> bool:
    return False


SECOND_S = 1.0
"""Of the picture: a pace says how much of the system's time passes in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a learner looks at a design: `hides` says whether a figure of the outcome, by its name, is hidden.

    Of a system that is recorded, `recording` is the one that is looked at, and `frame` the picked frame of it, if any.
    """

    hides: Callable[[str], bool] = _nothing_hidden
    recording: int = 1
    frame: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a picture runs: what repeats takes `period_s`, and a single step forward is `step_s` of the system.

    A picture may run at any of `rungs_s`, the system's seconds in one second of the picture, slow to fast, with their
    `words`; it begins at the one in place `chosen`.
    """

    period_s: float
    step_s: float
    rungs_s: tuple[float, ...]
    words: tuple[str, ...]
    chosen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What one picture shows of one design.

    `kind` names the page's module that draws it. `title` is the finding in words and numbers, `words` tell all that the
    picture shows, and `rows` are names and values with units, for its table. Without a `pace` it stands still.
    `numbers` are plain JSON values: SI units, lists, booleans, and labels that are already formatted.
    """

    kind: str
    title: str
    words: str
    rows: tuple[tuple[str, str], ...]
    pace: Pace | None
    numbers: dict[str, Plain]

    def __post_init__(self) -> None:
        """Refuse numbers that JSON cannot carry to the page."""
        if not _is_plain(self.numbers):
            _check_plain("numbers", self.numbers)

    def plain(self) -> dict[str, Plain]:
        """Return all of it as plain values for the page."""
        pace = self.pace and {
            "period_s": self.pace.period_s,
            "step_s": self.pace.step_s,
            "rungs_s": list(self.pace.rungs_s),
            "words": list(self.pace.words),
            "chosen": self.pace.chosen,
        }
        return {
            "kind": self.kind,
            "title": self.title,
            "words": self.words,
            "rows": [list(each) for each in self.rows],
            "pace": pace,
            "numbers": self.numbers,
        }


def pace_of(period_s: float, *, step_s: float | None = None) -> Pace | None:
    """Return a pace of round steps (1, 2, 5) at which a period lasts 2 to 6 seconds; None for what never ends.

    >>> pace = pace_of(0.109)
    >>> pace.rungs_s[pace.chosen], pace.words[pace.chosen]
    (0.05, '50 ms here is 1 s')
    """
    if not (math.isfinite(period_s) and period_s > 0):
        return None
    exponent = math.floor(math.log10(period_s / _LEAST_S)) - 1
    ladder = [step * 10.0 ** (exponent + up) for up in range(-1, 5) for step in _STEPS]
    first = max(at for at, each in enumerate(ladder) if period_s / each >= _LEAST_S)
    rungs_s = tuple(ladder[first - RUNGS : first + RUNGS + 1])
    return Pace(
        period_s=period_s,
        step_s=period_s / 12 if step_s is None else step_s,
        rungs_s=rungs_s,
        words=tuple(_pace_words(each) for each in rungs_s),
        chosen=RUNGS,
    )


def _pace_words(system_s: float) -> str:
    if math.isclose(system_s, 1):
        return "in real time"
    return f"{format_quantity(system_s, 's', digits=1)} here is {format_quantity(SECOND_S, 's', digits=1)}"


def _is_plain(value: object) -> bool:
    """Return whether JSON can carry all of it; `_check_plain` then says what it cannot, which takes longer."""
    kind = type(value)
    if kind is dict:
        return all(map(_is_plain, value.values()))
    if kind is list:
        return all(map(_is_plain, value))
    return math.isfinite(value) if kind is float else kind in _PLAIN


def _check_plain(name: str, value: object) -> None:
    """Refuse what JSON cannot carry.

    Raises:
        ModelError: a value is of another type, or not finite.
    """
    if isinstance(value, dict):
        for key, each in value.items():
            _check_plain(f"{name}.{key}", each)
    elif isinstance(value, list):
        for at, each in enumerate(value):
            _check_plain(f"{name}[{at}]", each)
    elif type(value) is float and not math.isfinite(value):
        raise ModelError(f"A picture's {name} is {value}; it must be finite, or None with a label that says why.")
    elif type(value) not in (float, int, str, bool, type(None)):
        raise ModelError(f"A picture's {name} is a {type(value).__name__}; the page takes float, int, str, bool, list and dict.")
