import numpy as np
import pytest

from rooflab.model.sparsity import (
    bitmap_element_bytes,
    csr_element_bytes,
    sparse_flop_factor,
    two_of_four_element_bytes,
)


def test_two_of_four_in_16_bits_gain_less_than_half():
    assert 2 / two_of_four_element_bytes(value_bytes=2.0) == pytest.approx(1.78, abs=0.005)


def test_an_index_as_wide_as_the_value_breaks_even_at_half():
    dense = 2.0

    assert csr_element_bytes(density_fraction=0.5, value_bytes=2, index_bytes=2) == dense
    assert csr_element_bytes(density_fraction=0.6, value_bytes=2, index_bytes=2) > dense


def test_a_bitmap_costs_a_bit_even_when_nothing_is_pruned():
    assert bitmap_element_bytes(density_fraction=1.0, value_bytes=1.0) == 1.125


def test_dense_units_skip_nothing():
    factors = sparse_flop_factor(density_fraction=0.25, skipped=np.array([False, True]))

    assert factors.tolist() == [1.0, 0.25]
