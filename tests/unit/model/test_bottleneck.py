"""Inverted-residual blocks: published totals, hand counts of one block, and what fusing may change."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.facts.networks_mobile import MOBILENET_V3_SMALL as NET
from rooflab.model.bottleneck import (
    DEPTHWISE,
    EXPAND,
    NORM_1,
    NORM_2,
    NORM_3,
    PROJECT,
    SQUEEZE,
    block_kernels,
    head_work,
    stem_work,
)

NONE, PARTIAL, FULL = "00000", "10101", "11111"
FUSIONS = tuple("".join(each) for each in product("01", repeat=5))
WHOLE = 224  # rows: more than any block has


def work(fusion, rows=WHOLE):
    return block_kernels(NET, (fusion,), (rows,))


def total(of, name):
    """Add up every kernel once: its operators' shares are shares of the whole kernel."""
    return float((getattr(of, name) * of.own_fraction).sum())


def test_weights_are_those_of_the_released_network():
    parameters = total(work(NONE), "weights_count") + stem_work(NET)[2] + head_work(NET)[2]

    assert parameters == 2_542_856  # torchvision's mobilenet_v3_small, norms and biases included


def test_multiply_adds_are_the_published_ones():
    blocks = work(NONE)
    flop = total(blocks, "matrix_flop") + total(blocks, "depthwise_flop")
    flop += stem_work(NET)[0] + head_work(NET)[0]

    assert flop / 2 == pytest.approx(56e6, rel=0.02)  # Howard et al.: 56 M multiply-adds


def test_one_block_unfused_by_hand():
    """The second block: 56 x 56 x 16 widened to 72, filtered 3 x 3 at stride 2, narrowed to 24."""
    none = work(NONE)
    wide_in, wide_out, out = 56 * 56 * 72, 28 * 28 * 72, 28 * 28 * 24

    moved = none.moved_count[1, :, 0]
    assert moved[EXPAND] == 56 * 56 * 16 + wide_in  # read the input, write the widened map
    assert moved[NORM_1] == 2 * wide_in  # read it, write it
    assert moved[DEPTHWISE] == wide_in + wide_out
    assert moved[NORM_2] == 2 * wide_out
    assert moved[SQUEEZE] == 0  # no gate here
    assert moved[PROJECT] == wide_out + out
    assert moved[NORM_3] == 2 * out  # no residual at stride 2
    assert none.matrix_flop[1, EXPAND, 0] == 2 * 56 * 56 * 16 * 72
    assert none.depthwise_flop[1, DEPTHWISE, 0] == 2 * wide_out * 9


def test_a_gate_adds_three_passes_over_the_map_unless_it_stays_on_the_chip():
    apart, inside = work(NONE), work("00010")
    wide_out = 14 * 14 * 240  # the fifth block

    assert apart.moved_count[4, SQUEEZE, 0] == 3 * wide_out  # pooling reads; scaling reads and writes
    kernel = inside.moved_count[4, [NORM_2, SQUEEZE, PROJECT], 0]
    assert set(kernel) == {wide_out + 14 * 14 * 40}  # one kernel: reads the map, writes the output


def test_a_block_in_one_kernel_moves_its_input_and_output_only():
    full = work(FULL)
    ends = [b.size**2 * b.inputs + (b.size // b.stride) ** 2 * b.outputs for b in NET.blocks]

    assert full.moved_count[:, DEPTHWISE, 0].tolist() == ends
    assert total(full, "launches") == pytest.approx(len(NET.blocks))


def test_the_residual_is_read_again_unless_the_block_is_one_kernel():
    third = work(PARTIAL).moved_count[2, NORM_3, 0]  # 28 x 28 x 24 in and out, at stride 1

    assert third == 28 * 28 * 88 + 28 * 28 * 24 + 28 * 28 * 24  # projection's input, output, residual


def test_launches_by_hand():
    # Ten blocks widen (2 operators more), nine have a gate of three launches, all have 4 others.
    assert total(work(NONE), "launches") == pytest.approx(10 * 2 + 9 * 3 + 11 * 4)


def test_rows_that_overlap_are_expanded_again():
    """The sixth block: 14 rows, 5 x 5 at stride 1; two rows at a time read six, so three times 14."""
    tiled = work(FULL, rows=2)

    once = work(FULL).matrix_flop[5, EXPAND, 0]
    block = NET.blocks[5]
    widening = 2 * 14 * 14 * block.inputs * block.expanded
    assert tiled.matrix_flop[5, EXPAND, 0] - once == pytest.approx((7 * 6 / 14 - 1) * widening)


def test_no_row_is_computed_again_where_the_expansion_is_written_out():
    assert total(work("10101", rows=1), "matrix_flop") == total(work("10101"), "matrix_flop")


def test_the_last_block_keeps_its_weights_on_the_chip():
    held = work(FULL).held_weights_count[-1, EXPAND, 0]

    # 96 to 576 and back, 25 taps for each of 576, a gate of 144, norms and biases.
    norms = 2 * 576 + 2 * 576 + 2 * 96 + 576 + 144
    assert held == 2 * 96 * 576 + 25 * 576 + 2 * 576 * 144 + norms
    assert work(NONE).held_weights_count.max() == 0  # those of one product stream by


def test_a_kernel_keeps_the_rows_it_works_on():
    held = work("11101", rows=1).held_activations_count[1, EXPAND, 0]

    # One output row at stride 2 takes three input rows: 3 x 56 of 16 and of 72, and 28 x 72 out.
    assert held == 3 * 56 * (16 + 72) + 28 * 72


@given(st.sampled_from(FUSIONS), st.sampled_from(FUSIONS), st.sampled_from((1, 4, 14, WHOLE)))
@settings(max_examples=60, deadline=None)
def test_fusing_more_never_adds_bytes_or_launches_and_never_saves_operations(one, other, rows):
    more = "".join(max(pair) for pair in zip(one, other, strict=True))
    before, after = work(one, rows), work(more, rows)

    for name in ("moved_count", "launches"):
        assert total(after, name) <= total(before, name) * (1 + 1e-12)
    for name in ("matrix_flop", "vector_flop", "depthwise_flop"):
        assert total(after, name) >= total(before, name) * (1 - 1e-12)


@pytest.mark.parametrize("fusion", FUSIONS)
def test_weights_are_read_once_however_kernels_are_fused(fusion):
    assert total(work(fusion), "weights_count") == pytest.approx(total(work(NONE), "weights_count"))


@pytest.mark.parametrize("fusion", FUSIONS)
def test_whole_maps_change_no_operation(fusion):
    found = work(fusion)
    flop = sum(total(found, f"{engine}_flop") for engine in ("matrix", "depthwise", "vector"))

    assert flop == pytest.approx(found.needed_flop)


def test_fewer_rows_never_keep_more():
    held = np.array([work(FULL, rows).held_activations_count.max() for rows in (1, 2, 4, 8, 14, WHOLE)])

    assert (np.diff(held) >= 0).all()


def test_many_fusions_at_once_are_each_alone():
    together = block_kernels(NET, (NONE, "11011"), (4, 2))
    alone = block_kernels(NET, ("11011",), (2,))

    assert np.array_equal(together.moved_count[..., 1], alone.moved_count[..., 0])
    assert np.array_equal(together.matrix_flop[..., 1], alone.matrix_flop[..., 0])
