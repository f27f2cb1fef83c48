import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.model.attention import (
    EAGER_KERNELS,
    EAGER_SCORE_PASSES,
    causal_scores_count,
    eager_kernels,
    expanded_kv_bytes,
    score_flop,
)
from rooflab.model.collective import ring_link_bytes

sizes = st.integers(1, 10**6)


def test_a_causal_square_keeps_half_and_the_diagonal():
    assert causal_scores_count(4, 4) == 1 + 2 + 3 + 4


def test_queries_at_the_end_see_all_that_is_before_them():
    assert causal_scores_count(2, 5) == 4 + 5


@given(sizes)
def test_one_query_sees_every_key(context):
    assert causal_scores_count(1, context) == context


def test_a_score_takes_a_product_there_and_back():
    assert score_flop(scores_count=1, head_dim=128) == 2 * 128 + 2 * 128  # QK^T, then PV


def test_repeating_for_eight_heads_moves_seventeen_times():
    # one read of the cache, eight copies written, eight copies read
    assert expanded_kv_bytes(kv_bytes=1.0, unpacked_kv_bytes=1.0, group_size=8) == 1 + 8 + 8


def test_repeating_an_8_bit_cache_copies_16_bit_values():
    assert expanded_kv_bytes(kv_bytes=1.0, unpacked_kv_bytes=2.0, group_size=8) == 1 + 16 + 16


def test_eager_kernels_move_what_the_formula_counts():
    kernels = eager_kernels(
        kv_bytes=100.0, unpacked_kv_bytes=800.0, score_bytes=10.0, query_bytes=1.0, flop=6.0
    )

    assert len(kernels) == EAGER_KERNELS
    assert sum(each[1] for each in kernels) == 6
    assert sum(each[2] for each in kernels) == (
        expanded_kv_bytes(kv_bytes=100, unpacked_kv_bytes=100, group_size=8)
        + EAGER_SCORE_PASSES * 10
        + 2 * 1  # queries read, outputs written
    )


def test_a_ring_sends_all_but_its_own_share_twice():
    assert ring_link_bytes(message_bytes=8.0, device_count=8) == pytest.approx(2 * 7)
    assert ring_link_bytes(message_bytes=8.0, device_count=1) == 0
