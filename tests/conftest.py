"""Shared by all tests: the build's own modules can be imported, what was built can be opened, Playwright is started once."""

import os
import sys
import zipfile
from pathlib import Path

import pytest
from tests import patience

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "tests" / "unit"
MEDIA_MAY_FAIL = ROOT / "tests" / "engines" / "media_may_fail.cjs"
sys.path.append(str(ROOT / "build_scripts"))


def pytest_configure(config):
    asked = config.getoption("timeout", None)
    patience.follow(float(config.getini("timeout")) if asked is None else asked)


def pytest_collection_modifyitems(items):
    """Where the suite runs in two processes, a file that opens browsers or uses the build stays in one; each engine too."""
    for item in items:
        folder = item.path.parent.name
        if item.path.is_relative_to(UNIT):
            continue
        engine = item.callspec.params.get("engine") if folder == "engines" else None
        item.add_marker(pytest.mark.xdist_group(engine or item.path.stem))


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
