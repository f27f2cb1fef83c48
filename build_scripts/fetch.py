"""Fetch what is pinned, once, and compare every file with its hash before anything reads it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import setup
from console import BuildError, step
from paths import CACHE, DECODER, RUNTIME
from pins import BROTLI_DECODER, NUMPY, NUMPY_CARRIER, PURE_WHEELS, PYODIDE, Artifact

__all__ = ["fetch_all", "verified"]

RUNTIME_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
DECODER_FILES = ("pkg/brotli_dec_wasm.js", "pkg/brotli_dec_wasm_bg.wasm", "LICENSE-MIT.txt")


def fetch_all() -> dict[str, Path]:
    """Return the path of every pinned file, fetching those that are not in build/cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    found = {artifact.name: _fetch_wheel(artifact) for artifact in PURE_WHEELS}
    _fetch_from_npm(PYODIDE, RUNTIME_FILES, RUNTIME)
    _fetch_from_npm(BROTLI_DECODER, DECODER_FILES, DECODER)
    found["numpy"] = _fetch_numpy()
    return found


def verified(path: Path, sha256: str) -> bool:
    """Say whether `path` exists and has this hash."""
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _fetch_wheel(artifact: Artifact) -> Path:
    target = CACHE / artifact.filename
    if verified(target, artifact.sha256):
        return target
    with step(f"fetching {artifact.name} {artifact.version}"):
        _pip_download(artifact, CACHE)
    _demand(target, artifact.sha256, artifact.name)
    return target


def _pip_download(artifact: Artifact, folder: Path) -> None:
    words = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps"]
    words += ["--only-binary=:all:", "--python-version", "3.12" if artifact is NUMPY_CARRIER else "3.14"]
    words += ["--platform", "manylinux2014_x86_64", "--platform", "manylinux_2_28_x86_64", "--platform", "any"]
    words += ["-d", str(folder), f"{artifact.name}=={artifact.version}"]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    if run.returncode:
        last = (run.stderr or run.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise BuildError(
            f"{artifact.name} {artifact.version} could not be fetched: {last[0]}\n"
            "Is the network reachable? What was fetched is kept in build/cache; run the command again."
        )


def _fetch_from_npm(artifact: Artifact, files: tuple[str, ...], folder: Path) -> None:
    """Put some files of an npm package into a folder, each under its own name."""
    archive = CACHE / artifact.filename
    if not verified(archive, artifact.sha256):
        with step(f"fetching {artifact.name} {artifact.version}"):
            _npm_pack(artifact, archive.parent)
        _demand(archive, artifact.sha256, artifact.name)
    targets = {name: folder / Path(name).name for name in files}
    if all(target.exists() for target in targets.values()):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        for name, target in targets.items():
            source = tar.extractfile(f"package/{name}")
            if source is None:
                raise BuildError(f"{artifact.filename} holds no {name}; delete build/cache and run the command again.")
            target.write_bytes(source.read())


def _npm_pack(artifact: Artifact, folder: Path) -> None:
    words = [*setup.npm(), "pack", f"{artifact.name}@{artifact.version}", "--pack-destination", str(folder)]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    if run.returncode:
        raise BuildError(
            f"{artifact.name} {artifact.version} could not be fetched through npm: {run.stderr.strip().splitlines()[-1:]}\n"
            "Is the network reachable? Run the command again."
        )


def _fetch_numpy() -> Path:
    target = CACHE / NUMPY.filename
    lock = json.loads((RUNTIME / "pyodide-lock.json").read_text())
    if lock["packages"]["numpy"]["sha256"] != NUMPY.sha256:
        raise BuildError("The NumPy hash in pins.py differs from the one in Pyodide's own lock file; the pins disagree.")
    if verified(target, NUMPY.sha256):
        return target
    with step(f"fetching NumPy {NUMPY.version} for WebAssembly"):
        if not _download(NUMPY.url + NUMPY.filename, target):
            _numpy_from_carrier(target)
    _demand(target, NUMPY.sha256, "numpy")
    return target


def _download(url: str, target: Path) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            target.write_bytes(response.read())
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
    return verified(target, NUMPY.sha256)


def _numpy_from_carrier(target: Path) -> None:
    carrier = CACHE / NUMPY_CARRIER.filename
    if not verified(carrier, NUMPY_CARRIER.sha256):
        _pip_download(NUMPY_CARRIER, CACHE)
    _demand(carrier, NUMPY_CARRIER.sha256, NUMPY_CARRIER.name)
    with zipfile.ZipFile(carrier) as archive:
        target.write_bytes(archive.read(f"open_webui/frontend/pyodide/{NUMPY.filename}"))
    carrier.unlink()  # 106 MB of which one member is wanted


def _demand(path: Path, sha256: str, name: str) -> None:
    if verified(path, sha256):
        return
    if path.exists():
        path.unlink()
        raise BuildError(
            f"{name}: the file that was fetched does not have the pinned sha256 {sha256[:16]}...; it was deleted and not used.\n"
            "Run the command again; if it repeats, the source serves another file than the one that was reviewed."
        )
    raise BuildError(f"{name}: {path.name} did not arrive. Run the command again.")
