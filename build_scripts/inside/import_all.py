"""Import the modules that the rehearsal loaded, in the same order; `names` comes from the caller."""

import importlib

from rooflab import absent

absent.install()

# Panel's modules import one another in a circle; this is where the circle may be entered.
import panel.layout.base  # noqa: E402, F401

for name in names:  # noqa: F821
    importlib.import_module(name)
