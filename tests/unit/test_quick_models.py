"""Bokeh's models made the quick way have the defaults that Bokeh itself gives them, each its own where one can be changed."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import param
import pytest
from bokeh.core.has_props import HasProps
from bokeh.core.property.override import Override
from bokeh.models import ColumnDataSource, Div, Range1d, Select

import rooflab

DEFAULTS = """
import bokeh.models, inspect, re
import panel as pn
from bokeh.model import Model
from bokeh.plotting import figure
for name, each in sorted(vars(bokeh.models).items()):
    if inspect.isclass(each) and issubclass(each, Model):
        try:
            found = sorted((key, repr(value)) for key, value in each().properties_with_values().items() if "object at 0x" not in repr(value))
            print(name, re.sub(r"p\\d+|id='[^']*'", "id", str(found)), len(each().references()))
        except Exception as error:
            print(name, type(error).__name__)
plot = figure(title="a", x_axis_label="b")
plot.scatter([1], [2], legend_label="c")
print(sorted(type(each).__name__ for each in plot.references()))
for each in (pn.Column, pn.Row, pn.widgets.Button, pn.widgets.Select, pn.widgets.IntInput, pn.widgets.RadioBoxGroup, pn.widgets.TextAreaInput):
    print(each.__name__, list(each()._init_params()))
"""


def told(first=""):
    under_test = os.environ | {"PYTHONPATH": str(Path(rooflab.__file__).parents[1])}
    run = subprocess.run([sys.executable, "-c", first + DEFAULTS], capture_output=True, text=True, env=under_test)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_every_model_has_the_defaults_that_bokeh_gives_it():
    usual = told()

    assert HasProps.__init__.__module__ == "rooflab.quick_models"  # the other tests of this folder are quick too
    assert len(usual) > 300
    assert told("from rooflab.quick_models import quicken; quicken()\n") == usual


def test_what_can_be_changed_is_each_models_own():
    one, other = Select(), Select()
    one.options.append("a")
    first, second = ColumnDataSource(), ColumnDataSource()
    first.data["x"] = [1]

    assert (one.options, other.options) == (["a"], [])
    assert (first.data, second.data) == ({"x": [1]}, {})


def test_a_class_keeps_the_default_that_it_overrides():
    class Hidden(Div):
        visible = Override(default=False)

    class Further(Hidden):
        pass

    assert (Div().visible, Hidden().visible, Further().visible, Hidden(visible=True).visible) == (True, False, False, True)


def test_values_are_still_validated():
    with pytest.raises(ValueError, match="start"):
        Range1d(start="no number at all")


def test_watchers_that_have_to_be_awaited_are_known_from_others():
    async def waits(_event):
        pass

    async def yields(_event):
        yield

    def acts(_event):
        pass

    class Thing:
        async def waits(self, _event):
            pass

    asked = param.parameterized.iscoroutinefunction
    assert [asked(each) for each in (waits, yields, partial(waits), Thing().waits)] == [True] * 4
    assert [asked(each) for each in (acts, partial(acts), [].append, type)] == [False] * 4
