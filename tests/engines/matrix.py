"""What each engine did, as a table: the outcomes that pytest reported, and the reason of each that is not a pass."""

import re

CELLS = ("start", "bench", "reload", "offline", "bundle", "link", "tap", "machine")
PLACE = re.compile(r"tests/engines/test_engines\.py::test_(\w+)\[(\w+)\]")

outcomes: dict[tuple[str, str], tuple[str, str]] = {}
smoothness: dict[str, tuple[float, float]] = {}
"""Frames a second of the living picture, and the milliseconds of the middle one, by the engine's name."""


def note(report):
    """Keep the outcome of a test of an engine: the first that is not a pass, else the test's own."""
    place = PLACE.search(report.nodeid)
    if place is None:
        return
    cell = place[2], place[1]
    if report.failed:
        crash = getattr(report.longrepr, "reprcrash", None)
        outcomes[cell] = ("FAIL", crash.message.splitlines()[0] if crash else f"failed in {report.when}")
    elif report.skipped:
        outcomes[cell] = ("-", str(report.longrepr[2]).removeprefix("Skipped: ").removeprefix("not run: "))
    elif report.when == "call":
        outcomes.setdefault(cell, ("pass", ""))


def lines(found):
    """Yield the engines with their versions, the table, and the reasons."""
    found = list(found)
    for browser in found:
        yield f"{browser.name:9} {f'{browser.version}, {browser.origin}' if browser.version else f'not run: {browser.missing}'}"
    yield ""
    yield " ".join([" " * 9, *(f"{cell:8}" for cell in CELLS)]).rstrip()
    for browser in found:
        yield " ".join([f"{browser.name:9}", *(f"{_of(browser, cell)[0]:8}" for cell in CELLS)]).rstrip()
    for browser in found:
        reasons = {cell: why for cell in CELLS if (why := _of(browser, cell)[1]) and not browser.missing}
        yield from (f"{browser.name}, {cell}: {why}" for cell, why in reasons.items())
    yield from (f"{name}: the living picture drew {per_s:.0f} frames a second, {cost_ms:.1f} ms each" for name, (per_s, cost_ms) in smoothness.items())


def _of(browser, cell):
    return outcomes.get((browser.engine, cell), ("-", browser.missing or "not asked for in this run"))
