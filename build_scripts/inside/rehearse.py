"""Load and warm everything that a learner may come to use; inside Pyodide, at build time only."""

from ridgepoint import absent

absent.install()

import panel.layout.base  # noqa: E402, F401

from ridgepoint import rehearsal  # noqa: E402

rehearsal.rehearse()
