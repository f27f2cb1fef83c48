"""The four predictions: right answers from the learner's own numbers, or from the reference machine's where those do not decide."""

import pytest
from tests.unit.machine.measurements import RUN, rows, slower

from rooflab.errors import BadDesign
from rooflab.machine.questions import QUESTIONS, answered, question
from rooflab.machine.reference import reference
from rooflab.machine.study import study

UNSTEADY = {"samples_s": [0.01, 0.02, 0.03]}


def answer(question_id, *changes, without=()):
    return question(question_id).answer(study(RUN, rows(*changes, without=without)))


def both(question_id, *changes, without=()):
    return answered(question(question_id), study(RUN, rows(*changes, without=without)), reference())


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda each: each.id)
def test_the_reference_machine_decides_every_question(asked):
    found = asked.answer(reference())

    assert found.choice_id in {each.id for each in asked.choices}
    assert found.words


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda each: each.id)
def test_numbers_that_were_not_measured_or_are_unsteady_do_not_decide(asked):
    missing = answered(asked, study(RUN, [each for each in rows() if each["kernel"] in ("peak", "triad")]), reference())
    disturbed = answered(
        asked, study(RUN, [each | ({} if each["kernel"] in ("peak", "triad") else UNSTEADY) for each in rows()]), reference()
    )

    for found in (missing, disturbed):
        assert found.by_reference
        assert found.choice_id == asked.answer(reference()).choice_id
        assert found.words.startswith("Your numbers do not decide:")
    assert "not measured" in missing.words
    assert "unsteady" in disturbed.words


@pytest.mark.parametrize(("factor", "choice"), [(1.1, "little"), (2.0, "two"), (3.0, "three"), (6.0, "more")])
def test_the_gain_of_one_pass(factor, choice):
    found = answer("epilogue-gain", ("epilogue", "passes", None, lambda row: {"samples_s": [factor * 4e-3]}), ("epilogue", "fused", None, lambda row: {"samples_s": [4e-3]}))

    assert found.choice_id == choice


@pytest.mark.parametrize("factor", [1.45, 1.55, 2.25, 4.6])
def test_a_gain_near_a_border_is_too_close(factor):
    changes = ("epilogue", "passes", None, lambda row: {"samples_s": [factor * 4e-3]}), ("epilogue", "fused", None, lambda row: {"samples_s": [4e-3]})

    assert answer("epilogue-gain", *changes).choice_id == ""
    assert "too close" in both("epilogue-gain", *changes).words


@pytest.mark.parametrize(
    ("times", "choice"),
    [((1, 3, 6, 12, 24, 48), "one"), ((1, 1.2, 3, 6, 12, 24), "two"), ((1, 1.3, 1.6, 2.3, 4, 8), "four"), ((1, 1, 1, 1, 3, 6), "eight"), ((1, 1, 1, 1, 1, 3), "sixteen"), ((1, 1, 1, 1, 1, 1), "sixteen")],
)
def test_the_largest_batch_that_is_free(times, choice):
    found = answer("free-batch", *(("batch", "", 2**at, lambda row, each=each: {"samples_s": [each * 4e-3]}) for at, each in enumerate(times)))

    assert found.choice_id == choice


def test_a_batch_near_the_border_is_too_close():
    one, four = ("batch", "", 1, lambda row: {"samples_s": [4e-3]}), ("batch", "", 4, lambda row: {"samples_s": [1.9 * 4e-3]})

    assert answer("free-batch", one, four).choice_id == ""


@pytest.mark.parametrize(("gain", "choice"), [(2.0, "faster"), (1.0, "same"), (0.5, "slower"), (1.25, ""), (0.8, "")])
def test_whether_the_tile_helps(gain, choice):
    by_rows = ("gemm", "simd", 1024, lambda row: {"samples_s": [gain * 0.2]})
    tile = ("gemm", "tile", 1024, lambda row: {"samples_s": [0.2]})

    assert answer("tile-1024", by_rows, tile).choice_id == choice


def test_the_epilogue_is_bound_by_memory_where_the_ridge_is_between_it_and_the_others():
    assert answer("memory-bound").choice_id == "epilogue"


@pytest.mark.parametrize("factor", [7.0, 20.0, 0.1])
def test_a_ridge_among_the_others_or_before_all_does_not_decide(factor):
    """Memory so many times as slow puts the ridge near or beyond the chain of 32; memory ten times as fast, before the epilogue."""
    changed = ("triad", "", None, slower(factor))

    assert answer("memory-bound", changed).choice_id == ""


def test_slow_plain_loops_are_not_called_memory_bound():
    assert answer("memory-bound", ("gemm", "naive", 512, slower(20))).choice_id == "epilogue"


def test_a_question_or_a_choice_of_another_version_is_refused():
    with pytest.raises(BadDesign):
        question("gone")
    with pytest.raises(BadDesign):
        question("tile-1024").choice("gone")
