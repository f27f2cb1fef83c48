"""Shared by all tests: the build's own modules can be imported, what was built can be opened, Playwright is started once."""

import os
import sys
import zipfile
from pathlib import Path

import pytest
from tests import patience

ROOT = Path(__file__).parents[1]
# Tests that make something for all of them, by how their names begin. (The marks of pytest-xdist 3.8 do nothing under pytest 9.)
TOGETHER = {
    "fits without a publication": ("tests/unit/measured/test_held_out.py", "tests/unit/measured/test_serving_bases.py::test_rows_of_a_publisher", "tests/unit/measured/test_kernel_constants.py::test_rows_of_a_publication"),
    "words of a part": ("tests/unit/views/test_words.py::test_the_words_of_a_whole_part", "tests/unit/views/test_budget.py::test_the_table_of_words"),
} | {f"tests/build/{name}": (f"tests/build/{name}",) for name in ("test_install.py", "test_outputs.py", "test_pages.py", "test_parity.py")}
MEDIA_MAY_FAIL = ROOT / "tests" / "engines" / "media_may_fail.cjs"
sys.path.append(str(ROOT / "build_scripts"))


def pytest_configure(config):
    asked = config.getoption("timeout", None)
    patience.follow(float(config.getini("timeout")) if asked is None else asked)


def pytest_xdist_make_scheduler(config, log):
    """Hand out test by test, in the order of the folders; only what TOGETHER names stays in one process."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return next((kind for kind, names in TOGETHER.items() if nodeid.startswith(names)), nodeid)

    config.option.loadscopereorder = False
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def site():
    """The built site."""
    return _built(Path(os.environ.get("ROOFLAB_SITE", ROOT / "dist" / "site")))


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    """The double-click bundle, unpacked where a learner may: in a folder with a space in its name."""
    archive = _built(Path(os.environ.get("ROOFLAB_BUNDLE", ROOT / "dist" / "rooflab-offline.zip")))
    folder = tmp_path_factory.mktemp("my downloads")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return next(folder.rglob("index.html"))


@pytest.fixture(scope="session")
def output():
    """Where tests leave what is to be looked at."""
    folder = Path(os.environ.get("ROOFLAB_TEST_OUTPUT", ROOT / "build" / "test-output"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def playwright():
    """Playwright's driver: one for all browsers, since one process can have no second."""
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NODE_OPTIONS", f"--require {MEDIA_MAY_FAIL}")
        started = sync_playwright().start()
    yield started
    started.stop()


def _built(path):
    if not path.exists():
        pytest.fail(f"{path} has not been built; run: python3 build_scripts test")
    return path
