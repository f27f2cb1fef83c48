from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from rooflab.model.cost import Cost, linear
from rooflab.model.lookup import lookup
from rooflab.model.seeded import uniforms

numbers = st.floats(0, 1e18)
costs = st.builds(Cost, *[numbers] * len(fields(Cost)))


def test_one_token_through_a_square_layer():
    cost = linear(tokens=1, inputs=4096, outputs=4096, weight_element_bytes=2, element_bytes=2)

    assert cost.flop == 2 * 4096 * 4096  # a multiply and an add for every weight
    assert cost.weight_bytes == 2 * 4096 * 4096  # every weight is read once
    assert cost.activation_bytes == 2 * (4096 + 4096)  # one row in, one row out
    assert cost.launches == 1


@given(costs, costs)
def test_costs_add_in_any_order(a, b):
    assert a + b == b + a
    assert (a + b).hbm_bytes >= max(a.hbm_bytes, b.hbm_bytes)


@given(costs)
def test_twice_the_work_is_the_work_and_again(a):
    assert a * 2 == a + a


def test_words_are_looked_up_one_by_one_or_all_at_once():
    import numpy as np

    table = {"a": 1.0, "b": 2.0}

    assert lookup("b", table) == 2.0
    assert lookup(np.array([["a", "b"], ["b", "b"]]), table).tolist() == [[1, 2], [2, 2]]


def test_seeded_numbers_are_the_same_everywhere():
    # SplitMix64 in plain integers, as in the publication.
    mask = (1 << 64) - 1

    def splitmix(state):
        z = state & mask
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    gamma = 0x9E3779B97F4A7C15
    start = splitmix(splitmix(7 + gamma) + gamma)
    expected = [(splitmix(start + k * gamma) >> 11) * 2.0**-53 for k in (1, 2, 3)]

    assert uniforms(7, 0, 3).tolist() == expected


def test_seeds_and_streams_give_other_numbers():
    draws = {tuple(uniforms(seed, stream, 2)) for seed in range(10) for stream in range(10)}

    assert len(draws) == 100
    assert 0.45 < uniforms(3, 1, 10000).mean() < 0.55
