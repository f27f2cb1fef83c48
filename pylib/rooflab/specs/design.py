"""A design: the learner's choices, checked when made."""

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any, ClassVar, Self

import numpy as np

from rooflab.errors import BadDesign

__all__ = ["Design", "check_text", "got"]


class Design:
    """The learner's choices: plain JSON values, each of which may be a NumPy array."""

    __slots__ = ()
    kind: ClassVar[str]
    _CHOICES: ClassVar[Mapping[str, tuple[str, ...]]]
    _COUNTS: ClassVar[Mapping[str, tuple[int, int]]]

    def __post_init__(self) -> None:
        """Refuse values of the wrong type or out of bounds; widen whole numbers, whose products overflow 32 bits."""
        for name in _names(type(self)):
            value = getattr(self, name)
            if isinstance(value, np.ndarray) and value.dtype.kind in "iu" and value.dtype.itemsize < 8:
                object.__setattr__(self, name, value.astype(np.int64))
        for name, accepted in self._CHOICES.items():
            _check_choice(name, getattr(self, name), accepted)
        for name, (least, most) in self._COUNTS.items():
            _check_count(name, getattr(self, name), least, most)

    def to_json(self) -> dict[str, Any]:
        """Return the design as a plain dictionary; arrays become lists."""
        return {"kind": self.kind, **{name: _plain(getattr(self, name)) for name in _names(type(self))}}

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Return the design that `data` describes; `kind` may be left out.

        Raises:
            BadDesign: `data` is not a design; the message says what is accepted.
        """
        names = _names(cls)
        if not isinstance(data, dict):
            raise BadDesign(f"A design is an object with {', '.join(names)}; got {got(data)}.")
        given = dict(data)
        kind = given.pop("kind", cls.kind)
        if kind != cls.kind:
            raise BadDesign(f"Design kind {kind!r} was asked; {cls.kind!r} is accepted here.")
        if unknown := [name for name in given if name not in names]:
            raise BadDesign(
                f"A design has no {unknown[0]!r}; it has {', '.join(names)}."
            )
        if missing := [name for name in names if name not in given]:
            raise BadDesign(f"The design lacks {', '.join(missing)}; it needs {', '.join(names)}.")
        return cls(**given)

    def replace(self, **changes: Any) -> Self:
        """Return the design with `changes`."""
        return replace(self, **changes)

    def __eq__(self, other: object) -> bool:
        """Compare value by value; arrays by content."""
        if type(other) is not type(self):
            return NotImplemented
        return self is other or all(_is_same(getattr(self, name), getattr(other, name)) for name in _names(type(self)))

    def __hash__(self) -> int:
        """Hash the plain values."""
        return hash(str(self.to_json()))


@cache
def _names(kind: type[Design]) -> tuple[str, ...]:
    """Return the names of a kind's fields; to ask the dataclass takes as long as to compare two designs."""
    return tuple(each.name for each in fields(kind))


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _is_same(value: Any, other: Any) -> bool:
    return value is other or _plain(value) == _plain(other)


def _check_choice(name: str, value: Any, accepted: tuple[str, ...]) -> None:
    for each in np.unique(value).tolist() if isinstance(value, np.ndarray) else (value,):
        if not isinstance(each, str) or each not in accepted:
            raise BadDesign(f"{name} must be one of {', '.join(accepted)}; got {got(each)}.")


def _check_count(name: str, value: Any, least: int, most: int) -> None:
    if isinstance(value, np.ndarray):
        good = (
            value.dtype.kind in "iuf"
            and bool(np.all(np.isfinite(value)))
            and bool(np.all((value >= least) & (value <= most) & (value == np.floor(value))))
        )
    else:
        good = (
            isinstance(value, int | float | np.integer | np.floating)
            and not isinstance(value, bool)
            and math.isfinite(value)
            and least <= value <= most
            and value == int(value)
        )
    if not good:
        raise BadDesign(
            f"{name} must be a whole number from {least} to {most}; got {got(value)}."
        )


def check_text(name: str, value: Any) -> None:
    """Refuse a value that is neither text nor an array."""
    if not isinstance(value, str | np.ndarray):
        raise BadDesign(f"{name} must be text; got {got(value)}.")


def got(value: Any) -> str:
    """Show a value that was refused, cut to a line, with its type where that does not show."""
    text = repr(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return text if isinstance(value, str | int | float | None) else f"{text} of type {type(value).__name__}"
