"""Why a design fails, with its mechanism: which limit, by how much, and what takes the largest share of it."""

from rooflab.systems.outcome import Outcome
from rooflab.units import format_bytes, format_fraction, format_reading

__all__ = ["failures", "largest_words"]

_UNITS = {"heat_fraction": "W", "images_per_s": "s"}  # of what a figure follows from, if it is no sum of its own unit


def failures(outcome: Outcome) -> tuple[str, ...]:
    """Return the reasons of a design that is not feasible, each with the largest share of what is missed."""
    if outcome.cannot_run:
        return tuple(f"{each} {'' if outcome.fits else largest_words(outcome, 'needed_bytes', 'B')}".rstrip() for each in outcome.reasons)
    missed = (each for each in outcome.targets if not each.met)
    return tuple(f"{each.words} {largest_words(outcome, each.target.quantity, each.target.unit)}".rstrip() for each in missed)


def largest_words(outcome: Outcome, quantity: str, unit: str) -> str:
    """Say what takes the largest share of a figure; nothing of one that is no sum."""
    parts = outcome.made_of(quantity)
    if not parts:
        return ""
    whole = float(sum(value for _, value in parts) if quantity in _UNITS else getattr(outcome, quantity))
    if not whole > 0:
        return ""
    name, value = max(parts, key=lambda each: each[1])
    shown = format_bytes(value) if unit == "B" else format_reading(value, _UNITS.get(quantity, unit))
    return f"Largest share: {name}, {shown} ({format_fraction(float(value) / whole)})."
