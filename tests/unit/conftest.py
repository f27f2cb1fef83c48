"""Hypothesis without deadlines: a busy machine is no failing test. The collector looks less often: a document has many objects."""

import gc

from hypothesis import settings

from rooflab.quick_models import quicken

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
gc.set_threshold(100_000, 50, 50)
quicken()  # as in the browser: Bokeh's models are two thirds of a screen
