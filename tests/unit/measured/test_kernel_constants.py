"""The constants of kernels, training and networks: where each comes from, and what they explain that they never saw."""

import statistics
from dataclasses import fields

import pytest

from tests.unit.measured.fitting import publication
from tests.unit.measured.kernel_refit import (
    FITTED,
    KERNEL_BASES,
    KERNELS,
    TOPICS,
    graded,
    held_out_errors,
    predictions,
    relative_errors,
)


def errors(**values):
    return [abs(each) for each in relative_errors(graded(), **values).values()]


def test_every_constant_says_where_it_comes_from():
    assert {each.name for each in KERNEL_BASES} == {each.name for each in fields(KERNELS)}
    assert {each.kind for each in KERNEL_BASES} <= {"fitted", "counted", "cited", "assumed"}


@pytest.mark.parametrize("basis", KERNEL_BASES, ids=lambda each: each.name)
def test_a_constant_lies_in_its_range_and_moves_as_many_rows_as_it_says(basis):
    low, high = (predictions(graded(), **{basis.name: end}) for end in basis.ends)
    moved = [each for each in low if abs(high[each] / low[each] - 1) > 0.02]

    assert basis.ends[0] <= getattr(KERNELS, basis.name) <= basis.ends[1]
    assert len(moved) == basis.rows


@pytest.mark.parametrize("basis", FITTED, ids=lambda each: each.name)
def test_a_fit_rests_on_several_rows_and_is_not_sharp(basis):
    here = statistics.median(errors())

    assert basis.rows >= 4
    for end in basis.ends:
        assert statistics.median(errors(**{basis.name: end})) <= here + 0.02


def test_all_rows_are_predicted_and_near():
    assert len(errors()) == len(graded())
    assert statistics.median(errors()) <= 0.08
    assert statistics.quantiles(errors(), n=10)[-1] <= 0.28


@pytest.mark.parametrize("topic", TOPICS)
def test_no_topic_is_far_from_its_rows(topic):
    rows = [each for each in graded() if each["topic"] == topic]
    found = [abs(each) for each in relative_errors(rows).values()]

    assert len(rows) < 5 or statistics.median(found) <= 0.20


def test_rows_of_a_publication_that_no_fit_saw_are_met_nearly_as_well():
    held_out = [abs(each) for each in held_out_errors().values()]

    assert len({publication(each) for each in graded()}) >= 10
    assert len(held_out) == len(graded())
    assert statistics.median(held_out) <= 1.5 * statistics.median(errors())
