"""Load what only the screens need, so that it is in the library; inside Pyodide, at build time only."""

from rooflab import rehearsal

rehearsal.rehearse_screens()
