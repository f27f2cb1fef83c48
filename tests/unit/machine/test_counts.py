"""Operations and bytes of every kernel, counted by hand."""

import pytest

from rooflab.errors import ModelError
from rooflab.machine.counts import cost, footprint_bytes
from rooflab.machine.plan import plan


def test_the_peak_does_twelve_chains_of_four_lanes_and_moves_nothing():
    found = cost("peak", "simd", 1000)

    assert found.flop == 2 * 12 * 4 * 1000  # a multiply and an add in each lane of each chain
    assert found.hbm_bytes == 0
    assert cost("peak", "scalar", 1000).flop == 2 * 12 * 1000


def test_the_triad_fetches_three_arrays_of_which_it_writes_one():
    found = cost("triad", "", 8192)

    assert found.flop == 2 * 2048  # 8192 / 4 elements
    assert found.hbm_bytes == 2048 * (4 + 4 + 4)
    assert footprint_bytes("triad", "", 8192) == 3 * 8192


@pytest.mark.parametrize("steps", [1, 2, 32])
def test_a_chain_does_the_same_work_in_passes_and_fused_and_moves_less(steps):
    passes, fused = cost("chain", "passes", steps), cost("chain", "fused", steps)

    assert passes.flop == fused.flop == 2 * steps * 2**24
    assert passes.hbm_bytes == steps * (4 + 4) * 2**24  # every pass reads an array and fetches and writes another
    assert fused.hbm_bytes == (4 + 4) * 2**24
    assert (passes.launches, fused.launches) == (steps, 1)


def test_three_passes_move_three_times_what_one_moves():
    passes, fused = cost("epilogue", "passes", 2**26), cost("epilogue", "fused", 2**26)

    assert passes.flop == fused.flop == 3 * 2**24
    assert (passes.hbm_bytes, fused.hbm_bytes) == (24 * 2**24, 8 * 2**24)


@pytest.mark.parametrize("variant", ["naive", "simd", "tile", "blocked"])
def test_a_product_counts_two_for_each_multiply_add_and_each_matrix_once(variant):
    found = cost("gemm", variant, 512)

    assert found.flop == 2 * 512 * 512 * 512
    assert found.hbm_bytes == 3 * 4 * 512 * 512


def test_a_batch_reads_its_weights_once_whatever_its_columns_are():
    one, many = cost("batch", "", 1), cost("batch", "", 32)

    assert one.flop == 2 * 4096 * 4096
    assert many.flop == 32 * one.flop
    assert one.weight_bytes == many.weight_bytes == 4 * 4096 * 4096
    assert many.activation_bytes == 32 * 4 * (4096 + 4096)  # a column in, a column out


def test_every_row_of_the_plan_is_counted():
    made = plan()

    for each in (*made["rows"], *made["all_cores"], *made["webgpu"]):
        assert cost(each["kernel"], each["variant"], each["size"]).flop > 0


@pytest.mark.parametrize("key", [("sort", "", 8), ("gemm", "simd", 8)[:1] + ("", 8)])
def test_what_is_no_kernel_is_refused(key):
    if key[0] == "sort":
        with pytest.raises(ModelError, match="no kernel"):
            cost(*key)
    with pytest.raises(ModelError, match="no kernel"):
        cost("chain", "sideways", 4)


@pytest.mark.parametrize(
    ("key", "flop_per_byte"),
    [
        (("triad", "", 2**26), 2 / 12),
        (("chain", "passes", 8), 2 * 8 / (8 * 8)),
        (("chain", "fused", 8), 2 * 8 / 8),
        (("chain", "fused", 32), 2 * 32 / 8),
        (("epilogue", "passes", 2**26), 3 / (3 * 8)),
        (("epilogue", "fused", 2**26), 3 / 8),
        (("gemm", "tile", 512), 2 * 512**3 / (3 * 4 * 512**2)),  # n / 6
        (("gemm", "naive", 128), 128 / 6),
        (("batch", "", 1), 2 / (4 + 8 / 4096)),
        (("batch", "", 32), 2 * 32 / (4 + 8 * 32 / 4096)),  # B / 2, less what the columns add
    ],
)
def test_the_intensity_of_each_kernel(key, flop_per_byte):
    """By element for passes over arrays, by weight for a batch."""
    found = cost(*key)

    assert found.flop / found.hbm_bytes == pytest.approx(flop_per_byte, rel=1e-12)
