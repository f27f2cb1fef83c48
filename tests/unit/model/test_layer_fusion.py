import numpy as np
import pytest

from rooflab.model.layer_fusion import (
    CHAIN,
    FUSION_TEXTS,
    ChainCounts,
    chain_counts,
    chain_kernels,
    chain_operator,
)
from tests.unit.fusion_oracle import BLOCK_INPUT, Block, Step, fused_costs

A, F = 1.0, 100.0  # a row of the stream and one of the MLP: digits of a sum tell them apart


def chain_block():
    """The same chain for the general counter of fused blocks; the stream is a step of no work."""
    return Block(
        name="chain",
        input_bytes=A,
        steps=(
            Step(name="stream", flop=0, output_bytes=A, reads=(), kept=True),
            Step(name="all-reduce", flop=0, output_bytes=A, reads=(BLOCK_INPUT,)),
            Step(name="residual", flop=1, output_bytes=A, reads=(1, 0), kept=True),
            Step(name="norm", flop=3, output_bytes=A, reads=(2,)),
            Step(name="gate and up", flop=0, output_bytes=2 * F, reads=(3,)),
            Step(name="SiLU", flop=4, output_bytes=F, reads=(4,)),
            Step(name="product", flop=1, output_bytes=F, reads=(5, 4)),
            Step(name="down", flop=0, output_bytes=A, reads=(6,)),
        ),
    )


def all_bytes(counts):
    streams = counts.reduce_streams + counts.norm_streams + counts.into_streams
    wide = counts.gate_up_wide + counts.silu_wide + counts.down_wide
    return streams * A + wide * F + A  # the output of down is counted by the decoder


def split_gate_and_up(text):
    """Whether SiLU or the product stands apart from both gate and up and its fellow.

    The general counter knows one tensor of gate and up together, so it cannot tell that SiLU
    reads the gate alone.
    """
    return (text[3], text[4]) != ("1", "1")


@pytest.mark.parametrize("text", [each for each in FUSION_TEXTS if not split_gate_and_up(each)])
def test_bytes_are_those_of_the_general_counter(text):
    grouping = [0]
    for kernel, places in enumerate(chain_kernels(text), 1):
        grouping += [kernel] * len(places)
    costs = fused_costs(chain_block(), grouping)

    # Without what the step that stands for the stream writes.
    assert all_bytes(chain_counts(text)) == sum(each.activation_bytes for each in costs) - A


@pytest.mark.parametrize("text", FUSION_TEXTS)
@pytest.mark.parametrize("place", range(len(CHAIN) - 1))
def test_fusing_one_more_boundary_never_adds_bytes_or_kernels(text, place):
    fused = text[:place] + "1" + text[place + 1 :]

    assert all_bytes(chain_counts(fused)) <= all_bytes(chain_counts(text))
    assert len(chain_kernels(fused)) <= len(chain_kernels(text))


@pytest.mark.parametrize("text", FUSION_TEXTS)
def test_every_kernel_counts_under_one_operator(text):
    kernels = chain_kernels(text)
    counts = chain_counts(text)
    products = sum(chain_operator(each) in (CHAIN.index("gate and up"), CHAIN.index("down")) for each in kernels)

    assert [place for each in kernels for place in each] == list(range(len(CHAIN)))
    assert counts.reduce_launches + counts.norm_launches + counts.silu_launches + products == len(kernels)


@pytest.mark.parametrize("text", FUSION_TEXTS)
def test_arithmetic_is_done_once_or_in_a_prologue(text):
    counts = chain_counts(text)
    stream = counts.reduce_flop + counts.norm_flop + counts.into_flop
    wide = counts.gate_up_flop + counts.silu_flop + counts.down_flop

    if not counts.held_streams and not counts.held_wide:
        assert stream == 1 + 3  # residual and norm, for each element
        assert wide == 4 + 1  # SiLU and product


def test_only_kernels_of_two_products_or_of_link_and_product_hold_rows():
    holding = {text for text in FUSION_TEXTS if any(chain_counts(text)[-2:])}

    assert holding == {each for each in FUSION_TEXTS if each[:3] == "111" or each[3:] == "111"}


def test_an_array_of_groupings_is_the_groupings_one_by_one():
    texts = np.array(FUSION_TEXTS).reshape(8, 8)
    counts = chain_counts(texts)

    assert isinstance(counts, ChainCounts)
    for at, text in np.ndenumerate(texts):
        assert [each[at] for each in counts] == list(chain_counts(str(text)))
