"""Roofs and the staircase of memory from measured rows."""

import pytest
from tests.unit.machine.measurements import rows, slower

from rooflab.errors import LabError
from rooflab.machine.roofs import Step, levels, roofs, steps
from rooflab.machine.samples import read_rows


def made(*rates):
    return tuple(Step(footprint_bytes=float(3 * 8192 * 2**at), bytes_per_s=rate) for at, rate in enumerate(rates))


def test_the_peak_is_the_fastest_sample_and_the_memory_the_largest_triad():
    measured = read_rows(rows())
    found = roofs(measured)

    assert found.peak_flop_per_s == 96 * 100_000 / measured.row("peak", "simd", 100_000).best_s
    assert found.memory_bytes_per_s == 12 * 2**24 / measured.row("triad", "", 2**26).best_s
    assert found.ridge_flop_per_byte == found.peak_flop_per_s / found.memory_bytes_per_s


def test_all_cores_add_their_runs():
    measured = read_rows(rows())
    (peak,) = measured.of("peak", "simd", workers=2)

    assert roofs(measured).all_flop_per_s == 2 * 96 * 100_000 / peak.best_s


def test_one_core_has_no_roof_of_all():
    found = roofs(read_rows([each for each in rows() if each["workers"] == 1]))

    assert found.all_flop_per_s is None and found.all_ridge_flop_per_byte is None
    assert found.all_workers == 1


@pytest.mark.parametrize("kernel", ["peak", "triad"])
def test_without_a_roof_nothing_follows(kernel):
    with pytest.raises(LabError, match="roofs"):
        roofs(read_rows([each for each in rows() if each["kernel"] != kernel]))


def test_neighbours_that_are_about_as_fast_are_one_level():
    found = levels(made(74e9, 64e9, 62e9, 62e9, 35e9, 33e9, 31e9))

    assert [each.capacity_bytes for each in found] == [3 * 8192 * 2**3, 3 * 8192 * 2**6]
    assert [each.bytes_per_s for each in found] == [64e9, 31e9]  # the middle of the first level, the end of the last


def test_a_slope_of_small_steps_is_divided():
    found = levels(made(100e9, 90e9, 81e9, 73e9, 66e9, 59e9))

    assert len(found) == 2
    assert found[0].capacity_bytes == 3 * 8192 * 2**3  # 73 is more than 0.7 of 100, 66 is not


def test_a_disturbed_small_array_makes_no_level_of_its_own():
    found = levels(made(20e9, 64e9, 62e9, 30e9))

    assert [each.bytes_per_s for each in found] == [64e9, 30e9]


def test_flat_memory_is_one_level():
    assert len(levels(made(30e9, 30e9, 31e9, 30e9))) == 1


def test_levels_fall_and_grow():
    found = roofs(read_rows(rows())).levels

    assert all(one.bytes_per_s > other.bytes_per_s and one.capacity_bytes < other.capacity_bytes for one, other in zip(found, found[1:], strict=False))


def test_an_unsteady_roof_is_told():
    unsteady = ("triad", "", 2**26, lambda row: {"samples_s": [each * (1 + at) for at, each in enumerate(row["samples_s"])]})

    assert not roofs(read_rows(rows(unsteady))).steady
    assert roofs(read_rows(rows(("triad", "", 2**26, slower(3))))).steady


def test_steps_are_in_order_of_what_is_touched():
    found = steps(read_rows(list(reversed(rows()))).of("triad"))

    assert [each.footprint_bytes for each in found] == sorted(each.footprint_bytes for each in found)
