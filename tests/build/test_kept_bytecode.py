"""Bytecode is kept by what it depends on: a changed file is compiled again alone, and what is kept is what would be made."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from image import INSIDE, NODE
from paths import RUNTIME
from setup import node

sys.path.append(str(INSIDE))

import kept_bytecode  # noqa: E402

SOURCES = {"panel/theme/__init__.py": "from .base import Theme\n", "shop/__init__.py": "", "shop/bread.py": "LOAF = 1\n", "shop/sweets.py": "from shop.bread import LOAF\n"}
PROGRAM = """
import fs from "node:fs";
import { startPublished } from "PYODIDE_MJS";
const { runtime, folders, digests } = JSON.parse(fs.readFileSync("config.json"));
const py = await startPublished(runtime);
for (const [name, root] of Object.entries(folders)) {
  py.FS.mkdirTree(`/${name}`);
  py.FS.mount(py.FS.filesystems.NODEFS, { root }, `/${name}`);
}
py.globals.set("digests", py.toPy(digests));
console.log(py.runPython(`
import glob, json, sys
sys.path.append("/inside")
from kept_bytecode import KeptBytecode
kept = KeptBytecode("/kept", **digests)
files = {file[7:-3].replace("/", ".").removesuffix(".__init__"): file for file in sorted(glob.glob("/pylib/**/*.py", recursive=True))}
made = {name: kept.bytecode(name, file).hex() for name, file in files.items()}
json.dumps([kept.compiled, made])
`));
process.exit(0);
"""
LAZY = "panel.theme"  # one of those whose re-exports are made lazy
ALL = [LAZY, "shop", "shop.bread", "shop.sweets"]


class Shop:
    """A small package, and a folder in which its bytecode is kept."""

    def __init__(self, folder):
        if not (RUNTIME / "pyodide.mjs").exists():
            pytest.fail("There is no unpacked runtime; run: python3 build_scripts test")
        self.pylib, self.inside, self.kept = (folder / name for name in ("pylib", "inside", "kept"))
        self.digests = {"runtime": "one", "published": "one"}
        self.folder = folder
        shutil.copytree(INSIDE, self.inside)
        self.kept.mkdir()
        for name, source in SOURCES.items():
            self.write(name, source)
        (folder / "run.mjs").write_text(PROGRAM.replace("PYODIDE_MJS", (NODE / "pyodide.mjs").as_uri()))

    def write(self, name, source):
        """Change a module."""
        (self.pylib / name).parent.mkdir(parents=True, exist_ok=True)
        (self.pylib / name).write_text(source)

    def compile(self, kept=None):
        """Return which modules had to be compiled, and the bytecode of all."""
        folders = {"pylib": str(self.pylib), "inside": str(self.inside), "kept": str(kept or self.kept)}
        (self.folder / "config.json").write_text(json.dumps({"runtime": f"{RUNTIME}/", "folders": folders, "digests": self.digests}))
        run = subprocess.run([str(node()), "run.mjs"], cwd=self.folder, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr[-3000:]
        return json.loads(run.stdout.splitlines()[-1])

    def compile_anew(self):
        """Return the bytecode of all, made with nothing kept."""
        nothing = self.folder / "nothing"
        nothing.mkdir()
        return self.compile(nothing)[1]


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    assert made.compile()[0] == ALL
    return made


def test_what_is_kept_is_what_a_build_from_scratch_makes(shop):
    compiled, kept = shop.compile()

    assert compiled == []
    assert kept == shop.compile_anew()


def test_a_changed_file_is_compiled_again_alone(shop):
    shop.write("shop/bread.py", "LOAF = 2\n")
    compiled, made = shop.compile()

    assert compiled == ["shop.bread"]
    assert made == shop.compile_anew()


def test_a_file_that_is_changed_back_is_not_compiled_again(shop):
    shop.write("shop/bread.py", "LOAF = 2\n")
    shop.compile()
    shop.write("shop/bread.py", SOURCES["shop/bread.py"])

    assert shop.compile()[0] == []


@pytest.mark.parametrize("program", ["compile_library.py", "lazy.py"])
def test_a_changed_way_of_compiling_compiles_all_again(shop, program):
    path = shop.inside / program
    path.write_text(path.read_text() + "# another\n")

    assert shop.compile()[0] == ALL


def test_another_interpreter_compiles_all_again(shop):
    shop.digests["runtime"] = "two"

    assert shop.compile()[0] == ALL


def test_what_was_cut_off_is_compiled_again(shop):
    expected = shop.compile()[1]
    for path in shop.kept.glob("shop.bread-*"):
        path.write_bytes(path.read_bytes()[:-1])

    assert shop.compile() == [["shop.bread"], expected]


def test_other_published_packages_compile_the_lazy_packages_again(shop):
    shop.digests["published"] = "two"

    assert shop.compile()[0] == [LAZY]


def test_what_another_thread_wrote_in_between_stays(tmp_path, monkeypatch):
    def taken(partial, file):
        shutil.copy(partial, file)
        raise FileExistsError(file)

    monkeypatch.setattr(os, "replace", taken)
    kept_bytecode._write_whole(str(tmp_path / "shop"), b"bytecode")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"shop": b"bytecode"}
