"""Make the files with which the page measures the learner's machine: both modules of kernels, their texts, and the plan."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from console import BuildError
from kernels import MODULES, kernel_texts, module_text
from paths import BUILD, PYLIB, ROOT
from pins import WABT
from setup import node, wabt

__all__ = ["assembled", "machine_files"]

FOLDER = BUILD / "machine"
ASSEMBLER = ROOT / "build_scripts" / "node" / "assemble_wat.mjs"


def machine_files() -> dict[str, bytes]:
    """Return the content of `plain.wasm`, `relaxed.wasm` and `kernels.json`; the same bytes from the same sources."""
    kernels = json.dumps(_described(), separators=(",", ":"))
    return {**{f"{module}.wasm": path.read_bytes() for module, path in assembled().items()}, "kernels.json": kernels.encode()}


def assembled() -> dict[str, Path]:
    """Return where each module lies, assembled anew where its text changed.

    Raises:
        BuildError: the assembler refuses a text; the message has its reason.
    """
    texts = {module: module_text(module) for module in MODULES}
    digest = hashlib.sha256("\n".join([WABT, *texts.values()]).encode()).hexdigest()
    stamp = FOLDER / "texts.sha256"
    made = {module: FOLDER / f"{module}.wasm" for module in MODULES}
    if stamp.exists() and stamp.read_text() == digest and all(path.exists() for path in made.values()):
        return made
    FOLDER.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for module, text in texts.items():
        (FOLDER / f"{module}.wat").write_text(text)
    run = subprocess.run([str(node()), str(ASSEMBLER), str(wabt()), str(FOLDER)], capture_output=True, text=True, check=False)
    if run.returncode:
        raise BuildError(f"The kernels could not be assembled:\n{run.stderr.strip()[-2000:]}")
    stamp.write_text(digest)
    return made


def _described() -> dict[str, object]:
    """Return the plan, and each kernel with what it counts and its text in both modules."""
    if str(PYLIB) not in sys.path:
        sys.path.insert(0, str(PYLIB))
    from rooflab.machine.plan import KERNELS, plan

    texts = {module: kernel_texts(module) for module in MODULES}
    kernels = [{**each, "texts": {module: texts[module][each["kernel"]] for module in MODULES}} for each in KERNELS]
    return {"plan": plan(), "kernels": kernels}
