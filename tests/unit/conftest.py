"""Hypothesis without deadlines: a busy machine is no failing test. The collector looks less often: a document has many objects."""

import gc

import pytest
from hypothesis import settings
from panel.io.state import state

from rooflab.quick_models import quicken

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
gc.set_threshold(100_000, 50, 50)
quicken()  # as in the browser: Bokeh's models are two thirds of a screen


@pytest.fixture(autouse=True)
def no_views_of_others():
    """Panel keeps what was ever put into a document: a million objects a file of tests."""
    yield
    state._views.clear()
    state._stylesheets.clear()
