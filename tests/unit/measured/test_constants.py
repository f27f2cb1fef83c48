"""The constants of the predictions: where each comes from, and what they explain that they never saw."""

import statistics
from dataclasses import fields, replace

import pytest
from tests.unit.measured.refit import (
    BASES,
    CONSTANTS,
    FITTED,
    GRADED,
    held_out_errors,
    predictions,
    publisher,
    relative_errors,
)


def median(values):
    return statistics.median(abs(each) for each in relative_errors(values, GRADED).values())


def test_every_constant_says_where_it_comes_from():
    assert {each.name for each in BASES} == {each.name for each in fields(CONSTANTS)}
    assert {each.kind for each in BASES} == {"fitted", "counted", "cited", "assumed"}


@pytest.mark.parametrize("basis", BASES, ids=lambda each: each.name)
def test_a_constant_lies_in_its_range_and_moves_as_many_rows_as_it_says(basis):
    low, high = (
        predictions(replace(CONSTANTS, **{basis.name: end}), GRADED) for end in basis.ends
    )
    moved = [each for each in low if abs(high[each] / low[each] - 1) > 0.02]

    assert basis.ends[0] <= getattr(CONSTANTS, basis.name) <= basis.ends[1]
    assert len(moved) == basis.rows


@pytest.mark.parametrize("basis", FITTED, ids=lambda each: each.name)
def test_a_fit_rests_on_several_rows_and_is_not_sharp(basis):
    here = median(CONSTANTS)

    assert basis.rows >= 4
    for end in basis.ends:
        assert median(replace(CONSTANTS, **{basis.name: end})) <= here + 0.02


def test_there_are_several_rows_for_each_fitted_constant():
    assert len(FITTED) <= len(GRADED) / 5


def test_rows_of_a_publisher_that_no_fit_saw_are_met_nearly_as_well():
    errors = [abs(each) for each in held_out_errors().values()]

    assert len({publisher(each) for each in GRADED}) >= 10
    assert len(errors) == len(GRADED)
    assert statistics.median(errors) <= 0.10
    assert statistics.quantiles(errors, n=10)[-1] <= 0.35
