"""What nothing but a test reaches is not in the package: every definition, from the entry points, over syntax trees.

Entry points are the bridge to the page, the rehearsal, the command line, README's example in Python and the build's
scripts. A definition is a function, class or constant of a module, or a method or property of a class, private ones
included. It is reached when a definition that is reached, or the body of a module that is imported, names it: a name by
the imports of its module, an attribute or a text that is an identifier by itself, whatever object it is asked of.
An import, `__all__` and a docstring name nothing. So what is listed is dead; some of what is dead may not be listed.
"""

import re
from pathlib import Path

import pytest

import rooflab
from tests.unit.reach import Package

ROOT = Path(__file__).parents[2]
ENTRIES = ("rooflab.browser", "rooflab.rehearsal", "rooflab.__main__")

# Called by other than us.
CALLED = {
    "rooflab.absent.AbsentFinder.create_module": "Python's import calls it",
    "rooflab.absent.AbsentFinder.exec_module": "Python's import calls it",
    "rooflab.views.held.Held._cleanup": "Panel calls it when a view leaves a document",
    "rooflab.views.held.Held._get_model": "Panel calls it when a view is put into a document",
    "rooflab.views.widgets.CountInput._process_events": "Panel calls it when the page reports an event",
    "rooflab.views.widgets._Direct._process_events": "Panel calls it when the page reports an event",
}
# Kept for an issue that is open; none when it is done.
AWAITED: dict[str, str] = {}


@pytest.fixture(scope="module")
def package():
    """The package as its entry points reach it."""
    package = Package(Path(rooflab.__file__).parent)
    for each in ENTRIES:
        package.reach_module(each)
    for path in (ROOT / "build_scripts").rglob("*.py"):
        package.reach_source(path.read_text(encoding="utf-8"))
    for example in re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S):
        package.reach_source(example)
    return package


def test_every_definition_is_reached_by_other_than_tests(package):
    exceptions = CALLED | AWAITED
    needless = [each for each in exceptions if each not in package.missing]
    for each in exceptions:
        package.reach_definition(each)

    assert package.unreached == []
    assert needless == []


@pytest.fixture
def made(tmp_path):
    """Make a package of modules, and return what of it is not reached from its module `start`."""

    def make(**modules):
        folder = tmp_path / "lab"
        folder.mkdir()
        for name, source in modules.items():
            (folder / f"{name}.py").write_text(source)
        package = Package(folder)
        package.reach_module("lab.start")
        return [each.removeprefix("lab.") for each in package.unreached]

    return make


def test_a_function_that_is_imported_and_listed_but_not_used_is_not_reached(made):
    assert made(start="from lab.a import f\n__all__ = ['f']\n", a="__all__ = ['f']\ndef f(): pass\n") == ["a.f"]


def test_what_only_an_unreached_definition_uses_is_not_reached(made):
    unused = "def f(): return g()\ndef g(): return LIMIT\nLIMIT = 3\n"

    assert made(start="import lab.a\n", a=unused) == ["a.LIMIT", "a.f", "a.g"]


def test_a_name_is_followed_through_a_package_that_hands_it_on(made):
    assert made(start="from lab.front import f\nf()\n", front="from lab.a import f, g\n", a="def f(): pass\ndef g(): pass\n") == ["a.g"]


@pytest.mark.parametrize("use", ["made.area", "getattr(made, 'area')", "depends('made.area')"])
def test_a_property_is_reached_by_its_name_wherever_it_is_asked(made, use):
    box = "class Box:\n    @property\n    def area(self): pass\n    def volume(self): pass\n"

    assert made(start=f"from lab.a import Box\nmade = Box()\n{use}\n", a=box) == ["a.Box.volume"]


def test_a_member_of_a_class_that_is_not_reached_is_not_listed_beside_it(made):
    assert made(start="import lab.a\nlab.run()\n", a="class Box:\n    def run(self): return f()\ndef f(): pass\n") == ["a.Box", "a.f"]


def test_a_module_that_is_kept_in_a_value_is_asked_like_an_object(made):
    start = "from lab import a, b\nfor each in (a, b): each.add()\n"

    assert made(start=start, a="def add(): pass\n", b="def add(): pass\ndef other(): pass\n") == ["b.other"]


def test_a_docstring_names_nothing_and_a_watcher_runs_by_itself(made):
    a = "class Box:\n    'area'\n    def area(self): pass\n    @depends('size', watch=True)\n    def _draw(self): pass\n"

    assert made(start="from lab.a import Box\nBox()\n", a=a) == ["a.Box.area"]
