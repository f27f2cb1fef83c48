"""One tab of each engine, and at the end of the run the table of what each engine can do."""

from contextlib import contextmanager

import browsers
import pytest
from tests.engines import matrix
from tests.engines.playwright_tab import open_tabs as playwright_tabs
from tests.engines.webkitgtk_tab import open_tabs as webkitgtk_tabs
from tests.host import LabHost

FOUND = {engine: browsers.find(engine) for engine in browsers.ENGINES}


@pytest.fixture(scope="session", params=browsers.ENGINES)
def engine(request):
    """One engine after the other."""
    return FOUND[request.param]


@pytest.fixture(scope="session")
def tabs(engine, request):
    """A function that opens a tab with a storage of its own, in the engine's one process or a new one."""
    if engine.missing:
        pytest.skip(f"not run: {engine.missing}")
    if engine.engine == "webkit" and engine.path:
        with webkitgtk_tabs(engine.path) as opened:
            yield opened
    else:
        with playwright_tabs(request.getfixturevalue("playwright"), engine) as opened:
            yield opened


@pytest.fixture
def tab(tabs):
    with contextmanager(tabs)() as opened:
        yield opened


@pytest.fixture
def host(site):
    """The built site at an origin of its own; a test may stop it."""
    made = LabHost(site)
    yield made
    made.stop()


def pytest_runtest_logreport(report):
    matrix.note(report)


def pytest_terminal_summary(terminalreporter):
    terminalreporter.section("engines")
    for line in matrix.lines(FOUND.values()):
        terminalreporter.write_line(line)
