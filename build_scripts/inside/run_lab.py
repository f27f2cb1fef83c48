"""Run the fresh learner's lab: at build time, for the memory image, and in the fall-back start."""

from rooflab import absent

absent.install()

# Panel's modules import one another in a circle; this is where the circle may be entered.
import panel.layout.base  # noqa: E402, F401

from rooflab import browser  # noqa: E402

browser.prepare()
