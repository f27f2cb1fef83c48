"""Make the re-exports of a package's `__init__` lazy: a name is imported when somebody asks for it.

Panel and Bokeh import all of themselves at once. Their `__init__` files are lists of re-exports, which this turns into
one table and a module `__getattr__` (PEP 562), so that only the modules that the lab uses are ever loaded.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

LAZY_PACKAGES = frozenset(
    """
    panel panel.layout panel.widgets panel.pane panel.models panel.io panel.theme
    bokeh.models bokeh.models.annotations bokeh.models.annotations.html bokeh.models.widgets
    bokeh.plotting bokeh.io bokeh.embed
    """.split()
)

RESOLVER = '''
def __getattr__(name):
    try:
        module, attribute = _LAZY[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    from importlib import import_module
    found = import_module(module)
    globals()[name] = found = getattr(found, attribute) if attribute else found
    return found

import sys

class _Package(type(sys)):
    def __setattr__(self, name, value):
        # The import system enters each submodule in its package; a re-export of the same name goes before it.
        if not (name in _LAZY and _LAZY[name][1] and isinstance(value, _Package.__base__)):
            super().__setattr__(name, value)

sys.modules[__name__].__class__ = _Package
del sys
'''


def make_lazy(tree: ast.Module, package: str, source: Callable[[str], bytes]) -> ast.Module:
    """Return `tree`, the body of `package/__init__.py`, with its re-exports made lazy.

    `source(module)` gives the source of a module. An import stays where another statement of the body uses the name
    it binds; a computed `__all__` is replaced by the names of the table.
    """
    statements = [s for s in tree.body if not _assigns_all(s)]
    used = {n.id for s in statements if not _imports(s) for n in ast.walk(s) if isinstance(n, ast.Name)}
    table: dict[str, tuple[str, str]] = {}
    body = []
    for statement in statements:
        if isinstance(statement, ast.ImportFrom) and statement.level:
            base = ".".join(package.split(".")[: len(package.split(".")) - statement.level + 1])
            statement.names = _postpone(statement, base, used, table, source)
            if not statement.names:
                continue
        body.append(statement)
    resolver = ast.parse(f"_LAZY = {table!r}\n__all__ = tuple(_LAZY)\n" + RESOLVER).body
    at = next((i + 1 for i, s in enumerate(body) if isinstance(s, ast.ImportFrom) and s.module == "__future__"), 0)
    tree.body = [*body[:at], *resolver, *body[at:]]
    return ast.fix_missing_locations(tree)


def _postpone(
    statement: ast.ImportFrom, base: str, used: set[str], table: dict[str, tuple[str, str]], source: Callable[[str], bytes]
) -> list[ast.alias]:
    """Enter the names of one import into the table and return those that must stay."""
    kept = []
    for alias in statement.names:
        bound = alias.asname or alias.name
        if alias.name == "*":
            module = f"{base}.{statement.module}"
            table |= {name: (module, name) for name in exports(module, source)}
        elif bound in used:
            kept.append(alias)
        elif statement.module:
            table[bound] = (f"{base}.{statement.module}", alias.name)
        else:
            table[bound] = (f"{base}.{alias.name}", "")
    return kept


def exports(module: str, source: Callable[[str], bytes]) -> list[str]:
    """Return the `__all__` of a module, from its source: literal names, and those of submodules it spreads."""
    for statement in ast.parse(source(module)).body:
        if _assigns_all(statement):
            names = []
            for element in statement.value.elts:
                if isinstance(element, ast.Starred):
                    names += exports(f"{module}.{element.value.value.id}", source)
                else:
                    names.append(element.value)
            return names
    raise ValueError(f"{module} has no __all__, so its star import cannot be made lazy")


def _assigns_all(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in statement.targets)


def _imports(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.Import, ast.ImportFrom))
