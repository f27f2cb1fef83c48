"""Run the lab from the published sources and compile exactly the modules that it loaded; inside Pyodide."""

from __future__ import annotations

import ast
import glob
import os
import pkgutil
import sys
import zipimport
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader

from compile_library import compile_module
from lazy import LAZY_PACKAGES, make_lazy

PREFIX = "/lib/python3.14/"
STDLIB = "/lib/python314.zip/"
ROOTS = {"/pylib/": PREFIX + "site-packages/", "/published/": PREFIX + "site-packages/", STDLIB: PREFIX}

# Imported by functions when they are first called, so not seen when the lab merely starts.
LATER = ("_strptime", "traceback", "linecache")
# Parts of the lab that a browser never runs.
NATIVE = ("rooflab.rehearsal", "rooflab.__main__", "rooflab.command", "rooflab.measured")

# Kinds of Bokeh models that the lab shows, by the names that BokehJS has for them.
shown: set[str] = set()

# Files other than modules that the lab opened, seen by an audit hook, and those whose existence Panel checks.
opened: set[str] = set(glob.glob("/published/panel/theme/css/*.css"))


class LazyLoader(SourceFileLoader):
    """Load a package's `__init__` with its re-exports made lazy."""

    def source_to_code(self, data: bytes, path: str, **_: object) -> object:
        """Compile the lazy form of the source."""
        return compile(make_lazy(ast.parse(data), self.name, published_source), path, "exec", dont_inherit=True)


class LazyFinder:
    """Give the packages of LAZY_PACKAGES to the LazyLoader."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Find `name` as usual and change its loader."""
        if name not in LAZY_PACKAGES:
            return None
        spec = PathFinder.find_spec(name, path, target)
        spec.loader = LazyLoader(name, spec.origin)
        return spec


def published_source(module: str) -> bytes:
    """Return the source of a published module."""
    stem = "/published/" + module.replace(".", "/")
    return read(stem + ".py" if os.path.exists(stem + ".py") else stem + "/__init__.py")


def read(file: str) -> bytes:
    """Return the bytes of a file, also of one inside the standard library's archive."""
    if file.startswith(STDLIB):
        return zipimport.zipimporter(STDLIB[:-1]).get_data(file)
    with open(file, "rb") as stream:
        return stream.read()


def note_models() -> None:
    """Note every kind of Bokeh model that is made from here on."""
    from bokeh.model import Model

    make = Model.__init__

    def noting(self: Model, *arguments: object, **properties: object) -> None:
        shown.add(type(self).__qualified_model__)
        make(self, *arguments, **properties)

    Model.__init__ = noting


def loaded_modules() -> list[str]:
    """Name the modules that the rehearsed lab has loaded, in the order in which they came."""
    return [name for name, module in sys.modules.items() if _root(module) and not name.startswith(NATIVE)]


def loaded_library() -> dict[str, bytes]:
    """Return the files that the lab can come to need: where they lie in the browser, and their bytes."""
    for name in [*LATER, *_own_modules()]:
        __import__(name)
    library = {ROOTS["/published/"] + file.removeprefix("/published/"): read(file) for file in sorted(opened)}
    early = "/inside/sitecustomize.py"
    library[PREFIX + "sitecustomize.pyc"] = compile_module(read(early), "rooflab.sitecustomize", early, published_source)
    for name, module in list(sys.modules.items()):
        root = _root(module)
        if root is None or name.startswith(NATIVE):
            continue
        file = module.__file__
        target = ROOTS[root] + file.removeprefix(root)
        if file.endswith(".py"):
            shown = target.removeprefix(PREFIX).removeprefix("site-packages/")
            library[target.removesuffix(".py") + ".pyc"] = compile_module(read(file), name, shown, published_source)
        else:
            library[target] = read(file)
    return library


def _root(module: object) -> str | None:
    """Return which of the roots a module's file lies under."""
    file = getattr(module, "__file__", None) or ""
    return next((root for root in ROOTS if file.startswith(root)), None)


def _own_modules() -> list[str]:
    """Name every module of the lab that a browser may run."""
    import rooflab

    found = pkgutil.walk_packages(rooflab.__path__, "rooflab.", onerror=lambda name: None)
    return [each.name for each in found if not each.name.startswith(NATIVE)]


def start_lazily() -> None:
    """Make imports of the lazy packages lazy from here on."""
    sys.meta_path.insert(0, LazyFinder)
    sys.addaudithook(_note_opened)


def _note_opened(event: str, arguments: tuple) -> None:
    if event == "open" and isinstance(arguments[0], str):
        file = arguments[0]
        if file.startswith("/published/") and not file.endswith((".py", ".so", ".pyc")) and os.path.isfile(file):
            opened.add(file)
