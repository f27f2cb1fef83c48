"""Why nothing was measured, in a sentence each: one table for the page's reasons and for what Python finds."""

from __future__ import annotations

from collections.abc import Mapping

from rooflab.machine.plan import plan

__all__ = ["GRAPHICS_LEFT_OUT", "NOT_ALL_CORES", "NO_GRAPHICS", "ONE_CORE", "REFUSALS", "refusal", "run_refusal"]

REFUSALS: Mapping[str, str] = {
    "no-simd": "This browser has no vector instructions in WebAssembly, so nothing here can reach the machine's peak. A newer one has them.",
    "no-memory": "The browser gave no memory for arrays of 64 MiB. Close other tabs or programs and measure again.",
    "hidden": "The tab was hidden, and browsers slow down what nobody sees. Keep it in sight and measure again.",
    "stopped": "You stopped the measurement.",
    "paused": "The machine paused in the middle, as when a lid is closed. Measure again once it stays awake.",
    "coarse-clock": "This browser's clock is too coarse: it ticks more slowly than once a millisecond. Another browser has a finer one.",
    "failed": "The measurement failed. Reload the page and measure again.",
}
"""By the reason that the page gives; after each nothing is recorded."""

ONE_CORE = "This machine lends the browser one core, so there is no roof of all cores beside it."
"""What is said of one core, where a measurement has no rows of all; it is recorded."""

NOT_ALL_CORES = "All {cores} cores were not measured: the browser gave no memory for so many, or they did not run at the same time."
"""The same where there are more."""

NO_GRAPHICS = "No graphics device was measured: this browser offers none, or it did not answer."
GRAPHICS_LEFT_OUT = "{name} was not measured: it refused the kernels, or its memory is too small for them."

_NOTHING = "Nothing was recorded."


def refusal(why: object) -> str:
    """Return what to say of a reason; one that is not known is a failure."""
    words = REFUSALS.get(why) if isinstance(why, str) else None
    return f"{words or REFUSALS['failed']} {_NOTHING}"


def run_refusal(run: Mapping[str, object]) -> str:
    """Return why a run that the page takes for complete must not be recorded; empty where it may be."""
    if run.get("simd") not in ("plain", "relaxed"):
        return refusal("no-simd")
    if run.get("hidden") is not False:
        return refusal("hidden")
    clock = run.get("clock_s")
    if isinstance(clock, bool) or not isinstance(clock, (int, float)) or not 0 <= clock <= plan()["coarsest_s"]:
        return refusal("coarse-clock")
    return ""
