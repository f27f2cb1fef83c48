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
        (math.inf, "never"),
        (math.nan, "–"),
    ],
)
def test_a_quantity_has_three_digits_and_a_prefix(value, shown):
    assert units.format_quantity(value, "s") == shown


@pytest.mark.parametrize("value", [1e300, -1e300, 1e-300, 5e-324, 1.7e308])
def test_no_number_is_written_with_hundreds_of_digits(value):
    shown = [
        units.format_quantity(value, "B"),
        units.format_count(value),
        units.format_fraction(value),
        units.format_number(value),
        units.format_ratio(value),
    ]

    assert max(map(len, shown)) <= 20  # as many as a count of 15 digits, its spaces and a sign take
    assert units.format_quantity(1e300, "B") == "1.00e+285 PB"


def test_a_small_fraction_keeps_a_decimal():
    assert units.format_fraction(0.0213) == "2.1%"
    assert units.format_fraction(0.999) == "100%"
    assert units.format_fraction(0) == "0%"


def test_thousands_are_set_apart():
    assert units.format_count(165000) == "165\N{NO-BREAK SPACE}000"


def test_one_thing_is_not_counted_as_several():
    assert [units.counted(number, "learner") for number in (0, 1, 2)] == ["0 learners", "1 learner", "2 learners"]
    assert units.counted(1200, "entry", "entries") == "1,200 entries"


def test_gib_is_seven_per_cent_above_a_gigabyte():
    assert 80 * units.GIB == 85_899_345_920


def test_sequences_are_counted_and_not_given_a_prefix():
    assert units.format_reading(1784, "sequences") == "1\N{NO-BREAK SPACE}784 sequences"
