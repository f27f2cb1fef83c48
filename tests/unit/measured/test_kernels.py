"""Attention, products and training as kernels: what their times follow from, by hand."""

import copy

import pytest

from rooflab.measured.attention import known_kernel
from rooflab.measured.device import exponentials_per_s, sm_clock_flop
from rooflab.measured.gemm import clock_fraction, gemm_s
from rooflab.measured.predict import predict_row, row_doubts
from tests.unit.measured.kernel_refit import kernel_rows

BY_ID = {each["id"]: each for each in kernel_rows()}
H100 = BY_ID["H2-80"]["inputs"]["device_spec"]
A100 = BY_ID["SP-01"]["inputs"]["device_spec"]


def changed(row_id, **inputs):
    row = copy.deepcopy(BY_ID[row_id])
    row["inputs"] |= inputs
    return row


@pytest.mark.parametrize(
    ("spec", "flop", "exponentials"),
    # 108 multiprocessors at 1.41 GHz; 132 at 1.83 GHz, where the vector peak is of 1.98; 142 at 2.52 GHz
    [
        (A100, 2048, 108 * 16 * 1.41e9),
        (H100, 4096, 132 * 16 * 1.83e9),
        ({"peak_flop_per_s": {"fp16": 362e12, "fp32": 91.6e12, "fp8": 733e12}, "sm_count": 142}, 1024, 142 * 16 * 2.52e9),
        ({"peak_flop_per_s": {"fp16": 2250e12, "fp8": 4500e12, "fp4": 9000e12}}, 8192, 148 * 16 * 1.855e9),
    ],
    ids=["a100", "h100", "l40s", "b200"],
)
def test_a_multiprocessors_rates_follow_from_its_lanes(spec, flop, exponentials):
    assert sm_clock_flop(spec) == pytest.approx(flop, rel=0.09)
    assert exponentials_per_s(spec) == pytest.approx(exponentials, rel=0.09)


def test_a_short_head_leaves_the_exponentials_more_of_the_time():
    long, short = (changed("FA-08", head_dim=each) for each in (128, 64))

    # The same exponentials for half of the products: more than half of the time, and less than all.
    assert 0.5 < predict_row(short) / predict_row(long) < 0.8


def test_exponentials_take_no_less_in_eight_bits():
    wide, narrow = (changed("FA-08", precision=each) for each in ("fp16", "fp8"))

    assert 0.5 < predict_row(narrow) / predict_row(wide) < 0.8


def test_a_kernel_that_is_newer_than_all_known_is_the_newest_known():
    assert known_kernel("flash_attention_9") == known_kernel("flash_attention_4") == "flash_attention_4"
    newer = changed("U2-25", kernel="flash_attention_5")
    assert predict_row(newer) == predict_row(BY_ID["U2-25"])
    assert row_doubts([newer]) == ("kernel flash_attention_5 is newer than all known, and predicted as flash_attention_4 (U2-25)",)


def test_a_kernel_for_amperes_products_does_as_many_a_clock_on_hopper():
    ported = [changed("H2-84", kernel=each) for each in ("flash_attention_2", "flash_attention_3")]

    assert predict_row(ported[0]) > 1.4 * predict_row(ported[1])


def test_a_product_hides_the_shorter_of_arithmetic_and_traffic():
    inputs = {"device_spec": A100, "best_over_shapes": True}
    compute_s = 2 * 8192**3 / (0.80 * 312e12)
    memory_s = 2 * (2 * 8192 * 8192) / (0.85 * 2.039e12)

    assert gemm_s(inputs, m=8192, k=8192, n=8192, precision="bf16") == pytest.approx(compute_s + 2.6e-6)
    assert gemm_s(inputs, m=1, k=8192, n=16384, precision="bf16") == pytest.approx(memory_s + 2.6e-6, rel=1e-3)


def test_a_wave_that_is_hardly_begun_costs_a_whole_one():
    inputs = {"device_spec": A100}
    # 128 x 256 blocks: 9 x 12 are one wave of 108, and one row of blocks more begins a second.
    full, over = (gemm_s(inputs, m=128 * rows, k=8192, n=12 * 256, precision="bf16") for rows in (9, 10))

    assert over / full > 1.15
    assert full == pytest.approx(2 * 9 * 128 * 8192 * 12 * 256 / (0.95 * 0.80 * 312e12) + 2.6e-6)


@pytest.mark.parametrize(("device", "share"), [("mi300x", 0.65), ("mi325x", 0.65), ("milan", 1.0), ("h100-sxm", 1.0)])
def test_amds_accelerators_reach_less_of_their_peak(device, share):
    inputs = {"device_spec": A100, "best_over_shapes": True}
    one = gemm_s(inputs, m=8192, k=8192, n=8192, precision="bf16") - 2.6e-6

    assert gemm_s(inputs | {"device": device}, m=8192, k=8192, n=8192, precision="bf16") - 2.6e-6 == pytest.approx(one / share)


@pytest.mark.parametrize(("spec", "share"), [((65e12, 70), 0.60), ((42.5e12, 60), 1.0), ((362e12, 350), 1.0)])
def test_a_card_of_few_watts_lowers_its_clock(spec, share):
    peak, power_w = spec

    assert clock_fraction({"device_spec": {"peak_flop_per_s": {"fp16": peak}, "tdp_w": power_w}}) == share


def test_a_sparse_product_gains_nearly_its_bytes_where_they_bind():
    row = changed("SP-03", m=8)

    # Half of the values and 2 bits for each kept one: 1.125 of 2 bytes. The rows are few, and a start takes no less.
    assert 1.6 < predict_row(row) < 2 / 1.125


def test_training_in_eight_bits_speeds_up_its_linear_layers_alone():
    wide, narrow = (changed("H2-62", compute_precision=each) for each in ("bf16", "fp8"))

    assert 1.2 < predict_row(narrow) / predict_row(wide) < 2 * 0.76 / 0.80


def test_many_nodes_lose_a_share_in_exchange():
    assert predict_row(changed("H2-62", chips=64)) == pytest.approx(0.80 * predict_row(BY_ID["H2-62"]))


def test_attention_on_amds_accelerators_holds_the_lower_clock_too():
    one, other = (changed("FA-06", device=each, kernel="flash_attention_2") for each in ("a100-sxm-80gb", "mi300x"))

    # Products at 0.65 of the rate, the exponentials beside them at the same.
    assert 0.65 < predict_row(other) / predict_row(one) < 0.75


def test_what_a_chip_cannot_keep_is_computed_again():
    row = BY_ID["H2-62"]
    # 16 B for each of 6.65e9 parameters on 8 chips, and 34 B for each of 4096 x 32 x 2048 elements: 22 of 86 GB.
    spec = row["inputs"]["device_spec"]
    small, smaller = (changed("H2-62", device_spec=spec | {"memory_bytes": each}) for each in (23e9, 22e9))

    assert predict_row(small) == predict_row(row)
    assert 3 / 4 < predict_row(smaller) / predict_row(row) < 0.85


def test_the_last_queries_of_a_long_context_see_nearly_all_of_it():
    few = {"query_tokens": 1024, "context_tokens": 8192}  # 7680 keys are seen on average
    plain, masked = (predict_row(changed("FA-08", **few, masked=each)) for each in (False, True))

    assert masked / plain == pytest.approx((7680 + 230) / (8192 + 230), rel=1e-3)


def test_a_rate_is_the_flop_by_the_time():
    shape = {each: BY_ID["FA-08"]["inputs"][each] for each in ("batch", "heads", "query_tokens", "context_tokens", "head_dim")}
    rate = changed("FA-06", **shape, kernel="flash_attention_3", device_spec=H100)
    time_s = predict_row(changed("FA-08"))

    assert predict_row(rate) == pytest.approx(4 * 128 * 4 * 16 * 8448**2 / time_s)
