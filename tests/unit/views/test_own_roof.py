"""The learner's own machine in a track's roofline: offered once it is measured, off at first, and drawn on request."""

import pytest
from bokeh.document import Document
from bokeh.models import Toggle
from tests.unit.lab.machine_ledgers import measured
from tests.unit.views.test_app import Lab

from rooflab.lab.ledger.ledger import dump, parse
from rooflab.lab.steps.own_roof import own_roof

OFFER = "My machine"


def offered(lab):
    return lab.app.roots["roofline"].select(has_label_only(OFFER))


def has_label_only(label):
    return lambda each: getattr(each, "label", None) == label


@pytest.fixture(scope="module")
def text():
    return dump(measured())


@pytest.fixture
def lab(text):
    return Lab(text).go("explore")


def test_a_learner_who_measured_nothing_is_offered_nothing():
    lab = Lab().go("explore")

    assert lab.app.bench.own_roof is None
    assert len(offered(lab)) == 0


def test_it_is_offered_and_off_at_first(lab):
    assert len(offered(lab)) == 1
    assert lab.app.bench.own_shown is False
    assert lab.app.lesson.pieces.roofline.chart.machine_roof is None


def test_on_request_it_is_drawn_and_named_and_the_axes_stay(lab):
    view = lab.app.lesson.pieces.roofline
    before = view.chart.rates

    lab.app.bench.own_shown = True

    drawn, roof = view.chart.machine_roof.data, own_roof(lab.app.ledger)
    assert max(drawn["y"]) == roof.peak_flop_per_s
    assert f"{roof.name}, ridge" in view.head.text
    assert view.chart.rates == before

    lab.app.bench.own_shown = False
    assert view.chart.machine_roof.data["x"] == []
    assert roof.name not in view.head.text


def test_it_is_offered_on_a_bench_that_is_open_when_it_is_measured(text):
    lab = Lab().go("explore")

    lab.app.commit(*parse(text).entries)

    assert len(offered(lab)) == 1


def test_the_offer_is_a_toggle_of_the_page(lab):
    document = Document()
    document.add_root(lab.app.roots["roofline"].get_root(document))

    assert [each.label for each in document.models if isinstance(each, Toggle) and each.label == OFFER] == [OFFER]
