"""Numbers in words where an SI prefix would hide what matters."""

from ridgepoint.units import format_count, format_fraction, format_quantity

__all__ = ["plain_number", "plain_quantity"]

UNPREFIXED = frozenset({"FLOP/byte", "tokens/s"})


def plain_number(value):
    """Write a number without a prefix: three digits, or all of a large one.

    >>> plain_number(0.4644), plain_number(3610.2)
    ('0.464', '3\xa0610')
    """
    return format_count(value) if value >= 1000 else f"{float(value):.3g}"


def plain_quantity(value, unit):
    """Write a reading: a fraction without a unit, and what learners compare without a prefix."""
    if not unit:
        return format_fraction(value)
    return f"{plain_number(value)} {unit}" if unit in UNPREFIXED else format_quantity(value, unit)
