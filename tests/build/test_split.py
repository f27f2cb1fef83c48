"""A module that is split in two does what the whole one does, whichever half comes when."""

import json
import subprocess
from pathlib import Path

import pytest
import split_wasm
from image import NODE
from setup import node, wabt

ROOT = Path(__file__).parents[2]
REST = ROOT / "site" / "js" / "worker" / "rest.js"

# Of each kind something that the halves share: a memory, a table, a number that changes, a tag; and numbers that do not change.
TEXT = """
(module
  (import "env" "told" (func $told (param i32)))
  (import "env" "base" (global $base i32))
  (memory (export "memory") 1)
  (table (export "__indirect_function_table") 4 funcref)
  (tag $wrong (param i32))
  (global $count (mut i32) (i32.const 0))
  (global $seven (export "seven") i32 (i32.const 7))
  (elem (i32.const 1) $add $scale)
  (data (i32.const 16) "\\05")
  (func $add (export "add") (param i32 i32) (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (i32.add (local.get 0) (local.get 1)))
  (func $scale (export "scale") (param i32 f64) (result f64) (local f64)
    (call $told (local.get 0))
    (local.set 2 (f64.mul (local.get 1) (f64.convert_i32_s (call $add (local.get 0) (global.get $seven)))))
    (f64.add (local.get 2) (f64.convert_i32_s (i32.load8_u (i32.const 16)))))
  (func $throw (param i32) (throw $wrong (local.get 0)))
  (func $catch (export "catch") (param i32) (result i32)
    (try (result i32) (do (call $throw (local.get 0)) (i32.const 0)) (catch $wrong)))
  (func $through (export "through") (param i32) (result i32)
    (call_indirect (param i32 i32) (result i32) (local.get 0) (global.get $base) (i32.const 1)))
  (func $counted (export "counted") (result i32) (global.get $count)))
"""
NAMES = ["add", "scale", "throw", "catch", "through", "counted"]
PROGRAM = """
import fs from "node:fs";
import { createRest } from "%(rest)s";
const [first, second] = process.argv.slice(2);
const read = (name) => new WebAssembly.Module(fs.readFileSync(name));
const imports = { env: { told: (x) => said.push(x), base: 100 } };
const said = [];
const brought = [];
const rest = createRest({
  later: async (name) => (brought.push(`later ${name}`), read(second)),
  now: (name) => (brought.push(`now ${name}`), read(second)),
});
const instance = new WebAssembly.Instance(read(first), imports);
const { exports } = second ? rest.add("main", instance, imports) : instance;
if (process.argv[4] === "later") await rest.bring();
const answers = [exports.add(2, 3), exports.scale(4, 0.5), exports.catch(9), exports.through(11), exports.counted()];
const called = Object.keys(exports).filter((name) => name.startsWith("rest.called.") && exports[name].value).map((name) => Number(name.slice(12)));
await rest.bring();
const names = Object.keys(exports).filter((name) => !name.startsWith("rest.called."));
console.log(JSON.stringify({ answers, said, brought, called, names }));
"""
ANSWERS = {"answers": [5, 10.5, 9, 111, 3], "said": [4]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("wasm")
    (made / "whole.wat").write_text(TEXT)
    subprocess.run([str(node()), str(NODE / "assemble_wat.mjs"), str(wabt().parent), str(made)], check=True)
    (made / "run.mjs").write_text(PROGRAM % {"rest": REST.as_uri()})
    return made


@pytest.fixture(scope="module")
def whole(folder):
    return (folder / "whole.wasm").read_bytes()


def run(folder, *words):
    done = subprocess.run([str(node()), "run.mjs", *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def halves(folder, whole, called):
    for name, half in zip(("first", "second"), split_wasm.split(whole, called), strict=True):
        (folder / f"{name}.wasm").write_bytes(half)
    return "first.wasm", "second.wasm"


def test_a_module_that_notes_its_calls_names_those_that_were_called(folder, whole):
    (folder / "noted.wasm").write_bytes(split_wasm.noting_calls(whole))
    found = run(folder, "noted.wasm")

    assert found["called"] == [0, 1, 2, 3, 4, 5]
    assert found.items() >= ANSWERS.items()


@pytest.mark.parametrize("called", [[], [0], [1, 3, 5], [2, 4]], ids=str)
def test_what_is_called_before_it_has_come_is_brought_once(folder, whole, called):
    found = run(folder, *halves(folder, whole, called))

    assert found.items() >= {**ANSWERS, "brought": ["now main"]}.items()


@pytest.mark.parametrize("called", [[], [0], [1, 3, 5]], ids=str)
def test_what_was_brought_later_is_not_brought_again(folder, whole, called):
    found = run(folder, *halves(folder, whole, called), "later")

    assert found.items() >= {**ANSWERS, "brought": ["later main"]}.items()


def test_what_is_called_without_the_rest_brings_nothing(folder, whole):
    found = run(folder, *halves(folder, whole, range(len(NAMES))))

    assert found["answers"] == ANSWERS["answers"]
    assert found["brought"] == ["later main"]


def test_the_linker_sees_the_exports_of_the_whole_module(folder, whole):
    assert run(folder, *halves(folder, whole, [0]))["names"] == run(folder, "whole.wasm")["names"]
