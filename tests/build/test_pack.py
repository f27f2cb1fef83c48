"""A pack that the build writes is what the worker reads."""

import json
import shutil
import subprocess

import pytest
import setup
from paths import ROOT

SCRIPT = """
import fs from "node:fs";
import { readPack, writePack } from "PACK_MJS";
import { unpack } from "./worker_pack.mjs";
const files = new Map(Object.entries(JSON.parse(fs.readFileSync("files.json"))).map(([name, text]) => [name, Buffer.from(text)]));
writePack("made.pack", files);
const texts = (map) => Object.fromEntries([...map].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
writePack("again.pack", new Map([...files].reverse()));
console.log(JSON.stringify([texts(readPack("made.pack")), texts(unpack(new Uint8Array(fs.readFileSync("made.pack"))))]));
"""
FILES = {"/lib/b.pyc": "second", "/lib/a.pyc": "first", "/lib/naïve ü.txt": "umlaute: äöü", "/lib/empty": ""}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    shutil.copy(ROOT / "site" / "js" / "worker" / "pack.js", folder / "worker_pack.mjs")
    (folder / "files.json").write_text(json.dumps(FILES))
    (folder / "run.mjs").write_text(SCRIPT.replace("PACK_MJS", (ROOT / "build_scripts" / "node" / "pack.mjs").as_uri()))
    run = subprocess.run([str(setup.node()), "run.mjs"], cwd=folder, capture_output=True, text=True, check=True)
    return folder, json.loads(run.stdout)


def test_builder_and_worker_read_the_same_files(packed):
    _, (by_builder, by_worker) = packed

    assert by_builder == FILES
    assert by_worker == FILES


def test_the_order_in_which_files_come_does_not_matter(packed):
    folder, _ = packed

    assert (folder / "made.pack").read_bytes() == (folder / "again.pack").read_bytes()
