"""Imports go downwards only: the map of the package, as data, against its syntax trees."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import rooflab

ROOT = Path(rooflab.__file__).parent

BASE = {"errors", "units", "values"}
SPECS = BASE | {"specs"}
MODEL = SPECS | {"model"}
SYSTEMS = MODEL | {"systems"}
EVALUATION = SYSTEMS | {"axes", "evaluate"}
ANALYSES = EVALUATION | {"analyses"}
CARDS = SPECS | {"facts", "cards"}
LESSONS = ANALYSES | {"facts", "tracks"}
GRADING = EVALUATION | {"facts", "measured"}
MACHINE = ANALYSES | {"machine"}
OPEN = LESSONS | {"cards", "checkpoints", "open_bench"}

# What each module or package may import of rooflab, itself included.
MAY_IMPORT = {
    "__init__": set(),
    "errors": set(),
    "units": {"units", "errors"},
    "values": set(),
    "axes": set(),
    "specs": SPECS,
    "facts": SPECS | {"facts"},
    "checkpoints": SPECS | {"checkpoints"},
    "cards": CARDS,
    "model": MODEL,
    "systems": SYSTEMS,
    "evaluate": EVALUATION,
    "analyses": ANALYSES,
    "measured": GRADING,
    "tracks": LESSONS | {"measured"},
    "open_bench": OPEN,
    "machine": MACHINE,
    "estimates": OPEN | MACHINE | {"measured", "estimates"},
    "lab": LESSONS | MACHINE | {"measured", "cards", "checkpoints", "lab"},
    "workbench": OPEN | MACHINE | {"measured", "estimates", "lab", "workbench"},
    "charts": ANALYSES | {"charts"},
    "views": OPEN | MACHINE | {"measured", "estimates", "lab", "workbench", "charts", "views"},
    "app": OPEN | MACHINE | {"measured", "estimates", "lab", "workbench", "charts", "views", "app"},
    "absent": {"absent"},
    "quick_models": {"quick_models"},
    "browser": LESSONS | MACHINE | {"absent", "quick_models", "lab", "app", "browser"},
    "rehearsal": LESSONS | MACHINE | {"absent", "quick_models", "lab", "app", "browser", "rehearsal"},
    "command": OPEN | MACHINE | {"measured", "estimates", "lab", "command"},
    "__main__": {"errors", "command"},
}
NUMPY = {"numpy"}
MAY_IMPORT_FROM_OUTSIDE = {
    "values": NUMPY,
    "axes": NUMPY,
    "specs": NUMPY,
    "model": NUMPY,
    "systems": NUMPY,
    "evaluate": NUMPY,
    "analyses": NUMPY,
    "machine": NUMPY,
    "measured": NUMPY,
    "tracks": NUMPY,
    "lab": NUMPY,
    "command": NUMPY,
    "workbench": NUMPY | {"param"},
    "charts": NUMPY | {"bokeh"},
    "views": NUMPY | {"param", "panel", "bokeh"},
    "app": NUMPY | {"param", "panel", "bokeh"},
    "quick_models": {"bokeh", "panel", "param"},
    "browser": {"js", "pyodide", "pyodide_js", "panel", "bokeh", "param"},
    "rehearsal": {"bokeh", "param"},
}
STANDARD = set(__import__("sys").stdlib_module_names)
FILES = sorted(ROOT.rglob("*.py"))


def _unit(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def _nodes(tree: ast.AST, *, at_start: bool):
    """Yield the nodes of a module; `at_start` without functions, which run later, and what only type checkers read."""
    yield tree
    for node in ast.iter_child_nodes(tree):
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        checked = isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        if not (at_start and (later or checked)):
            yield from _nodes(node, at_start=at_start)


def _imports(path: Path, *, at_start: bool = False) -> set[str]:
    names = set()
    for node in _nodes(ast.parse(path.read_text(encoding="utf-8")), at_start=at_start):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{each.name}" for each in node.names}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downwards_only(path):
    unit = _unit(path)
    ours = {name.split(".")[1] for name in _imports(path) if name.startswith("rooflab.")}
    ours -= {"__version__"}

    assert ours <= MAY_IMPORT[unit], f"{path.relative_to(ROOT)} reaches upwards"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_libraries_are_used_where_they_belong(path):
    outside = {name.split(".")[0] for name in _imports(path)} - STANDARD - {"rooflab"}

    assert outside <= MAY_IMPORT_FROM_OUTSIDE.get(_unit(path), set())


def test_every_unit_stands_in_the_map():
    assert {_unit(path) for path in FILES} <= set(MAY_IMPORT)


def _module(path: Path) -> str:
    return ".".join(("rooflab", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


def _graph(*, at_start: bool = False) -> dict[str, set[str]]:
    """Return the modules that each module imports, by name; at its start, without what its functions import."""
    modules = {_module(path) for path in FILES}
    return {
        _module(path): {each if each in modules else each.rpartition(".")[0] for each in _imports(path, at_start=at_start)} & modules
        for path in FILES
    }


def test_no_module_imports_itself_by_way_of_others():
    """The sorter refuses a circle, and names it."""
    graph = _graph()

    order = tuple(TopologicalSorter(graph).static_order())

    assert len(order) == len(graph)
    assert order.index("rooflab.units") < order.index("rooflab.evaluate") < order.index("rooflab.app.app")


def test_the_page_starts_without_the_devices_that_no_track_offers():
    """Each of them would be in the memory image that every visitor downloads."""
    graph, seen, open_ = _graph(at_start=True), set(), {"rooflab.browser", "rooflab.rehearsal"}
    while open_:
        seen |= open_
        open_ = {each for name in open_ for each in graph[name]} - seen

    assert "rooflab.facts.devices_tracks" in seen
    assert {name for name in seen if re.search("facts.device|facts.microcontroller", name)} == {
        "rooflab.facts.devices_tracks",
        "rooflab.facts.microcontrollers",
    }
    assert not {name for name in seen if re.search(r"open_bench|cards|checkpoints|app.desk|\.machine(\.|$)", name)}
