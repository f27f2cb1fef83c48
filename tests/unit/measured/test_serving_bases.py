"""The constants of serving: where each comes from, and what they explain that they never saw."""

import statistics
from dataclasses import fields

import pytest
from tests.unit.measured.fitting import publication
from tests.unit.measured.serving_refit import (
    FITTED,
    ROWS,
    held_out_errors,
    refit,
    relative_errors,
)

from rooflab.facts.calibration import GPU_SERVING, GPU_SERVING_FAST, GPU_SERVING_SLOW
from rooflab.measured.predict import predict_rows
from rooflab.measured.rows import published_rows
from rooflab.measured.serving_bases import SERVING_BASES

GRADED = [each for each in published_rows() if each["graded"]]
# What capacity rests on, and what no published row has: their ends are no ends of a time.
NO_TIMES = {"reserve_fraction", "free_fraction", "stream_gap_s", "graph_gap_s", "graph_launch_s"}


def absolute(errors):
    return [abs(each) for each in errors.values()]


def p90(errors):
    return statistics.quantiles(errors, n=10, method="inclusive")[-1]


def test_every_constant_of_serving_says_where_it_comes_from():
    names = {each.name for each in fields(GPU_SERVING)} - {"id", "sources"}

    assert {each.name for each in SERVING_BASES} == names


@pytest.mark.parametrize("basis", SERVING_BASES, ids=lambda each: each.name)
def test_a_constant_lies_in_its_range_and_moves_as_many_rows_as_it_says(basis):
    low, high = (relative_errors(GRADED_SERVING, **{basis.name: end}) for end in basis.ends)
    moved = [each for each in low if abs((1 + high[each]) / (1 + low[each]) - 1) > 0.02]

    assert basis.ends[0] <= getattr(GPU_SERVING, basis.name) <= basis.ends[1]
    assert len(moved) == basis.rows


@pytest.mark.parametrize("basis", FITTED, ids=lambda each: each.name)
def test_a_fit_rests_on_several_rows_and_is_not_sharp(basis):
    here = statistics.median(absolute(relative_errors(ROWS)))

    assert basis.rows >= 5
    for end in basis.ends:
        assert statistics.median(absolute(relative_errors(ROWS, **{basis.name: end}))) <= here + 0.02


@pytest.mark.parametrize("basis", SERVING_BASES, ids=lambda each: each.name)
def test_the_band_on_screen_spans_the_range_that_the_rows_leave(basis):
    ends = {getattr(each, basis.name) for each in (GPU_SERVING_FAST, GPU_SERVING_SLOW)}
    if basis.name not in NO_TIMES | {"all_reduce_s"}:
        assert ends == set(basis.ends)


def test_there_are_several_rows_for_each_fitted_constant():
    assert len(ROWS) / len(FITTED) >= 7


def test_rows_of_a_publisher_that_no_fit_saw_are_met_nearly_as_well():
    fitted, unseen = absolute(relative_errors(ROWS, **refit(ROWS))), absolute(held_out_errors())

    assert len({publication(each) for each in ROWS}) >= 10
    assert len(unseen) == len(ROWS)
    assert statistics.median(unseen) <= 1.5 * statistics.median(fitted)
    assert p90(unseen) <= 1.5 * p90(fitted)


# Rows of other kinds that stand on the same constants: speculation with a model of a known shape.
PREDICTED = predict_rows(GRADED)[0]
GRADED_SERVING = [each for each in GRADED if each["id"] in PREDICTED]
