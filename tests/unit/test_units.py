import math

import pytest

from rooflab import units


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0 s"),
        (1.5, "1.50 s"),
        (2.039e12, "2.04 Ts"),
        (4e-6, "4.00 µs"),
        (0.99996, "1.00 s"),
        (999.96, "1.00 ks"),
        (-0.0421, "-42.1 ms"),
        (math.inf, "– s"),
    ],
)
def test_a_quantity_has_three_digits_and_a_prefix(value, shown):
    assert units.format_quantity(value, "s") == shown


def test_a_small_fraction_keeps_a_decimal():
    assert units.format_fraction(0.0213) == "2.1%"
    assert units.format_fraction(0.999) == "100%"
    assert units.format_fraction(0) == "0%"


def test_thousands_are_set_apart():
    assert units.format_count(165000) == "165\N{NO-BREAK SPACE}000"


def test_gib_is_seven_per_cent_above_a_gigabyte():
    assert 80 * units.GIB == 85_899_345_920
