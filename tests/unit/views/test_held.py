"""A Bokeh model in Panel's rows and columns: laid out as it is, in one document at a time."""

import panel as pn
from bokeh.document import Document
from bokeh.models import Div
from bokeh.plotting import figure

from rooflab.views.held import Held
from rooflab.views.widgets import text


def put_up(column):
    document = Document()
    document.add_root(column.get_root(document))
    return document


def test_a_model_keeps_its_own_layout():
    plot = figure(sizing_mode="stretch_both", margin=3, css_classes=["mine"])

    document = put_up(pn.Row(plot, margin=9))

    assert plot in list(document.models)
    assert (plot.sizing_mode, plot.margin, plot.css_classes) == ("stretch_both", 3, ["mine"])


def test_a_model_belongs_to_the_last_document_into_which_it_was_put():
    words = text("a", "b")
    column = pn.Column(words)

    put_up(column)
    second = put_up(column)

    assert words.document is second
    words.text = "c"
    assert [each.text for each in second.select({"type": Div})] == ["c"]


def test_what_is_taken_out_can_be_put_back():
    words, other = text("a"), text("b")
    column = pn.Column(words, other)
    document = put_up(column)

    column[:] = [other]
    assert words not in list(document.models)

    column[:] = [words, other]
    assert [each.text for each in document.roots[0].children] == ["a", "b"]
    assert all(type(each) is Held for each in column)
