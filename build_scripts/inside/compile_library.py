"""Compile the modules the lab uses to small bytecode; runs inside Pyodide, because bytecode belongs to one version.

What is taken out of third-party sources before compiling, none of which runs in the lab: docstrings, help texts of
properties and parameters, signatures, annotations of functions, blocks for type checkers, line tables; and all but the names of
Bokeh's models of which the lab makes none.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable
from importlib._bootstrap_external import _code_to_hash_pyc
from importlib.util import source_hash
from types import CodeType

from lazy import LAZY_PACKAGES, make_lazy

DOCUMENTED = ("bokeh", "panel", "param")
OURS = ("rooflab",)


class Trim(ast.NodeTransformer):
    """Drop what only a reader or a type checker wants."""

    def __init__(self, documented: bool) -> None:
        self.documented = documented

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Drop the annotations of arguments and result."""
        self.generic_visit(node)
        node.returns = None
        for arg in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]:
            if arg is not None:
                arg.annotation = None
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        """Drop the branch that only type checkers take, and one that writes a signature."""
        if any(_describes(each) for each in node.body):
            return node.orelse or ast.Pass()
        self.generic_visit(node)
        test = node.test
        name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
        return (node.orelse or ast.Pass()) if name == "TYPE_CHECKING" else node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Drop a signature or a docstring that is made as the program runs."""
        self.generic_visit(node)
        return ast.Pass() if _describes(node) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Drop help texts."""
        self.generic_visit(node)
        if self.documented:
            node.keywords = [word for word in node.keywords if word.arg not in ("help", "doc") or not _is_text(word.value)]
        return node


class Hollow(ast.NodeTransformer):
    """Leave of some classes of a module their names, bases and decorators: what is asked of a class of which none is made.

    One that a statement of the module asks for anything stays whole.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)

    def visit_Module(self, node: ast.Module) -> ast.AST:
        """Empty the classes that the module's own statements leave alone."""
        asked = {
            each.value.id
            for statement in node.body
            if not isinstance(statement, ast.ClassDef | ast.FunctionDef)
            for each in ast.walk(statement)
            if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name)
        }
        for statement in node.body:
            if isinstance(statement, ast.ClassDef) and statement.name in self.names - asked:
                statement.body = [kept for each in statement.body for kept in self._left(each)] or [ast.Pass()]
        return node

    @staticmethod
    def _left(statement: ast.stmt) -> list[ast.stmt]:
        """Return what is left of a statement: where its JavaScript lies, and that it takes no arguments by place."""
        names = [each.id for each in statement.targets if isinstance(each, ast.Name)] if isinstance(statement, ast.Assign) else []
        if names == ["_args"]:
            return [ast.Assign(targets=statement.targets, value=ast.Tuple(elts=[], ctx=ast.Load()))]
        return [statement] if any(each.startswith("__") for each in names) else []


def compile_module(source: bytes, name: str, filename: str, published: Callable[[str], bytes], hollow: Iterable[str] = ()) -> bytes:
    """Return the bytes of a sourceless .pyc for this module; `published` gives the source of any other.

    Classes in `hollow` keep their names and bases only.
    """
    tree = ast.parse(source)
    if hollow:
        tree = Hollow(hollow).visit(tree)
    if name in LAZY_PACKAGES:
        tree = make_lazy(tree, name, published)
    package = name.split(".")[0]
    if package not in OURS:
        tree = ast.fix_missing_locations(Trim(package in DOCUMENTED).visit(tree))
    code = compile(tree, filename, "exec", dont_inherit=True, optimize=2)
    return bytes(_code_to_hash_pyc(_slim(code, package not in OURS), source_hash(source), False))


def _slim(code: CodeType, third_party: bool) -> CodeType:
    consts = tuple(_slim(c, third_party) if isinstance(c, CodeType) else _interned(c) for c in code.co_consts)
    return code.replace(co_consts=consts, **({"co_linetable": _unknown_lines(len(code.co_code) // 2)} if third_party else {}))


def _unknown_lines(units: int) -> bytes:
    """A line table that says of `units` code units that nothing is known: entries of kind 15, up to 8 units each."""
    whole, rest = divmod(units, 8)
    return b"\xff" * whole + (bytes([0xF8 | (rest - 1)]) if rest else b"")


def _interned(constant: object) -> object:
    """Share equal strings between modules: an interned constant is stored once in memory."""
    if type(constant) is str:
        return sys.intern(constant)
    if type(constant) is tuple:
        return tuple(map(_interned, constant))
    return constant


def _describes(node: ast.stmt) -> bool:
    """Say whether a statement writes what only `help` reads of an object."""
    if not isinstance(node, ast.Assign):
        return False
    return all(isinstance(each, ast.Attribute) and each.attr in ("__signature__", "__doc__") for each in node.targets)


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
