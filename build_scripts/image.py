"""Compile the lab's library and take its memory image, in Pyodide under Node; both are kept while nothing changes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from console import BuildError, step
from library import unpack_published
from paths import BUILD, IMAGE, KEPT_BYTECODE, PYLIB, ROOT, RUNTIME
from pins import NUMPY, PURE_WHEELS, PYODIDE
from setup import NODE_PACKAGE, node
from split_wasm import noting_calls

__all__ = ["INSIDE", "NODE", "PROGRAM", "Lab", "is_current", "kept_lab", "make_image", "module_file", "run_node", "write_config"]

INSIDE = ROOT / "build_scripts" / "inside"
STAMP = IMAGE / "inputs.sha256"
NODE = ROOT / "build_scripts" / "node"
SPLITTING = (ROOT / "build_scripts" / "split_wasm.py", ROOT / "build_scripts" / "wasm_binary.py")
PROGRAM = "wasm"  # the asset that is the runtime's own module
LINKING = ROOT / "site" / "js" / "worker" / "linking.js"  # runs in the browser and under Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """What one run of the lab at build time leaves: its library, its memory, its document, its words, the models it shows.

    Without an `image` the lab can only start from its library.
    """

    pack: Path
    image: Path | None
    document: Path
    words: dict[str, object]
    shown: list[str]
    facts: dict[str, object]

    @property
    def shown_first(self) -> set[str]:
        """Name the models of the first document."""
        found: list[dict] = []
        json.loads(self.document.read_text(), object_hook=found.append)
        return {each["name"] for each in found if each.get("type") == "object"}

    @property
    def libraries(self) -> dict[str, str]:
        """Name of the asset for each binary library, by its path in Python's file system, in load order."""
        return {path: Path(path).name.split(".")[0] for path in self.facts["libraries"]}

    @property
    def library_files(self) -> dict[str, Path]:
        """Return the binary libraries themselves, by the name of their asset."""
        return {name: module_file(name) for name in self.libraries.values()}

    def called(self, name: str) -> list[int]:
        """Return which functions of a module are called, by their place among those it defines."""
        return json.loads((IMAGE / "calls.json").read_text())[name]


def make_image(wheels: dict[str, Path]) -> Lab:
    """Return the lab as it is when it has just run, making it anew where any input changed."""
    published = unpack_published(wheels)
    config = write_config(IMAGE, published)
    if not is_current():
        wanted = _inputs()
        STAMP.unlink(missing_ok=True)
        with step("rehearsing the lab and compiling what changed"):
            run_node("library.mjs", config)
        with step("running the lab and keeping its memory"):
            run_node("image.mjs", config)
        with step("noting which functions of the runtime it calls"):
            note_calls(config)
        STAMP.write_text(wanted)
    return kept_lab()


def note_calls(config: Path) -> None:
    """Resume the image in modules that note which of their functions are called, and keep that."""
    noted = {name: IMAGE / f"{name}.noted.wasm" for name in [PROGRAM, *kept_lab().library_files]}
    for name, target in noted.items():
        target.write_bytes(noting_calls(module_file(name).read_bytes()))
    run_node("calls.mjs", config)
    for target in noted.values():
        target.unlink()


def module_file(name: str) -> Path:
    """Return the file of the runtime's program, or of a binary library, as it was published."""
    return RUNTIME / "pyodide.asm.wasm" if name == PROGRAM else IMAGE / f"{name}.so"


def is_current() -> bool:
    """Return whether nothing changed since the image was taken."""
    return STAMP.exists() and STAMP.read_text() == _inputs()


def kept_lab() -> Lab:
    """Return the lab as it was when the image was taken."""
    return Lab(
        pack=IMAGE / "library.pack",
        image=IMAGE / "lab.image",
        document=IMAGE / "document.json",
        shown=json.loads((IMAGE / "shown.json").read_text()),
        words=json.loads((IMAGE / "words.json").read_text()),
        facts=json.loads((IMAGE / "facts.json").read_text()),
    )


def write_config(out: Path, published: Path) -> Path:
    """Write what the programs under Node have to know to put their results into `out`, and return that file."""
    for folder in (out, KEPT_BYTECODE):
        folder.mkdir(parents=True, exist_ok=True)
    config = out / "config.json"
    settings = {
        "runtime": f"{RUNTIME}/",
        "published": str(published),
        "pylib": str(PYLIB),
        "inside": str(INSIDE),
        "kept": str(KEPT_BYTECODE),
        "digests": {"runtime": PYODIDE.sha256, "published": " ".join([NUMPY.sha256, *(wheel.sha256 for wheel in PURE_WHEELS)])},
        "versions": {wheel.name.lower(): wheel.version for wheel in PURE_WHEELS} | {"numpy": NUMPY.version},
        "out": str(out),
    }
    config.write_text(json.dumps(settings))
    return config


def _inputs() -> str:
    digest = hashlib.sha256()
    for name in [NODE_PACKAGE, PYODIDE.sha256, NUMPY.sha256, *(wheel.sha256 for wheel in PURE_WHEELS)]:
        digest.update(name.encode())
    sources = [*PYLIB.rglob("*.*"), *INSIDE.glob("*.py"), *NODE.glob("*.mjs"), *SPLITTING, LINKING]
    for path in sorted(path for path in sources if path.is_file() and path.suffix != ".pyc"):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def run_node(script: str, config: Path) -> None:
    """Run one of our programs under Node.

    Raises:
        BuildError: it failed; the message has the end of what it printed.
    """
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    log = BUILD / f"{Path(script).stem}.log"
    with log.open("wb") as stream:
        run = subprocess.run(
            [str(node()), str(NODE / script), str(config)], stdout=stream, stderr=subprocess.STDOUT, check=False, env=environment, timeout=900
        )
    if run.returncode:
        lines = [line[:300] for line in log.read_text(errors="replace").splitlines() if "async function _create" not in line]
        raise BuildError(f"The lab could not be run in Pyodide ({script}):\n" + "\n".join(lines[-25:]))
