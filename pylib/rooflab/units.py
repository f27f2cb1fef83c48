"""SI prefixes and the formats in which numbers are shown."""

import math

__all__ = [
    "GIB",
    "KIB",
    "MIB",
    "counted",
    "format_apart",
    "format_bytes",
    "format_count",
    "format_fraction",
    "format_number",
    "format_quantity",
    "format_ratio",
    "format_reading",
    "format_time",
]

KIB = 2**10
MIB = 2**20
GIB = 2**30

_PREFIXES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""))
_UNPREFIXED = frozenset({"FLOP/byte", "tokens/s", "images/s", "sequences", "×"})  # what learners compare with one another
_MOST_DIGITS = 15  # a longer number is written with an exponent
_SMALL_PREFIXES = ((1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"))


def format_quantity(value: float, unit: str, *, digits: int = 3) -> str:
    """Write `value` with an SI prefix before `unit`.

    >>> format_quantity(2.039e12, "B/s")
    '2.04 TB/s'
    >>> format_quantity(4e-6, "s")
    '4.00 µs'
    """
    value = float(value)
    if not math.isfinite(value):
        return "never" if unit == "s" and value > 0 else "–"
    size = abs(value)
    prefixes = _PREFIXES if size >= 1 or size == 0 else _SMALL_PREFIXES
    # Rounding may carry a value over into the next prefix: 999.9 k is shown as 1.00 M.
    for scale, prefix in prefixes:
        if size >= scale * (1 - 0.5 * 10.0**-digits):
            break
    else:
        scale, prefix = prefixes[-1]
    if size == 0:
        scale, prefix = 1.0, ""
    return f"{_significant(value / scale, digits)} {prefix}{unit}".rstrip()


def format_time(value_s: float) -> str:
    """Write a time with three digits and its own unit."""
    return format_quantity(value_s, "s")


def format_bytes(value_bytes: float) -> str:
    """Write a number of bytes in decimal units."""
    return format_quantity(value_bytes, "B")


def format_count(value: float) -> str:
    """Write a count with spaces between the thousands.

    >>> format_count(165000)
    '165\xa0000'
    """
    return f"{value:,.0f}".replace(",", "\N{NO-BREAK SPACE}") if abs(value) < 10**_MOST_DIGITS else f"{value:.2e}"


def counted(count: int, one: str, many: str = "") -> str:
    """Write a number of things, each called `one`.

    >>> counted(1, "learner"), counted(1200, "learner"), counted(0, "entry", "entries")
    ('1 learner', '1,200 learners', '0 entries')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def format_fraction(value: float) -> str:
    """Write a fraction as a percentage: two digits below ten, none after the point above; the least is no zero.

    >>> format_fraction(0.8), format_fraction(0.021), format_fraction(4e-5)
    ('80%', '2.1%', '0.004%')
    """
    percent = 100 * value
    if not math.isfinite(percent):
        return "–"
    if abs(percent) >= 10**_MOST_DIGITS or 0 < abs(percent) < 1e-9:
        return f"{percent:.0e}%"
    if 0 < abs(percent) < 0.095:
        return f"{float(f'{percent:.1g}'):.10f}".rstrip("0") + "%"
    return f"{percent:.1f}%" if 0 < abs(percent) < 9.95 else f"{percent:.0f}%"


def format_number(value: float) -> str:
    """Write a number without a prefix: three digits, or all of a large one.

    >>> format_number(0.4644), format_number(3610.2)
    ('0.464', '3\xa0610')
    """
    return format_count(value) if value >= 1000 else f"{float(value):.3g}"


def format_reading(value: float, unit: str) -> str:
    """Write a reading: a fraction where there is no unit, else with a prefix where one helps.

    >>> format_reading(10089.4, "tokens/s"), format_reading(2.039e12, "B/s")
    ('10\xa0089 tokens/s', '2.04 TB/s')
    """
    if not unit:
        return format_fraction(value)
    if unit in _UNPREFIXED:
        return f"{format_number(value)} {unit}"
    return format_quantity(value, unit)


def format_apart(values: tuple[float, ...], unit: str) -> tuple[str, ...]:
    """Write readings with as many more digits as it takes to tell unlike ones apart.

    >>> format_apart((0.4312, 0.4289), ""), format_apart((0.43, 0.43), ""), format_apart((1.2344e9, 1.2341e9), "B")
    (('43.1%', '42.9%'), ('43%', '43%'), ('1.2344 GB', '1.2341 GB'))
    """
    words = tuple(format_reading(each, unit) for each in values)
    for digits in range(3, _MOST_DIGITS):
        if len(set(words)) == len({float(f"{each:.9e}") for each in values}):
            break
        words = tuple(_longer(each, unit, digits) for each in values)
    return words


def _longer(value: float, unit: str, digits: int) -> str:
    if not unit:
        return f"{_significant(100 * value, digits)}%"
    if unit in _UNPREFIXED:
        return f"{_significant(value, digits)} {unit}"
    return format_quantity(value, unit, digits=digits)


def format_ratio(value: float) -> str:
    """Write a ratio of two times or rates.

    >>> format_ratio(4.05)
    '4.05×'
    """
    return f"{_significant(value, 3)}×"


def _significant(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "–"
    # The size after rounding decides: 99.96 has three digits as 100, not as 100.0.
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
    if not -_MOST_DIGITS < exponent < _MOST_DIGITS:
        return f"{value:.{digits - 1}e}"
    return f"{value:.{max(digits - 1 - exponent, 0)}f}"
