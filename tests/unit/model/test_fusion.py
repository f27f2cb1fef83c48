import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.errors import ModelError
from rooflab.model.fusion import (
    LEVELS,
    Block,
    Step,
    attention_block,
    contiguous_groupings,
    conv_bn_relu_block,
    fused_costs,
    level_grouping,
    linear_relu_block,
    swiglu_block,
)

T, D, F, E = 64, 1024, 4096, 2
A, W = T * D * E, T * F * E  # a row of the stream, a row of the MLP
MLP = swiglu_block(tokens=T, hidden=D, ffn=F, element_bytes=E)
ATTENTION = attention_block(
    sequences=2, tokens_each=32, hidden=D, heads=8, kv_heads=2, head_dim=128, element_bytes=E
)
CONV = conv_bn_relu_block(
    input_elements=1000,
    output_elements=500,
    weights=90,
    macs_per_output=9,
    channels=10,
    element_bytes=E,
)
LINEAR = linear_relu_block(tokens=4096, inputs=8192, outputs=8192, element_bytes=E)
BLOCKS = (MLP, ATTENTION, CONV, LINEAR)


def total(block, level):
    costs = fused_costs(block, level_grouping(block, level))
    return sum(costs[1:], costs[0])


@pytest.mark.parametrize("block", BLOCKS, ids=lambda each: each.name)
def test_fusing_never_changes_the_arithmetic(block):
    flop = {total(block, level).flop for level in LEVELS}
    weights = {total(block, level).weight_bytes for level in LEVELS}

    assert len(flop) == len(weights) == 1


@pytest.mark.parametrize("block", BLOCKS, ids=lambda each: each.name)
def test_more_fusion_moves_and_launches_no_more(block):
    costs = [total(block, level) for level in LEVELS]

    assert costs[0].activation_bytes > costs[1].activation_bytes >= costs[2].activation_bytes
    assert costs[0].launches > costs[1].launches >= costs[2].launches


def test_linear_and_relu_save_a_write_and_a_read():
    none, full = total(LINEAR, "none"), total(LINEAR, "full")
    y = 4096 * 8192 * E

    assert none.hbm_bytes - full.hbm_bytes == 2 * y
    assert (none.hbm_bytes - full.hbm_bytes) / none.hbm_bytes == pytest.approx(1 / 3, abs=0.001)


def test_at_one_token_the_saving_is_lost_among_the_weights():
    one = linear_relu_block(tokens=1, inputs=8192, outputs=8192, element_bytes=E)
    none, full = total(one, "none").hbm_bytes, total(one, "full").hbm_bytes

    assert (none - full) / none == pytest.approx(0.0002, rel=0.25)


def test_the_gated_mlp_is_counted_by_hand():
    none, partial, full = (total(MLP, level) for level in LEVELS)

    # residual 3A, norm 2A, gate A+F, SiLU 2F, up A+F, product 3F, down F+A
    assert (none.activation_bytes, none.launches) == (8 * A + 8 * W, 7)
    # residual and norm 4A, gate and up A+2F, SiLU and product 3F, down F+A
    assert (partial.activation_bytes, partial.launches) == (6 * A + 6 * W, 4)
    # residual and norm 4A, gate to product A+F, down F+A
    assert (full.activation_bytes, full.launches) == (6 * A + 2 * W, 3)


def test_convolution_norm_and_relu():
    x, y, norm = 1000 * E, 500 * E, 2 * 10 * E
    weights = 90 * E + norm

    assert total(CONV, "none").hbm_bytes == x + 5 * y + weights
    assert total(CONV, "partial").hbm_bytes == x + 3 * y + weights
    assert total(CONV, "full").hbm_bytes == x + y + weights


def test_the_attention_block_is_counted_by_hand():
    tokens = 2 * 32
    a = tokens * D * E
    q = tokens * 8 * 128 * E
    c = tokens * 2 * 128 * E
    p = 2 * 8 * 32 * 32 * E
    none, partial, full = (total(ATTENTION, level) for level in LEVELS)

    # projections 3A+Q+2C, RoPE 2Q+2C, scores Q+C+P, scale and mask 4P, softmax 2P, PV P+C+Q,
    # output Q+A, residual 3A
    assert none.activation_bytes == 7 * a + 6 * q + 6 * c + 8 * p
    assert partial.activation_bytes == 5 * a + 6 * q + 6 * c + 4 * p
    # projections A+Q+2C, one attention kernel 2Q+2C, output and residual Q+2A
    assert full.activation_bytes == 3 * a + 4 * q + 4 * c
    assert (none.launches, partial.launches, full.launches) == (12, 7, 3)


@given(st.integers(1, 4096), st.integers(1, 64), st.data())
def test_fusing_two_neighbours_never_adds_bytes(tokens, hidden, data):
    block = swiglu_block(tokens=tokens, hidden=hidden, ffn=3 * hidden, element_bytes=2)
    grouping = data.draw(st.sampled_from(list(contiguous_groupings(7))))
    kernels = max(grouping) + 1
    if kernels == 1:
        return
    at = data.draw(st.integers(1, kernels - 1))
    merged = tuple(each - 1 if each >= at else each for each in grouping)

    apart = sum(each.hbm_bytes for each in fused_costs(block, grouping))
    together = sum(each.hbm_bytes for each in fused_costs(block, merged))
    assert together <= apart


def test_there_are_two_to_the_boundaries_groupings():
    assert len(set(contiguous_groupings(5))) == 2**4


@pytest.mark.parametrize(
    ("grouping", "words"),
    [
        ((0, 1), "has 7 steps; the grouping has 2"),
        ((0, 2, 3, 4, 5, 6, 7), "without gaps"),
        ((1, 0, 2, 3, 4, 5, 6), "Norm would run before Residual"),
    ],
)
def test_a_grouping_that_cannot_run_is_refused(grouping, words):
    with pytest.raises(ModelError, match=words):
        fused_costs(MLP, grouping)


def test_a_step_reads_only_what_is_before_it():
    with pytest.raises(ModelError, match="not before it"):
        Block(
            name="Loop",
            input_bytes=1.0,
            steps=(Step(name="a", flop=1.0, output_bytes=1.0, reads=(0,)),),
            levels={},
        )


def test_an_unknown_level_says_which_there_are():
    with pytest.raises(ModelError, match="no level 'most'; it has none, partial, full"):
        level_grouping(MLP, "most")
