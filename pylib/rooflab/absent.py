"""Stand-ins for the parts of Panel and Bokeh that a browser-only lab never uses.

Panel imports all of itself at once. What is listed here is replaced by an empty module whose every attribute is a
class that refuses to be made, so class hierarchies and isinstance checks still stand. `install` runs as Python
starts, at build time and in the fall-back start alike.
"""

from __future__ import annotations

import json
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["ABSENT", "install"]

ABSENT: frozenset[str] = frozenset(
    """
    panel.io.pyodide importlib.metadata email http urllib.request urllib.response urllib.error webbrowser
    unittest multiprocessing argparse cProfile profile _lsprof tqdm yaml ipaddress zoneinfo concurrent.futures.thread
    gettext shlex pkgutil queue colorsys
    panel.chat panel.pipeline panel.interact panel.links panel.io.embed panel.io.notebook panel.io.profile panel.io.save
    panel.io.mime_render panel.entry_points panel.command panel.auth
    panel.widgets.tables panel.widgets.file_selector panel.widgets.indicators panel.models.trend
    panel.models.datetime_picker panel.models.datetime_slider panel.models.time_picker
    bokeh.command bokeh.client bokeh.server
    numpy.ma numpy.polynomial numpy.fft numpy.linalg numpy._core._add_newdocs numpy._core._add_newdocs_scalars
    ssl subprocess asyncio.sslproto asyncio.base_subprocess jinja2 markupsafe
    """.split()
)


INERT = ("jinja2", "markupsafe")
"""Of these, modules make objects as they are imported."""


class AbsentFinder:
    """Find the modules of ABSENT, and everything below them, as stand-ins."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return a spec for an absent module, None for any other."""
        if name in ABSENT or any(name.startswith(absent + ".") for absent in ABSENT):
            return ModuleSpec(name, AbsentFinder, is_package=True)
        return None

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        """Make the stand-in."""
        return AbsentModule(spec.name)

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Leave the stand-in empty."""
        module.__all__ = ()
        module.__path__ = []
        if module.__name__ == "importlib.metadata":
            module.version = _version
        if module.__name__ == "numpy.ma":
            module.is_masked = module.isMaskedArray = _is_masked  # numpy.unique and numpy.median ask


class AbsentModule(ModuleType):
    """A module without content: any public attribute is a class that cannot be made."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.startswith(INERT):
            return Inert()
        made = type(name, (), {"__module__": self.__name__, "__init__": _refuse})
        setattr(self, name, made)
        return made


class Inert:
    """Swallow what a module does with its templates while it is imported; nothing comes of it."""

    def __call__(self, *_: object, **__: object) -> Inert:
        return self

    def __getattr__(self, name: str) -> Inert:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> Inert:
        return self

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def __mro_entries__(self, bases: tuple) -> tuple:
        return ()


def _refuse(self: object, *_: object, **__: object) -> None:
    raise NotImplementedError(f"{type(self).__module__}.{type(self).__name__} is left out of Rooflab (rooflab/absent.py)")


def _is_masked(array: object) -> bool:
    return False


def _version(name: str) -> str:
    """Say which version of a package is here, from the list that the build wrote beside the packages."""
    with open("/lib/python3.14/site-packages/versions.json") as stream:
        return json.load(stream)[name.lower()]


def install() -> None:
    """Put the stand-ins before every other importer; doing it twice changes nothing."""
    if AbsentFinder not in sys.meta_path:
        sys.meta_path.insert(0, AbsentFinder)
