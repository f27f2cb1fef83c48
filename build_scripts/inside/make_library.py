"""Run the lab from the published sources and compile exactly the modules that it loaded; inside Pyodide."""

from __future__ import annotations

import glob
import marshal
import os
import pkgutil
import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from kept_bytecode import KeptBytecode
from sources import PREFIX, read, root_of, target_of

# Imported by functions when they are first called, so not seen when the lab merely starts.
LATER = ("_strptime", "traceback", "linecache")
# Parts of the lab that a browser never runs.
NATIVE = ("rooflab.rehearsal", "rooflab.__main__", "rooflab.command", "rooflab.measured")

# Kinds of Bokeh models that the lab shows, by the names that BokehJS has for them.
shown: set[str] = set()
# Classes of which the lab makes models, and all that they inherit from.
made: set[type] = set()

# Files other than modules that the lab opened, seen by an audit hook, and those whose existence Panel checks.
opened: set[str] = set(glob.glob("/published/panel/theme/css/*.css"))


class KeptLoader:
    """Load a module from the very bytecode that the browser will run; what else is asked of a loader, another answers."""

    def __init__(self, name: str, file: str, kept: KeptBytecode, loader: object) -> None:
        self._name, self._file, self._kept, self._loader = name, file, kept, loader

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> None:
        """Let Python make the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's bytecode."""
        exec(marshal.loads(memoryview(self._kept.bytecode(self._name, self._file))[16:]), module.__dict__)


class KeptFinder:
    """Give every module whose source lies under one of the roots to a KeptLoader."""

    def __init__(self, kept: KeptBytecode) -> None:
        self._kept = kept

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Find `name` as usual and change its loader."""
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or not spec.has_location or not spec.origin.endswith(".py") or root_of(spec.origin) is None:
            return None
        spec.loader = KeptLoader(name, spec.origin, self._kept, spec.loader)
        return spec


def note_models() -> None:
    """Note every kind of Bokeh model that is made from here on."""
    from bokeh.model import Model

    make = Model.__init__

    def noting(self: Model, *arguments: object, **properties: object) -> None:
        shown.add(type(self).__qualified_model__)
        made.update(type(self).__mro__)
        make(self, *arguments, **properties)

    Model.__init__ = noting


def loaded_models() -> dict[str, dict[str, bool]]:
    """Return the classes of Bokeh's models that were loaded, by module and name, and whether the lab makes any or inherits from it."""
    from bokeh.model import Model

    found: dict[str, dict[str, bool]] = {}
    waiting = list(Model.__subclasses__())
    while waiting:
        each = waiting.pop()
        waiting += each.__subclasses__()
        if each.__module__.startswith(("bokeh.models.", "panel.models.")):
            found.setdefault(each.__module__, {})[each.__name__] = each in made
    return found


def hollowed(kept: KeptBytecode, hollow: dict[str, list[str]]) -> dict[str, bytes]:
    """Return where the modules lie of which some classes keep but their names, and their bytecode."""
    kept.hollow = hollow
    files = {name: sys.modules[name].__file__ for name in hollow if name in sys.modules}
    return {target_of(file) + "c": kept.bytecode(name, file) for name, file in files.items()}


def loaded_modules() -> list[str]:
    """Name the modules that the rehearsed lab has loaded, in the order in which they came."""
    return [name for name, module in sys.modules.items() if _root(module) and not name.startswith(NATIVE)]


def loaded_library(kept: KeptBytecode) -> dict[str, bytes]:
    """Return the files that the lab can come to need: where they lie in the browser, and their bytes."""
    for name in [*LATER, *_own_modules()]:
        __import__(name)
    library = {target_of(file): read(file) for file in sorted(opened)}
    library[PREFIX + "sitecustomize.pyc"] = kept.bytecode("rooflab.sitecustomize", "/inside/sitecustomize.py")
    for name, module in list(sys.modules.items()):
        if _root(module) is None or name.startswith(NATIVE):
            continue
        file = module.__file__
        target = target_of(file)
        if file.endswith(".py"):
            library[target + "c"] = kept.bytecode(name, file)
        else:
            library[target] = read(file)
    return library


def own_library(kept: KeptBytecode) -> dict[str, bytes]:
    """Return where each module of the lab that a browser may run lies there, and its bytecode; none is run."""
    library = {}
    for file in glob.glob("/pylib/rooflab/**/*.py", recursive=True):
        name = file.removeprefix("/pylib/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        if not name.startswith(NATIVE):
            library[target_of(file) + "c"] = kept.bytecode(name, file)
    return library


def _root(module: object) -> str | None:
    """Return which of the roots a module's file lies under."""
    return root_of(getattr(module, "__file__", None) or "")


def _own_modules() -> list[str]:
    """Name every module of the lab that a browser may run."""
    import rooflab

    found = pkgutil.walk_packages(rooflab.__path__, "rooflab.", onerror=lambda name: None)
    return [each.name for each in found if not each.name.startswith(NATIVE)]


def follow_imports(kept: KeptBytecode) -> None:
    """From here on, import from kept bytecode and note which files are opened."""
    del sys.modules["hashlib"]  # it came for us; the lab's own import puts it where it belongs in the list of modules
    sys.meta_path.insert(0, KeptFinder(kept))
    sys.addaudithook(_note_opened)


def _note_opened(event: str, arguments: tuple) -> None:
    if event == "open" and isinstance(arguments[0], str):
        file = arguments[0]
        if file.startswith("/published/") and not file.endswith((".py", ".so", ".pyc")) and os.path.isfile(file):
            opened.add(file)
