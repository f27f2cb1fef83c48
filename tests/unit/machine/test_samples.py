"""Rows from the page or a ledger: bounded, checked, and left out with a reason where they cannot be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.machine.measurements import rows, slower

from rooflab.machine.checks import expected_checksum
from rooflab.machine.samples import Row, read_rows, rounded

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
GOOD = {"kernel": "gemm", "variant": "tile", "size": 512, "workers": 1, "where": "wasm", "repeats": 3, "samples_s": [0.011, 0.0123456, 0.013]}


def one(**changes):
    given_row = GOOD | {"checksum": expected_checksum("gemm", "tile", 512)} | changes
    return read_rows([given_row])


def reason(**changes):
    found = one(**changes)
    assert not found.rows
    return found.left_out[0].reason


def test_a_row_has_its_best_its_median_and_their_ratio():
    (row,) = one().rows

    assert row.best_s == 0.011
    assert row.median_s == 0.0123  # rounded to the three digits that are recorded
    assert row.ratio == 0.0123 / 0.011
    assert row.flop_per_s == 2 * 512**3 / 0.011


def test_all_workers_together_do_as_many_runs_in_that_time():
    row = Row(kernel="peak", variant="simd", size=100_000, workers=4, samples_s=(1e-3,), checksum=0.0)

    assert row.flop_per_s == 4 * 96 * 100_000 / 1e-3


@pytest.mark.parametrize(("samples", "steady"), [([1.0, 1.0, 1.0], True), ([1.0, 1.5, 1.5], True), ([1.0, 1.51, 1.6], False)])
def test_a_row_is_unsteady_above_one_and_a_half(samples, steady):
    (row,) = one(samples_s=samples).rows

    assert row.steady is steady


def test_a_row_with_another_sum_is_not_used_and_is_told():
    found = one(checksum=3.0)

    assert found.rows == ()
    assert found.left_out[0].name == "gemm tile 512"
    assert "its sum is 3" in found.left_out[0].reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kernel": "sort"}, "not in the plan"),
        ({"size": 513}, "not in the plan"),
        ({"size": True}, "size is no whole number"),
        ({"size": -512}, "size is no whole number"),
        ({"where": "elsewhere"}, "neither in wasm nor in webgpu"),
        ({"samples_s": []}, "not 1 to 64 samples"),
        ({"samples_s": [0.01] * 65}, "not 1 to 64 samples"),
        ({"samples_s": "fast"}, "not 1 to 64 samples"),
        ({"samples_s": [0.0]}, "a sample is no number"),
        ({"samples_s": [float("nan")]}, "a sample is no number"),
        ({"samples_s": [-1.0]}, "a sample is no number"),
        ({"samples_s": [2e-10]}, "faster than any device"),
        ({"workers": 0}, "workers is no whole number"),
        ({"checksum": None}, "checksum is no number"),
        ({"checksum": float("inf")}, "checksum is no number"),
    ],
)
def test_what_cannot_be_used_is_left_out_with_the_reason(changes, words):
    assert words in reason(**changes)


def test_a_row_that_comes_twice_is_used_once():
    found = read_rows([GOOD | {"checksum": expected_checksum("gemm", "tile", 512)}] * 2)

    assert len(found.rows) == 1
    assert "twice" in found.left_out[0].reason


def test_a_name_that_is_left_out_holds_no_markup():
    found = read_rows([{"kernel": "<img src=x>", "variant": "&", "size": "9"}])

    assert found.left_out[0].name == "imgsrcx 9"


def test_a_list_that_never_ends_is_cut():
    found = read_rows([{}] * 400)

    assert len(found.left_out) == 251
    assert found.left_out[-1].name == "further rows"


@given(st.lists(JSON, max_size=6))
def test_whatever_comes_is_rows_or_reasons(listed):
    found = read_rows(listed)

    assert len(found.rows) + len(found.left_out) == len(listed)


@given(st.dictionaries(st.sampled_from([*GOOD, "checksum"]), JSON, max_size=4))
def test_a_damaged_row_is_left_out_or_sound(changes):
    for row in one(**changes).rows:
        assert row.best_s > 0
        assert 0 < row.flop_per_s < 1e20


@pytest.mark.parametrize("value", [1.23456e-7, 0.1, 123456.0])
def test_rounding_again_changes_nothing(value):
    assert rounded(rounded(value)) == rounded(value)
    assert rounded(value) == pytest.approx(value, rel=5e-3)


def test_the_reference_rows_are_all_used_and_a_change_reaches_them():
    found = read_rows(rows(("gemm", "tile", 512, slower(2.0))))

    assert found.left_out == ()
    assert found.row("gemm", "tile", 512).best_s == rounded(2 * read_rows(rows()).row("gemm", "tile", 512).best_s)
