"""Designs in the words of the controls: one value, and what differs between two designs."""

from collections.abc import Iterable
from dataclasses import dataclass

from rooflab.specs import Control, Design
from rooflab.units import format_number

__all__ = ["Change", "changes", "value_words"]

_LONGEST_SYMBOL = 3  # letters; a longer unit is a word in the plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One control that stands differently in two designs, in words."""

    control_id: str
    label: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """Say what was changed into what."""
        return f"{self.label}: {self.before} to {self.after}"


def changes(controls: Iterable[Control], before: Design, after: Design) -> tuple[Change, ...]:
    """Return what the controls changed between two designs, in the order of the controls."""
    return tuple(
        Change(
            control_id=each.id,
            label=each.label,
            before=value_words(each, getattr(before, each.id)),
            after=value_words(each, getattr(after, each.id)),
        )
        for each in controls
        if getattr(before, each.id) != getattr(after, each.id)
    )


def value_words(control: Control, value: float | str) -> str:
    """Return a value of a control as the control words it; a free grouping names its kernels."""
    for each in control.choices:
        if each.id == value:
            return each.text
    if control.chain:
        return _groups(control.chain, str(value))
    if isinstance(value, str):
        return value
    unit = control.unit
    if value == 1 and len(unit) > _LONGEST_SYMBOL and unit.endswith("s"):
        unit = unit.removesuffix("s")
    return f"{format_number(value)} {unit}".rstrip()


def _groups(chain: tuple[str, ...], fused: str) -> str:
    """Name the groups of more than one operator."""
    groups = [[chain[0]]]
    for name, digit in zip(chain[1:], fused, strict=True):
        if digit == "1":
            groups[-1].append(name)
        else:
            groups.append([name])
    named = [" + ".join(each) for each in groups if len(each) > 1]
    return ", ".join(named) if named else "nothing fused"
