"""The fields of a configuration: each is what it must be, or one sentence says what it is and what is accepted."""

import json
from typing import Any

from rooflab.errors import BadCheckpoint

__all__ = ["Fields", "shown"]

_REQUIRED = object()


class Fields:
    """The fields of one object of a configuration, and notes on what was assumed or left out.

    A field that is null counts as absent, as the libraries that write these files mean it.
    """

    def __init__(self, values: dict[str, Any], *, path: str = "", notes: list[str] | None = None) -> None:
        self.values = values
        self.path = path
        self.notes = [] if notes is None else notes

    def has(self, name: str) -> bool:
        """Return whether the field is given and not null."""
        return self.values.get(name) is not None

    def count(self, name: str, *, least: int = 1, most: int = 10_000_000, default: Any = _REQUIRED) -> Any:
        """Return a whole number from `least` to `most`, or `default` if the field is absent."""
        wanted = f"a whole number from {least} to {most:,}"
        value = self._given(name, wanted, default)
        if not self.has(name):
            return value
        whole = isinstance(value, int | float) and not isinstance(value, bool)
        if not whole or not least <= value <= most or value != int(value):
            raise BadCheckpoint(f"{self.path}{name} must be {wanted}; got {shown(value)}.")
        return int(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false, or `default` if the field is absent."""
        value = self._given(name, "true or false", default)
        if not isinstance(value, bool):
            raise BadCheckpoint(f"{self.path}{name} must be true or false; got {shown(value)}.")
        return value

    def word(self, name: str, *, default: Any = _REQUIRED) -> Any:
        """Return a text, or `default` if the field is absent."""
        value = self._given(name, "a text", default)
        if value is not default and not isinstance(value, str):
            raise BadCheckpoint(f"{self.path}{name} must be a text; got {shown(value)}.")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty if the field is absent."""
        value = self._given(name, "a list of texts", [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise BadCheckpoint(f"{self.path}{name} must be a list of texts; got {shown(value)}.")
        return tuple(value)

    def indices(self, name: str, *, below: int) -> frozenset[int]:
        """Return a list of distinct whole numbers from 0 to `below`, exclusive, empty if the field is absent."""
        value = self._given(name, "a list of layers", [])
        whole = isinstance(value, list) and all(type(each) is int and 0 <= each < below for each in value)
        if not whole or len(set(value)) < len(value):
            raise BadCheckpoint(f"{self.path}{name} must be a list of distinct layers from 0 to {below - 1}; got {shown(value)}.")
        return frozenset(value)

    def inner(self, name: str) -> "Fields":
        """Return the fields of the object `name`, empty if it is absent; notes are shared."""
        value = self._given(name, "an object", {})
        if not isinstance(value, dict):
            raise BadCheckpoint(f"{self.path}{name} must be an object; got {shown(value)}.")
        return Fields(value, path=f"{self.path}{name}.", notes=self.notes)

    def assume(self, name: str, value: Any) -> None:
        """Give the field `name` the value that transformers gives it, with a note, if it is absent."""
        if not self.has(name):
            self.values[name] = value
            self.note(f"{self.path}{name} is not in the file; {shown(value)} is assumed, as transformers does.")

    def note(self, words: str) -> None:
        """Add what was assumed or left out, once."""
        if words not in self.notes:
            self.notes.append(words)

    def _given(self, name: str, wanted: str, default: Any) -> Any:
        value = self.values.get(name)
        if value is not None:
            return value
        if default is _REQUIRED:
            gap = "is null" if name in self.values else "is missing"
            raise BadCheckpoint(f"{self.path}{name} {gap}; {wanted} is needed.")
        return default


def shown(value: Any) -> str:
    """Return a value as it stands in a configuration, at most 40 characters of it."""
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
