"""Time the model under CPython and in the lab's own worker, over the memory that was put back there."""

from __future__ import annotations

import json
import subprocess

from bench_browser import Browsers
from bench_lab import python_worker
from trees import Tree

__all__ = ["Times", "inside_ms", "model_figures", "native_ms"]

NATIVE = "import sys; sys.path.insert(0, sys.argv[1]); exec(open(sys.argv[2]).read()); print(json.dumps(measured()))"

Times = dict[str, dict[str, dict[str, float]]]
"""Milliseconds by track, by `grid` or `one`, and by the number of a part."""


def native_ms(tree: Tree) -> Times:
    """Run the program in a new process of the tree's own Python."""
    command = [tree.python, "-c", NATIVE, str(tree.pylib), str(tree.program)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def inside_ms(browsers: Browsers, tree: Tree) -> Times:
    """Run the same program in the worker of a lab that is live."""
    with browsers.live(tree.observed) as (page, _):
        page.wait_for_timeout(3000)  # the rest of the library arrives
        return json.loads(python_worker(page).evaluate("program => observed.run(program)", tree.program.read_text()))


def model_figures(native: Times, inside: Times) -> dict[str, object]:
    """Return the figures of each track: the slowest of its parts, in the browser and natively."""
    figures: dict[str, object] = {}
    for track_id in native:
        for name, words in (("grid", "100,000 designs"), ("one", "one design with its trace")):
            both = [max(each[track_id][name].values()) for each in (inside, native)]
            figures[f"{track_id}: {words}, ms in the browser, native"] = [round(each, 1 if name == "one" else 0) for each in both]
    return figures
