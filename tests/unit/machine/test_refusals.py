"""Why nothing was measured: a sentence for every reason, and runs that the page takes for complete and are not."""

import pytest
from tests.unit.machine.measurements import RUN

from rooflab.machine.refusals import REFUSALS, refusal, run_refusal

REASONS = ("no-simd", "no-memory", "hidden", "stopped", "paused", "coarse-clock", "failed")


def test_every_reason_of_the_page_has_a_sentence():
    assert set(REFUSALS) == set(REASONS)


@pytest.mark.parametrize("why", REASONS)
def test_a_refusal_says_that_nothing_was_recorded(why):
    assert refusal(why) == f"{REFUSALS[why]} Nothing was recorded."
    assert REFUSALS[why].endswith(".")


@pytest.mark.parametrize("why", [None, 3, [], "<b>", "gone"])
def test_another_reason_is_a_failure(why):
    assert refusal(why) == refusal("failed")


def test_a_sound_run_is_not_refused():
    assert run_refusal(RUN) == ""
    assert run_refusal(RUN | {"clock_s": 0.001, "simd": "plain"}) == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"simd": "none"}, "no-simd"),
        ({"simd": None}, "no-simd"),
        ({"hidden": True}, "hidden"),
        ({"hidden": None}, "hidden"),
        ({"clock_s": 0.002}, "coarse-clock"),
        ({"clock_s": float("nan")}, "coarse-clock"),
        ({"clock_s": True}, "coarse-clock"),
        ({"clock_s": "fine"}, "coarse-clock"),
        ({"clock_s": -1.0}, "coarse-clock"),
    ],
)
def test_an_unsound_run_is_refused_although_the_page_sent_it(changes, why):
    assert run_refusal(RUN | changes) == refusal(why)
