"""Functions of the model and the systems are short and take few parameters: what is more becomes a record."""

import ast
from pathlib import Path

import pytest

import rooflab

ROOT = Path(rooflab.__file__).parent
MOST_LINES = 60
MOST_PARAMETERS = 8
FILES = [path for name in ("model", "systems") for path in sorted((ROOT / name).rglob("*.py"))]


def too_large(text):
    """Return the functions of a module that are too long or take too many parameters, keyword-only ones too."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            taken = node.args
            every = (*taken.posonlyargs, *taken.args, *taken.kwonlyargs, taken.vararg, taken.kwarg)
            parameters = len([each for each in every if each is not None])
            lines = node.end_lineno - node.lineno + 1
            if lines > MOST_LINES or parameters > MOST_PARAMETERS:
                found.append(f"{node.name}: {lines} lines, {parameters} parameters")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_functions_are_short_and_take_few_parameters(path):
    assert too_large(path.read_text(encoding="utf-8")) == []


def test_a_long_function_and_many_parameters_are_found():
    long = "def long():\n" + "    x = 1\n" * MOST_LINES

    assert too_large("def short(a, b, c, d, *, e, f, g, h): ...") == []
    assert too_large("def wide(a, b, c, d, *, e, f, g, h, **others): ...") == ["wide: 1 lines, 9 parameters"]
    assert too_large(long) == ["long: 61 lines, 0 parameters"]
