"""The model's time of every row on measured roofs, by hand and in its limits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.machine.measurements import rows, slower

from rooflab.machine.bend import bend, gained
from rooflab.machine.plan import plan
from rooflab.machine.predict import compared, median_error_fraction, predicted
from rooflab.machine.roofs import Roofs, roofs
from rooflab.machine.samples import read_rows
from rooflab.specs import MemoryLevel

FLAT = Roofs(
    where="wasm",
    peak_flop_per_s=32e9,
    memory_bytes_per_s=16e9,
    scalar_flop_per_s=8e9,
    levels=(MemoryLevel(capacity_bytes=2**20, bytes_per_s=64e9), MemoryLevel(capacity_bytes=2**28, bytes_per_s=16e9)),
)


def time_s(*key, found=FLAT):
    return float(predicted(*key, found).time_s)


def test_a_fused_chain_takes_as_long_as_its_bytes_and_then_as_its_arithmetic():
    assert time_s("chain", "fused", 1) == 8 * 2**24 / 16e9
    assert time_s("chain", "fused", 4) == 8 * 2**24 / 16e9
    assert time_s("chain", "fused", 32) == 2 * 32 * 2**24 / 32e9


def test_passes_add_up():
    assert time_s("chain", "passes", 32) == 32 * time_s("chain", "passes", 1)
    assert time_s("epilogue", "passes", 2**26) == pytest.approx(3 * time_s("epilogue", "fused", 2**26))


def test_a_batch_waits_for_its_weights_once_and_reads_its_columns_for_every_few_rows():
    """Eight columns in blocks of 4 x 2: the columns are read 1,024 times, the weights four times, once of it from main memory."""
    weights, columns, results = 4 * 2**24, 4 * 4096 * 8, 4 * 4096 * 8
    memory_s = (weights + columns + results) / 16e9
    again_s = (3 * weights + 1023 * columns) / 64e9
    arithmetic_s = 2 * 2**24 * 8 / 32e9

    assert time_s("batch", "", 8) == pytest.approx(memory_s + max(again_s, arithmetic_s))


def test_a_batch_grows_less_than_its_columns_before_the_ridge_and_as_they_do_beyond():
    assert time_s("batch", "", 2) < 1.3 * time_s("batch", "", 1)
    assert time_s("batch", "", 32) > 1.7 * time_s("batch", "", 16)


def test_a_tile_is_bound_by_arithmetic_and_waits_for_no_more_than_its_levels():
    """512 KiB of operands are read 64 and 128 times: 1.5 n^3 elements of traffic, 4 bytes each, against 2 n^3 FLOP."""
    again_s = 1.5 * 256**3 / 64e9

    assert time_s("gemm", "tile", 256) == 2 * 256**3 / 32e9 > again_s


def test_plain_loops_wait_for_each_sum():
    """Of twelve chains that wait for product and sum, one that waits for the sum alone."""
    assert time_s("gemm", "naive", 256) == pytest.approx(2 * 256**3 / (8e9 / 12 * 2))


def test_a_graphics_device_is_a_plain_roofline():
    graphics = replace(FLAT, where="webgpu", levels=FLAT.levels[-1:])

    assert time_s("gemm", "tile", 1024, found=graphics) == 2 * 1024**3 / 32e9
    assert time_s("batch", "", 1, found=graphics) == (4 * 2**24 + 8 * 4096) / 16e9


def test_a_product_by_rows_is_read_from_the_level_that_holds_the_matrix():
    assert time_s("gemm", "simd", 256) == 12 * 256**3 / 64e9  # sums in the nearest level, and B too: 256 KiB
    assert time_s("gemm", "simd", 1024) == 4 * 1024**3 / 16e9  # 4 MiB of B do not fit it


def test_more_of_a_roof_is_never_slower():
    every = [(each["kernel"], each["variant"], each["size"]) for each in plan()["rows"] if each["kernel"] not in ("peak", "triad")]
    faster = replace(FLAT, peak_flop_per_s=64e9, scalar_flop_per_s=16e9)

    for key in every:
        assert time_s(*key, found=faster) <= time_s(*key)


@given(factor=st.floats(0.01, 100))
def test_a_machine_that_is_so_many_times_as_fast_takes_so_much_less(factor):
    scaled = replace(
        FLAT,
        peak_flop_per_s=factor * FLAT.peak_flop_per_s,
        memory_bytes_per_s=factor * FLAT.memory_bytes_per_s,
        scalar_flop_per_s=factor * FLAT.scalar_flop_per_s,
        levels=tuple(MemoryLevel(capacity_bytes=each.capacity_bytes, bytes_per_s=factor * each.bytes_per_s) for each in FLAT.levels),
    )

    for key in (("chain", "fused", 8), ("gemm", "tile", 512), ("gemm", "naive", 256), ("batch", "", 16)):
        assert time_s(*key, found=scaled) == pytest.approx(time_s(*key) / factor)


def test_roofs_and_unsteady_rows_are_not_compared():
    unsteady = ("batch", "", 4, lambda row: {"samples_s": [each * (1 + at) for at, each in enumerate(row["samples_s"])]})
    measured = read_rows(rows(unsteady))

    ids = {each.row.id for each in compared(measured, roofs(measured))}
    assert "batch-4" not in ids and "batch-8" in ids
    assert not any(each.startswith(("peak", "triad")) for each in ids)
    assert len(ids) >= 30


def test_the_error_is_the_share_of_the_measured_time():
    measured = read_rows(rows())
    found = compared(measured, roofs(measured))
    each = next(each for each in found if each.row.id == "chain-fused-1")

    assert each.error_fraction == each.row.best_s / each.predicted_s - 1
    assert each.size_of_error_fraction == abs(each.predicted_s - each.row.best_s) / each.row.best_s
    assert median_error_fraction(()) is None
    assert 0 < median_error_fraction(found) < 0.5


def test_what_is_held_in_a_cache_is_not_called_memory_bound():
    measured = read_rows(rows())
    bounds = {each.row.id: each.bound for each in compared(measured, roofs(measured))}

    assert bounds["gemm-naive-256"] != "memory"
    assert bounds["chain-passes-4"] == "memory"
    assert set(bounds.values()) <= {"cache", "memory", "compute", "latency"}


# The bend


def test_the_bend_is_where_traffic_and_arithmetic_take_as_long():
    found = bend(read_rows(rows()), FLAT)

    assert found.predicted_count == 4 * 32e9 / 16e9


def test_the_curves_own_bend_is_where_its_ends_meet():
    measured = read_rows(rows())
    one, last = measured.row("chain", "fused", 1), measured.row("chain", "fused", 32)

    assert bend(measured, FLAT).own_count == one.best_s / (last.best_s / 32)


def test_the_reference_machine_bends_within_a_quarter_of_where_its_roofs_say():
    measured = read_rows(rows())

    assert abs(bend(measured, roofs(measured)).error_fraction) <= 0.25


def test_a_curve_that_does_not_bend_between_its_ends_has_no_bend():
    flat = read_rows(rows(("chain", "fused", None, lambda row: {"samples_s": [4e-3]})))
    straight = read_rows(rows(("chain", "fused", None, lambda row: {"samples_s": [4e-3 * row["size"]]})))

    assert bend(flat, FLAT) is None
    assert bend(straight, FLAT) is None
    assert bend(read_rows(rows(without={("chain", "fused")})), FLAT) is None


def test_a_gain_is_passes_over_fused():
    measured = read_rows(rows(("chain", "passes", 8, slower(2.0))))
    each = next(each for each in gained(measured) if each.steps == 8)

    assert each.factor == each.passes.best_s / each.fused.best_s
    assert len(gained(read_rows(rows(without={("chain", "passes")})))) == 0
