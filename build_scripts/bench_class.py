"""Time a class of measured machines under CPython and in the lab's own worker."""

from __future__ import annotations

import json
import subprocess

from bench_browser import Browsers
from bench_lab import python_worker
from bench_model import NATIVE
from trees import Tree

__all__ = ["class_figures"]


def class_figures(browsers: Browsers, tree: Tree) -> dict[str, object]:
    """Return the seconds of 300 machines in the browser and natively: the fleet alone, and the whole class from its files."""
    program = tree.root / "build_scripts" / "observed" / "fleet.py"
    run = subprocess.run([tree.python, "-c", NATIVE, str(tree.pylib), str(program)], capture_output=True, text=True, check=True)
    native = json.loads(run.stdout)
    with browsers.live(tree.observed) as (page, _):
        page.wait_for_timeout(3000)  # the rest of the library arrives
        inside = json.loads(python_worker(page).evaluate("program => observed.run(program)", program.read_text()))
    count = native["machines"]
    return {
        f"class: {count} machines drawn as a fleet, s in the browser, native": [round(each["fleet_s"], 2) for each in (inside, native)],
        f"class: {count} ledgers read, counted and drawn, s in the browser, native": [round(each["class_s"], 2) for each in (inside, native)],
    }
