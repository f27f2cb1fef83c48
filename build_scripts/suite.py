"""Run the tests on what was just built, in a browser that is found or brought; nothing is left out in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import setup
from build import build
from paths import ROOT

__all__ = ["run"]

UNIT = Path("tests/unit")


def run(words: list[str]) -> int:
    """Run pytest with `words`; its exit code is returned."""
    environment = dict(os.environ)
    if not _only_unit_tests(words):
        environment["ROOFLAB_CHROMIUM"] = setup.browser() or ""
        build()
    # Our fixtures are made for one browser; a plugin that happens to be installed would make its own.
    command = [sys.executable, "-m", "pytest", "-p", "no:playwright", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _only_unit_tests(words: list[str]) -> bool:
    """Say whether the words name places and all of them are unit tests, which need neither build nor browser."""
    places = [Path(word.split("::")[0]) for word in words if (ROOT / word.split("::")[0]).exists()]
    return bool(places) and all(place.is_relative_to(UNIT) for place in places)
