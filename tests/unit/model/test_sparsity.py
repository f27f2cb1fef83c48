import pytest

from rooflab.model.sparsity import bitmap_element_bytes, two_of_four_element_bytes


def test_two_of_four_in_16_bits_gain_less_than_half():
    assert 2 / two_of_four_element_bytes(value_bytes=2.0) == pytest.approx(1.78, abs=0.005)


def test_a_bitmap_costs_a_bit_even_when_nothing_is_pruned():
    assert bitmap_element_bytes(density_fraction=1.0, value_bytes=1.0) == 1.125
