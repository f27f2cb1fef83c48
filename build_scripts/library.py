"""Unpack the published packages into one source tree, without their static folders."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from console import step
from paths import TREE

__all__ = ["PUBLISHED", "STATIC", "unpack_published"]

PUBLISHED = TREE / "published"
STATIC = TREE / "static"

# Folders of files for the page, not for Python: served from the site, never loaded by the interpreter.
STATIC_FOLDERS = ("bokeh/server/static/", "panel/dist/", "panel/package-lock.json", "panel/examples/")


def unpack_published(wheels: dict[str, Path]) -> Path:
    """Return a folder with every package as published, sources only; the static folders lie beside it."""
    stamp = PUBLISHED / ".complete"
    wanted = "\n".join(path.name for path in wheels.values())
    if stamp.exists() and stamp.read_text() == wanted:
        return PUBLISHED
    shutil.rmtree(TREE, ignore_errors=True)
    with step("unpacking the packages"):
        for path in wheels.values():
            _unpack(path)
    stamp.write_text(wanted)
    return PUBLISHED


def _unpack(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith("/") or "-linux-gnu" in name:
                continue
            folder = STATIC if name.startswith(STATIC_FOLDERS) else PUBLISHED
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
