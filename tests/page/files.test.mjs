import assert from "node:assert/strict";
import { test } from "node:test";
import { batches, chosen, dropped, isZip, readFile, READ_LIMIT_BYTES } from "../../site/js/files.js";
import { unpack } from "../../site/js/worker/pack.js";

const file = (name, size = 3, first = "{") => Object.assign(new Blob([first.padEnd(size, "x")]), { name });

async function all(found) {
  const made = [];
  for await (const each of batches(found)) made.push(each);
  return made;
}

test("a file of a folder has its path for a name", () => {
  const inFolder = Object.assign(file("a.json"), { webkitRelativePath: "class/a.json" });
  assert.deepEqual(chosen([inFolder, file("b.json")]).files.map(({ name }) => name), ["class/a.json", "b.json"]);
});

test("twenty files go in a batch, in order, and only the last is marked", async () => {
  const made = await all(chosen(Array.from({ length: 41 }, (_, at) => file(`${at}`))));
  assert.deepEqual(made.map(({ files, done, last }) => [files.length, done, last]), [[20, 20, false], [20, 40, false], [1, 41, true]]);
  assert.deepEqual(made.flatMap(({ files }) => files.map(([name]) => name)), Array.from({ length: 41 }, (_, at) => `${at}`));
});

test("large files end a batch sooner", async () => {
  const made = await all(chosen([file("a", 3_000_000), file("b", 3_000_000), file("c", 3_000_000), file("d")]));
  assert.deepEqual(made.map(({ files }) => files.length), [3, 1]);
});

test("nothing chosen is one last batch, with what was refused", async () => {
  assert.deepEqual(await all({ files: [], refused: [["a", "no"]] }), [{ files: [], refused: [["a", "no"]], done: 0, last: true }]);
});

test("a file that cannot be read is refused by name, and the others go on", async () => {
  const broken = { name: "gone", file: { slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }) } };
  const [batch] = await all({ files: [broken, ...chosen([file("a")]).files], refused: [] });
  assert.deepEqual([batch.files.map(([name]) => name), batch.refused.map(([name]) => name)], [["a"], ["gone"]]);
});

test("one byte more than the limit is read, so that Python sees that it is too large; of a zip more", async () => {
  assert.equal((await readFile(file("a", READ_LIMIT_BYTES + 9))).byteLength, READ_LIMIT_BYTES + 1);
  assert.equal((await readFile(file("a", READ_LIMIT_BYTES + 9, "PK"))).byteLength, READ_LIMIT_BYTES + 9);
});

test("a zip is known by both of its first letters", () => {
  const bytes = (text) => new TextEncoder().encode(text).buffer;
  assert.deepEqual(["PK\x03\x04", "PX", "KP", "P", ""].map((text) => isZip(bytes(text))), [true, false, false, false, false]);
});

test("folders that are dropped are walked to their end, a hundred at a time", async () => {
  const leaf = (fullPath) => ({ fullPath, isDirectory: false, file: (take) => take(file(fullPath)) });
  const many = Array.from({ length: 130 }, (_, at) => leaf(`/class/${at}`));
  const turns = [many.slice(0, 100), many.slice(100), []];
  const folder = { fullPath: "/class", isDirectory: true, createReader: () => ({ readEntries: (take) => take(turns.shift()) }) };
  const shut = { fullPath: "/shut", isDirectory: true, createReader: () => ({ readEntries: (_, refuse) => refuse(new Error("shut")) }) };
  const transfer = { items: [folder, shut, leaf("/one")].map((entry) => ({ kind: "file", webkitGetAsEntry: () => entry })), files: [] };
  const found = await dropped(transfer);
  assert.equal(found.files.length, 131);
  assert.deepEqual(found.refused, [["shut", "The folder cannot be read."]]);
  assert.equal(found.files[0].name, "one");
});

test("a pack gives each file its own bytes", () => {
  const index = JSON.stringify([["a", 2], ["b", 0], ["c", 3]]);
  const bytes = new TextEncoder().encode(`${index.length.toString(16).padStart(8, "0")}${index}12345`);
  const text = (name) => new TextDecoder().decode(unpack(bytes).get(name));
  assert.deepEqual(["a", "b", "c"].map(text), ["12", "", "345"]);
});
