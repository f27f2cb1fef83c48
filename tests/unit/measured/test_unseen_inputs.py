"""What no published row of the table says, and other rows may: shapes that are not square, modes, other counts of chips."""

import copy

import pytest

from rooflab.measured.predict import predict_row
from rooflab.measured.rows import published_rows

BY_ID = {each["id"]: each for each in published_rows()}


def changed(row_id, **inputs):
    row = copy.deepcopy(BY_ID[row_id])
    row["inputs"] |= inputs
    return row


def test_few_queries_read_all_keys_and_values():
    # 64 sequences of 16 heads, one query on 4096 keys of 64 elements in 2 B: Q and O, K and V, each once.
    one = changed(
        "FA-02", kernel="flash_attention_2", direction="forward", masked=False, dropout=False, query_tokens=1, context_tokens=4096
    )

    assert predict_row(one) == 64 * 16 * 64 * 2 * (2 * 1 + 2 * 4096)


def test_a_square_moves_four_vectors_forward_and_eight_backward():
    square = changed("FA-02", kernel="flash_attention_2", masked=False, dropout=False)

    assert predict_row(square) == 64 * 16 * 1024 * 64 * 2 * (4 + 8)


def test_the_first_generation_walks_over_its_queries_for_every_block_of_keys():
    vector = 64 * 16 * 1024 * 64 * 2
    # 1024 keys are 4 blocks: Q 4, O 3 read and 4 written; Q, dO and dQ written 4 each, dQ 3 read, O and dO once. K and V: 2 + 4.
    assert predict_row(changed("FA-02")) == vector * (4 + 3 + 4 + 3 * 4 + 3 + 2 + 6)


def test_a_causal_mask_halves_kernels_that_skip_what_it_empties():
    plain, masked = changed("FA-08"), changed("FA-08", masked=True)
    unfused = [changed("FA-08", kernel="standard", masked=each) for each in (False, True)]

    # 4224 of 8448 keys are seen on average, and to fill the pipeline takes as long as 230.
    assert predict_row(masked) / predict_row(plain) == pytest.approx((4224 + 230) / (8448 + 230), rel=1e-3)
    assert predict_row(unfused[1]) > predict_row(unfused[0])  # the mask is one more pass over all scores


def test_a_kernel_that_is_not_stated_is_taken_to_be_the_usual_one():
    unstated, usual = (changed("FA-08", kernel=each) for each in (None, "flash_attention_2"))

    assert predict_row(unstated) == predict_row(usual)


def test_drafts_are_counted_however_a_number_is_written():
    row_id = next(each for each, row in BY_ID.items() if row["quantity"] == "speculative_speedup")
    seven = changed(row_id, draft_tokens=7)

    assert predict_row(changed(row_id, draft_tokens=7.0)) == predict_row(seven)


def test_a_lower_power_mode_slows_the_clocks_that_the_peaks_are_of():
    most = BY_ID["ED-01"]
    least = changed("ED-01", power_mode="MaxQ")
    factor = predict_row(least) / predict_row(most)

    # AGX Orin, ResNet-50: 3526 samples a second instead of 6424.
    expected = 3526 / 6424
    assert factor == pytest.approx(expected if most["quantity"] == "network_throughput_per_s" else 1 / expected)


def test_more_chips_than_kv_heads_keep_copies_of_them():
    row = changed("LM-05", batch=64, context_tokens=4096, prompt_tokens=4096, output_tokens=1)
    row |= {"quantity": "max_batch"}
    row["inputs"] |= {"kv_reservation": "full", "device_spec": row["inputs"]["device_spec"] | {"memory_bytes": 200e9}}

    def batch_count(chips, kv_heads):
        one = copy.deepcopy(row)
        one["inputs"]["chips"] = chips
        one["inputs"]["shape"]["kv_heads"] = kv_heads
        return predict_row(one)

    # Sixteen chips with eight KV heads keep two copies of each: as many sequences as with sixteen heads.
    assert batch_count(16, 8) == pytest.approx(batch_count(16, 16))
    assert batch_count(8, 8) < batch_count(16, 8)


def test_scores_of_prompts_are_not_multiplied_in_four_bits():
    def prefill(compute, prompt):
        row = changed("TR-06", prompt_tokens=prompt, weight_precision="fp4", compute_precision=compute)
        spec = row["inputs"]["device_spec"]
        row["inputs"]["device_spec"] = spec | {"peak_flop_per_s": spec["peak_flop_per_s"] | {"fp4": 2 * spec["peak_flop_per_s"]["fp8"]}}
        return predict_row(row)

    # Four bits reach 0.40 of twice the peak, eight 0.65: at most 1.23 times as fast. In long prompts scores are most of
    # the work, so that they gain less there.
    short, long = (prefill("fp8", each) / prefill("fp4", each) for each in (2048, 200_000))
    assert 1 < long < 1.06 < short < 2 * 0.40 / 0.65
