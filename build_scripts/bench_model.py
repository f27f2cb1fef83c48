"""Time the model under CPython and in the lab's own worker, over the memory that was put back there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench_browser import Browsers
from bench_lab import python_worker
from paths import PYLIB, ROOT

__all__ = ["inside_ms", "model_figures", "native_ms"]

PROGRAM = ROOT / "build_scripts" / "observed" / "measure.py"
NATIVE = "import sys; sys.path.insert(0, sys.argv[1]); exec(open(sys.argv[2]).read()); print(json.dumps(measured()))"

Times = dict[str, dict[str, dict[str, float]]]
"""Milliseconds by track, by `grid` or `one`, and by the number of a part."""


def native_ms() -> Times:
    """Run the program in a new process of this Python."""
    command = [sys.executable, "-c", NATIVE, str(PYLIB), str(PROGRAM)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def inside_ms(browsers: Browsers, observed: Path) -> Times:
    """Run the same program in the worker of a lab that is live."""
    with browsers.live(observed) as (page, _):
        page.wait_for_timeout(3000)  # the rest of the library arrives
        return json.loads(python_worker(page).evaluate("program => observed.run(program)", PROGRAM.read_text()))


def model_figures(native: Times, inside: Times) -> dict[str, object]:
    """Return the figures of each track: the slowest of its parts, in the browser and natively."""
    figures: dict[str, object] = {}
    for track_id in native:
        for name, words in (("grid", "100,000 designs"), ("one", "one design with its trace")):
            both = [max(each[track_id][name].values()) for each in (inside, native)]
            figures[f"{track_id}: {words}, ms in the browser, native"] = [round(each, 1 if name == "one" else 0) for each in both]
    return figures
