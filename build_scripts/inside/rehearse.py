"""Load and warm everything that a learner may come to use; inside Pyodide, at build time only."""

from rooflab import absent

absent.install()

import panel.layout.base  # noqa: E402, F401

from rooflab import rehearsal  # noqa: E402

rehearsal.rehearse()
