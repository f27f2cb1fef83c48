import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.model.moe import distinct_experts_count
from rooflab.model.speculation import (
    speedup_at_load,
    speedup_free_verify,
    tokens_per_round_count,
    tokens_per_round_mixed_count,
)

rates = st.floats(0, 1)
drafts = st.integers(1, 12)


def test_four_drafts_at_nine_tenths():
    # 1 + .9 + .81 + .729 + .6561
    assert tokens_per_round_count(acceptance_fraction=0.9, drafted=4) == pytest.approx(4.0951)


@given(drafts)
def test_sure_drafts_are_all_accepted_and_none_is_one_token(drafted):
    assert tokens_per_round_count(acceptance_fraction=1.0, drafted=drafted) == drafted + 1
    assert tokens_per_round_count(acceptance_fraction=0.0, drafted=drafted) == 1


@given(st.floats(0.05, 0.95), drafts)
def test_uneven_acceptance_gives_longer_runs(rate, drafted):
    even = tokens_per_round_count(acceptance_fraction=rate, drafted=drafted)
    uneven = tokens_per_round_mixed_count(
        acceptance_fraction=rate, drafted=drafted, concentration_count=4.0
    )
    nearly_even = tokens_per_round_mixed_count(
        acceptance_fraction=rate, drafted=drafted, concentration_count=1e9
    )

    assert uneven >= even - 1e-9
    assert nearly_even == pytest.approx(float(even), rel=1e-6)


def test_verification_that_takes_longer_turns_a_gain_into_a_loss():
    tokens = tokens_per_round_count(acceptance_fraction=0.7, drafted=4)
    free = speedup_free_verify(tokens=tokens, drafted=4, draft_cost_fraction=0.05)
    same = speedup_at_load(
        tokens=tokens, drafted=4, step_s=1.0, draft_step_s=0.05, verify_step_s=1.0
    )
    busy = speedup_at_load(
        tokens=tokens, drafted=4, step_s=1.0, draft_step_s=0.05, verify_step_s=5.0
    )

    assert free == pytest.approx(same)
    assert busy < 1 < free


def test_a_batch_soon_touches_all_experts():
    touched = [
        float(distinct_experts_count(experts=8, experts_per_token=2, tokens=batch)) / 8
        for batch in (1, 4, 16)
    ]

    assert touched == pytest.approx([0.25, 0.68, 0.99], abs=0.005)


@given(st.integers(1, 256), st.integers(1, 4096))
def test_top_all_experts_is_dense(experts, tokens):
    assert distinct_experts_count(
        experts=experts, experts_per_token=experts, tokens=tokens
    ) == pytest.approx(experts)


@given(st.integers(2, 256), st.data())
def test_no_more_experts_are_read_than_there_are(experts, data):
    chosen = data.draw(st.integers(1, experts))
    touched = distinct_experts_count(
        experts=experts, experts_per_token=chosen, tokens=np.arange(1, 50)
    )

    assert np.all(touched <= experts * (1 + 1e-12))
    assert touched[0] == pytest.approx(chosen)
    assert np.all(np.diff(touched) >= -1e-9)
