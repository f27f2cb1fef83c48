"""Make the site that starts the ordinary way, which the benchmark compares with; never published."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

from assemble import bundle_script, data_element
from library import PUBLISHED
from paths import BENCH, PYLIB, ROOT, RUNTIME

__all__ = ["make_ordinary", "put_worker"]

RUNTIME_FILES = ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
NOT_IMPORTED = ("tests/", "f2py/", "_pyinstaller/", "testing/")

# Panel's module for Pyodide imports pandas unless this one is there; without pandas it is what everyone can have.
PYODIDE_HTTP = "def patch_all():\n    pass\n"


def make_ordinary(site: Path) -> Path:
    """Copy the built site and let its worker start the ordinary way; return the copy."""
    target = BENCH / "ordinary"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target, ignore=shutil.ignore_patterns("runtime", "sw.js"))
    folder = target / "ordinary"
    folder.mkdir()
    for name in RUNTIME_FILES:
        shutil.copy2(RUNTIME / name, folder / name)
    _write_packages(folder / "packages.zip")
    worker = bundle_script(ROOT / "build_scripts" / "ordinary" / "worker.js", target / "js")
    put_worker(target, worker)
    page = target / "index.html"
    page.write_text(re.sub(r' data-inflate="[^"]*"', "", page.read_text()))
    return target


def put_worker(site: Path, worker: Path) -> None:
    """Let the page of a site start another worker."""
    page = (site / "index.html").read_text()
    manifest = json.loads(re.search(r'id="lab-files">(.*?)</script>', page, re.S)[1])
    manifest["worker"] = f"js/{worker.name}"
    data = data_element("lab-files", json.dumps(manifest))
    page = re.sub(r'<script type="application/json" id="lab-files">.*?</script>\n', lambda _: data, page, flags=re.S)
    page = re.sub(r'data-worker="[^"]*"', f'data-worker="{manifest["worker"]}"', page)
    (site / "index.html").write_text(page)


def _write_packages(target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for root in (PUBLISHED, PYLIB):
            for path in sorted(root.rglob("*")):
                name = path.relative_to(root).as_posix()
                if path.is_file() and "__pycache__" not in name and not any(part in f"{name}/" for part in NOT_IMPORTED):
                    archive.write(path, name)
        archive.writestr("pyodide_http.py", PYODIDE_HTTP)
