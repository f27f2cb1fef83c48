"""The cell is counted by hand, operator by operator, grouping by grouping."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.model.lstm_cell import CELL_IDS, cell_work, row_layout

GROUPINGS = ["".join(each) for each in product("01", repeat=5)]


def work(text, *, hidden=100, value_bytes=1.0, hops=1, inputs=64):
    return cell_work(
        inputs=inputs,
        hidden=np.array([float(hidden)]),
        fused=np.array([[float(each)] for each in text]),
        value_bytes=np.array([value_bytes]),
        hops=np.array([float(hops)]),
    )


def rows(*, hidden, joint=1.0, element_bytes=1.0, line_bytes=32, lanes=16, kept=1.0, inputs=64):
    return row_layout(
        inputs=inputs,
        hidden=np.array([float(hidden)]),
        joint=np.array([joint]),
        element_bytes=np.array([element_bytes]),
        kept=np.array([kept]),
        line_bytes=np.array([float(line_bytes)]),
        lanes=np.array([float(lanes)]),
    )


@pytest.mark.parametrize(
    ("text", "kernels"),
    [
        ("00000", 8 + 12),  # 4 gates of 2 products, then sums, activations, cell update and output
        ("00111", 2 + 1),  # one product for the inputs, one for the states, one pointwise kernel
        ("11111", 1),
    ],
)
def test_kernels_are_counted_by_hand(text, kernels):
    assert work(text).kernels_count.sum() == kernels


def test_operations_are_those_of_the_cell_in_every_grouping():
    macs = 4 * 100 * (64 + 100)  # four gates, each of a row of inputs and states for every state
    for text in GROUPINGS:
        found = work(text)
        assert found.macs_count.sum() == macs
        assert (2 * found.macs_count + found.looked_up_count + found.pointwise_count).sum() == 2 * macs + 14 * 100


def test_values_of_a_fused_cell_are_input_and_state_only():
    moved = work("11111").activation_bytes[:, 0]

    # x and h are read in 1 byte, c is read and written in 4, h is written in 1.
    assert moved.sum() == 64 + 100 + 2 * 4 * 100 + 100


def test_values_of_an_unfused_cell_are_counted_by_hand():
    h = 100
    sums = 2 * (4 * h * 4) * 2  # two products write their sums, one step reads both
    gates = (4 * h * 4) * 2  # the sum goes to the activations
    values = 4 * h * 2  # four gates in 1 byte, written and read
    state_again = 4 * h  # the output reads the state that the cell wrote

    assert work("00000").activation_bytes.sum() == 64 + h + sums + gates + values + state_again + 2 * 4 * h + h


@given(st.integers(1, 256), st.sampled_from([1.0, 4.0]))
def test_fusing_one_more_boundary_never_moves_more_and_never_starts_more(hidden, value_bytes):
    for text in GROUPINGS:
        before = work(text, hidden=hidden, value_bytes=value_bytes)
        for at, digit in enumerate(text):
            if digit == "0":
                after = work(text[:at] + "1" + text[at + 1 :], hidden=hidden, value_bytes=value_bytes)
                assert after.activation_bytes.sum() <= before.activation_bytes.sum() + 1e-9
                assert after.kernels_count.sum() <= before.kernels_count.sum()


def test_hops_together_share_the_weights_of_the_inputs_only():
    apart, joint = work("01111", hops=4), work("11111", hops=4)

    assert apart.weight_passes_count[:, 0].tolist() == [1, 4]
    assert joint.weight_passes_count[:, 0].tolist() == [4, 4]
    assert apart.kernels_count.sum() == 1 + 4
    assert joint.kernels_count.sum() == 4


def test_a_joint_row_has_one_output_and_two_products_have_two():
    assert work("11111").rows_count.sum() == 400
    assert work("00111").rows_count.sum() == 800


def test_every_operator_has_its_row():
    assert work("11111").macs_count.shape == (len(CELL_IDS), 1)


@pytest.mark.parametrize(
    ("hidden", "vectors", "lines"), [(64, 8, 4), (80, 9, 5), (96, 10, 5), (100, 11, 6), (112, 11, 6), (128, 12, 6)]
)
def test_rows_fill_vectors_and_lines(hidden, vectors, lines):
    found = rows(hidden=hidden)

    assert found.multiplied_count.sum() == 4 * hidden * 16 * vectors
    assert found.stored_bytes.sum() == 4 * hidden * 32 * lines
    assert found.useful_bytes.sum() == 4 * hidden * (64 + hidden)


def test_without_a_cache_rows_fill_vectors_only():
    assert rows(hidden=100, line_bytes=1).stored_bytes.sum() == 400 * 176


def test_a_scalar_kernel_multiplies_what_there_is():
    assert rows(hidden=100, lanes=1, line_bytes=1).multiplied_count.sum() == 65_600


def test_blocks_that_are_dropped_are_not_multiplied():
    assert rows(hidden=96, kept=0.5).multiplied_count.sum() == 384 * 160 / 2


@given(st.integers(1, 300), st.sampled_from([1, 4, 16]), st.sampled_from([1, 16, 32, 64]), st.sampled_from([0.0, 1.0]))
def test_what_is_stored_and_multiplied_is_never_less_than_what_is_useful(hidden, lanes, line_bytes, joint):
    found = rows(hidden=hidden, lanes=lanes, line_bytes=line_bytes, joint=joint)

    assert np.all(found.stored_bytes.sum(axis=0) >= found.useful_bytes.sum(axis=0))
    assert np.all(found.multiplied_count.sum(axis=0) >= found.useful_count.sum(axis=0))
    assert np.all(found.stored_bytes.sum(axis=0) <= found.useful_bytes.sum(axis=0) + 4 * hidden * 2 * (lanes + line_bytes))
