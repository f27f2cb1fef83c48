"""Journeys cut off at a seeded moment, over all tracks and parts; the benchmark makes more of them."""

import pytest
from tests.browser.killed import journeys, missing


ALL_KINDS = 1481  # with this seed twelve journeys meet every kind of form and button, and every way of ending


@pytest.mark.parametrize("journey", journeys(12, seed=ALL_KINDS), ids=str)
def test_nothing_is_missing_after_a_journey_that_was_cut_off(context, url, journey):
    assert missing(context, url, journey) == []
