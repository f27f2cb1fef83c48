"""Run the tests on what was just built, in the engines that are found or brought; what is not run is named with its reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import browsers
from build import build
from packed import packed_quickly
from paths import ROOT

__all__ = ["run"]

TESTS = ROOT / "tests"
UNIT = Path("tests/unit")
ENGINES = Path("tests/engines")
# The whole suite in two processes: browsers wait for the page half of their time. tests/conftest.py says what stays together.
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadscope")
# So many failures have one cause; each may wait as long as pytest allows, and all of them would outlast any machine that was asked.
ENOUGH = ("--maxfail", "12")


def run(words: list[str]) -> int:
    """Run pytest with `words`; its exit code is returned."""
    places = _places(words)
    if not places or not all(place.is_relative_to(UNIT) for place in places):
        every = not places or any(place.is_relative_to(ENGINES) or ENGINES.is_relative_to(place) for place in places)
        browsers.bring(browsers.ENGINES if every else ("chromium",))
        build(packed_quickly)
    # Our fixtures open the browsers; a plugin that happens to be installed would open its own.
    command = [sys.executable, "-m", "pytest", "-p", "no:playwright", *([] if places else (*SIDE_BY_SIDE, *ENOUGH)), *words]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _places(words: list[str]) -> list[Path]:
    """Return the files and folders of tests that the words name, relative to the root."""
    paths = [(ROOT / word.split("::")[0]).resolve() for word in words]
    return [path.relative_to(ROOT) for path in paths if path.is_relative_to(TESTS) and path.exists()]
