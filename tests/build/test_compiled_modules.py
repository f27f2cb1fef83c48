"""What is cut from third-party modules before they are compiled changes nothing that runs."""

import importlib.util
import marshal
import sys
import traceback
import types

import pytest

sys.path.append(str(__import__("paths").ROOT / "build_scripts" / "inside"))

from compile_library import compile_module  # noqa: E402

SOURCE = '''"""Docs."""
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from nowhere import Nothing
else:
    Nothing = "something"
def keep(**words): return sorted(words)
class Model:
    """Docs."""
    kept: int = 3
    def method(self, x: Nothing, *more: Nothing, key: Nothing = 1, **words: Nothing) -> Nothing:
        """Docs."""
        return (x, more, key, words)
def fails(depth):
    if depth:
        return fails(depth - 1)
    raise ValueError("as it must")
WORDS = keep(help="text", doc="text " + "more", size=1)
NUMBERS = keep(help=3)
'''


def run(source, name):
    code = marshal.loads(compile_module(source.encode(), name, "shown.py", lambda module: b"")[16:])
    module = types.ModuleType(name)
    exec(code, module.__dict__)
    return module


@pytest.mark.parametrize("name", ["bokeh.thing", "numpy.thing", "rooflab.thing"])
def test_a_compiled_module_does_what_it_did(name):
    module = run(SOURCE, name)

    assert module.Model().method(1, 2, key=3, z=4) == (1, (2,), 3, {"z": 4})
    assert module.Model.kept == 3
    assert module.Model.__annotations__ == {"kept": int} or sys.version_info >= (3, 14)


def test_help_is_cut_only_where_it_is_text_and_the_package_is_documented():
    assert (run(SOURCE, "bokeh.thing").WORDS, run(SOURCE, "bokeh.thing").NUMBERS) == (["size"], ["help"])
    assert run(SOURCE, "numpy.thing").WORDS == ["doc", "help", "size"]


def test_annotations_of_functions_go_and_those_of_classes_stay():
    model = run(SOURCE, "bokeh.thing").Model

    assert model.method.__annotations__ == {}
    assert "kept" in model.__annotations__


def test_our_own_modules_keep_what_is_theirs():
    assert run(SOURCE.replace("Nothing", "int"), "rooflab.thing").Model.method.__annotations__


def test_a_block_for_type_checkers_is_not_run():
    assert run(SOURCE, "bokeh.thing").Nothing == "something"


def test_an_error_in_a_module_without_lines_can_still_be_told():
    try:
        run(SOURCE, "bokeh.thing").fails(3)
    except ValueError as error:
        told = traceback.format_exception(error)

    assert told[-1] == "ValueError: as it must\n"
    assert sum("in fails" in line for line in told) == 4


def test_the_header_is_that_of_a_pyc_checked_by_nobody():
    made = compile_module(b"x = 1", "numpy.thing", "shown.py", lambda module: b"")

    assert made[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(made[4:8], "little") == 1


MODELS = '''
class Base:
    def __init__(self, *arguments): self.arguments = arguments
class Line(Base):
    __view_module__ = "bokeh"
    _args = ("x", "y")
    width = 3
    def __init__(self): raise ValueError("none is made")
class Tool(Base):
    names = {}
    @classmethod
    def register(cls, name): cls.names[name] = cls
Tool.register("tool")
class Kept(Line):
    height = 4
'''


def test_of_a_class_that_is_not_made_the_name_and_what_it_inherits_are_left():
    code = marshal.loads(compile_module(MODELS.encode(), "bokeh.models.thing", "shown.py", lambda module: b"", ["Line", "Tool"])[16:])
    module = types.ModuleType("bokeh.models.thing")
    exec(code, module.__dict__)

    assert {"__view_module__", "_args"} <= vars(module.Line).keys()
    assert vars(module.Line).keys().isdisjoint({"width", "__init__"})
    assert (module.Line._args, module.Line.__view_module__, module.Line("a").arguments) == ((), "bokeh", ("a",))
    assert module.Tool.names == {"tool": module.Tool}  # the module itself asks for it
    assert (module.Kept.height, issubclass(module.Kept, module.Base)) == (4, True)


def test_signatures_and_docstrings_that_are_made_as_the_program_runs_go():
    source = '''
def wrapped(): pass
def signed(cls):
    if cls.__name__:
        names = no_such_name
        cls.__signature__ = names
signed(type("Any", (), {}))
wrapped.__doc__ = no_such_name
wrapped.other = 3
'''

    assert run(source, "bokeh.thing").wrapped.other == 3
    with pytest.raises(NameError):
        run(source, "rooflab.thing")
