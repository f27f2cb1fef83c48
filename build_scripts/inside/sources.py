"""Where the sources lie inside Pyodide while the library is made, and where their bytecode lies in the browser."""

from __future__ import annotations

import os
import zipimport

PREFIX = "/lib/python3.14/"
PACKAGES = PREFIX + "site-packages/"
STDLIB = "/lib/python314.zip/"
ROOTS = {"/pylib/": PACKAGES, "/published/": PACKAGES, STDLIB: PREFIX}


def root_of(file: str) -> str | None:
    """Return which of the roots a file lies under."""
    return next((root for root in ROOTS if file.startswith(root)), None)


def target_of(file: str) -> str:
    """Return where a file under one of the roots lies in the browser."""
    root = root_of(file)
    return ROOTS[root] + file.removeprefix(root)


def read(file: str) -> bytes:
    """Return the bytes of a file, also of one inside the standard library's archive."""
    if file.startswith(STDLIB):
        return zipimport.zipimporter(STDLIB[:-1]).get_data(file)
    with open(file, "rb") as stream:
        return stream.read()


def published_source(module: str) -> bytes:
    """Return the source of a published module."""
    stem = "/published/" + module.replace(".", "/")
    return read(stem + ".py" if os.path.exists(stem + ".py") else stem + "/__init__.py")
