"""The errors without a row's own publication are those that a fit gives."""

import statistics

import pytest
from tests.unit.measured import kernel_refit, serving_refit

from rooflab.measured.held_out import HELD_OUT

SERVING, KERNELS = HELD_OUT


def found(errors):
    errors = [abs(each) for each in errors.values()]
    return statistics.median(errors), statistics.quantiles(errors, n=10, method="inclusive")[-1]


@pytest.mark.parametrize(
    ("group", "refit", "rows"),
    [(SERVING, serving_refit, serving_refit.ROWS), (KERNELS, kernel_refit, kernel_refit.graded())],
    ids=["serving", "kernels"],
)
def test_the_errors_told_are_those_of_a_fit(group, refit, rows):
    assert (group.fitted_constants, group.rows) == (len(refit.FITTED), len(rows))
    assert found(refit.relative_errors(rows)) == pytest.approx((group.median_fraction, group.p90_fraction), abs=0.001)
    assert found(refit.held_out_errors()) == pytest.approx(
        (group.unseen_median_fraction, group.unseen_p90_fraction), abs=0.001
    )


def test_rows_of_an_unseen_publication_are_at_most_half_as_far_again():
    for each in HELD_OUT:
        assert each.unseen_median_fraction <= 1.5 * each.median_fraction
        assert each.unseen_p90_fraction <= 1.5 * each.p90_fraction
