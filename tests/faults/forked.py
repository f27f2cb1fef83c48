"""Run tests of a copy of the tree in a child that finds the packages of others already imported."""

import contextlib
import os
import sys
from pathlib import Path

import bokeh.plotting  # noqa: F401
import hypothesis  # noqa: F401
import panel  # noqa: F401
import pytest

__all__ = ["run_tests"]

OURS = ("rooflab", "tests")


def run_tests(copy: Path, *arguments: str) -> tuple[int, str]:
    """Return pytest's code and what it printed."""
    out = copy / "printed.txt"
    child = os.fork()
    if not child:
        code = 70
        with contextlib.suppress(BaseException):
            code = _run(copy, out, arguments)
        os._exit(int(code))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), out.read_text(encoding="utf-8", errors="replace")


def _run(copy: Path, out: Path, arguments: tuple[str, ...]) -> int:
    os.chdir(copy)
    file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for each in (1, 2):
        os.dup2(file, each)
    for name in [each for each in sys.modules if each.split(".")[0] in OURS]:
        del sys.modules[name]
    sys.path[:] = [str(copy / "pylib"), str(copy), *(each for each in sys.path if "pylib" not in each and each not in ("", "."))]
    return pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", *arguments])
