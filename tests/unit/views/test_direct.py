"""A widget of the bench and its parameter, linked directly."""

import param
import pytest

from rooflab.views.widgets import CountInput, DropDown


class Holder(param.Parameterized):
    count = param.Integer(default=2, bounds=(1, 8))
    word = param.Selector(default="a", objects={"One": "a", "Two": "b"})


def test_each_follows_the_other():
    holder = Holder()
    made = DropDown.from_param(holder.param.word)

    made.value = "b"
    assert holder.word == "b"
    holder.word = "a"
    assert made.value == "a"


def test_a_value_that_is_refused_is_taken_back():
    holder = Holder()
    made = CountInput.from_param(holder.param.count)

    with pytest.raises(ValueError, match="8"):
        made.value = 9

    assert (holder.count, made.value) == (2, 2)


def test_a_value_that_another_watcher_changes_is_shown():
    holder = Holder()
    made = CountInput.from_param(holder.param.count)
    holder.param.watch(lambda _event: setattr(holder, "count", 4), "count")

    made.value = 7

    assert (holder.count, made.value) == (4, 4)


def test_other_choices_and_bounds_are_followed():
    holder = Holder()
    word, count = DropDown.from_param(holder.param.word), CountInput.from_param(holder.param.count)

    holder.param.word.objects = {"Three": "c", "One": "a"}
    holder.param.count.bounds = (1, 16)

    assert (word.options, count.start, count.end) == ({"Three": "c", "One": "a"}, 1, 16)
