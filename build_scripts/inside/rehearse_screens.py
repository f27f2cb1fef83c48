"""Load what only the screens need, so that it is in the library; inside Pyodide, at build time only."""

from rooflab import absent

absent.install()

import panel.layout.base  # noqa: E402, F401

from rooflab import rehearsal  # noqa: E402

rehearsal.rehearse_screens()
