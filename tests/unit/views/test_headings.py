"""What a screen holds begins with a heading that says what it is, and headings go down one level at a time."""

import re

import panel as pn
import pytest
from bokeh.models import Div
from tests.browser.ledgers import ledger
from tests.unit.views.test_app import Lab

from rooflab.app.desk import Desk
from rooflab.views.held import Held


def pieces(view):
    """Return the leaves of a view in the order in which they are read: texts, figures and controls."""
    return [each for each in view.select() if isinstance(each, Held | pn.widgets.Widget)]


@pytest.mark.parametrize("screen", ["report", "classroom", "open-bench"])
def test_every_view_of_a_screen_begins_with_its_heading(screen):
    lab = Lab(ledger("cloud-titan"))
    Desk(lab.app).open(screen)

    views = [each.__panel__() if hasattr(each, "__panel__") else each for each in lab.app.roots[screen]]
    assert views
    for view in views:
        first = pieces(view)[0]
        if screen != "report":  # the page itself has its heading
            assert isinstance(getattr(first, "object", None), Div) and re.match(r"\s*<h[23]", first.object.text), first
        levels = [int(each) for piece in pieces(view) if isinstance(getattr(piece, "object", None), Div) for each in re.findall(r"<h(\d)", piece.object.text)]
        assert all(later <= earlier + 1 for earlier, later in zip(levels, levels[1:], strict=False)), levels
