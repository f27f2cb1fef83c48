"""A checkout of the lab that the benchmark measures: this one, or one of another commit that is built beside it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from build import build
from console import BuildError, step
from observed_site import make_observed
from paths import BENCH, BUILD, CACHE, DIST_SITE, ROOT, VENV
from setup import python_of

__all__ = ["Tree", "built_beside", "this_tree"]

# Says what the tracks of a tree are called and what their parts set, and makes a ledger of all its parts.
VOCABULARY = """
import importlib, json, sys
package, *places = sys.argv[1:]
sys.path[:0] = places
from ledgers import ledger
tracks = importlib.import_module(f"{package}.tracks").TRACKS
print(json.dumps({
    "tracks": [
        {"id": track.id, "parts": [part.number for part in track.parts],
         "controls": {part.number: {control.id: control.label for control in part.controls} for part in track.parts}}
        for track in tracks
    ],
    "ledger": ledger(*(track.id for track in tracks)),
}))
"""
OBSERVED = """
import sys
sys.path.insert(0, "build_scripts")
from observed_site import make_observed
from paths import DIST_SITE
make_observed(DIST_SITE)
"""


@dataclass(frozen=True)
class Tree:
    """A built checkout, with the Python of its own environment; `observed` is its site with Python within reach."""

    root: Path
    python: Path
    site: Path
    observed: Path

    @property
    def pylib(self) -> Path:
        """Return the folder of its package."""
        return self.root / "pylib"

    @property
    def program(self) -> Path:
        """Return the program that times its model."""
        return self.root / "build_scripts" / "observed" / "measure.py"

    @cached_property
    def package(self) -> str:
        """Return the name of its package, which names its keys too; the lab was called otherwise once."""
        return next(path.parent.name for path in self.pylib.glob("*/__main__.py"))

    @cached_property
    def vocabulary(self) -> dict[str, object]:
        """Return its `tracks` and a whole `ledger`."""
        places = [str(self.pylib), str(self.root / "tests" / "browser"), str(self.root)]
        run = subprocess.run(
            [self.python, "-c", VOCABULARY, self.package, *places], capture_output=True, text=True, check=True
        )
        return json.loads(run.stdout)


def this_tree() -> Tree:
    """Build this tree and return it."""
    site, _ = build()
    return Tree(ROOT, Path(sys.executable), site, make_observed(site))


def built_beside(commit: str) -> Tree:
    """Build the tree of a commit under build/against, with its own build scripts, and return it.

    Raises:
        BuildError: there is no such commit here, or it could not be built.
    """
    sha = _sha(commit)
    root = BUILD / "against" / sha
    if not root.exists():
        _check_out(sha, root)
    with step(f"building {sha[:12]} beside this tree"):
        _run([sys.executable, "build_scripts", "build"], root, f"{commit} could not be built")
        python = python_of(root / VENV.relative_to(ROOT))
        _run([python, "-c", OBSERVED], root, f"{commit} could not be made ready to be looked into")
    there = {path: root / path.relative_to(ROOT) for path in (DIST_SITE, BENCH)}
    return Tree(root, python, there[DIST_SITE], there[BENCH] / "observed")


def _sha(commit: str) -> str:
    words = ["git", "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False) if shutil.which("git") else None
    if run is None or run.returncode:
        raise BuildError(f"{commit} is no commit of this repository, or git is missing here.")
    return run.stdout.strip()


def _check_out(sha: str, root: Path) -> None:
    """Unpack the files of a commit; what was downloaded is shared, for its hashes are checked anyway."""
    partial = root.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "build").mkdir(parents=True)
    archive = partial / "build" / "tree.tar"
    _run(["git", "archive", "--output", archive, sha], ROOT, f"{sha} could not be unpacked")
    with tarfile.open(archive) as opened:
        opened.extractall(partial, filter="data")
    archive.unlink()
    CACHE.mkdir(parents=True, exist_ok=True)
    (partial / "build" / "cache").symlink_to(CACHE.resolve())
    partial.rename(root)


def _run(words: list[object], folder: Path, why: str) -> None:
    run = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode:
        raise BuildError(f"{why}:\n{(run.stdout + run.stderr).strip()[-600:]}")
