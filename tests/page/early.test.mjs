import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";
import { Store } from "./store.mjs";

const SOURCE = readFileSync(new URL("../../site/js/early.js", import.meta.url), "utf8");

/** Run the script in a page, and return what it did there. */
function run({ stored = {}, session = {}, search = "", hash = "", worker = "w.js?v=1", inflate = "i.js", guarded = true, origin = "https://host", protocol = "https:", refused = false } = {}) {
  const did = { attributes: {}, workers: [], scripts: [], told: [], className: "" };
  class Worker {
    constructor(address, options) {
      did.workers.push([address, options.name ?? null]);
      this.sent = [];
      this.postMessage = (message, transfer) => did.told.push([address, message, (transfer ?? []).length]);
    }
  }
  class MessageChannel {
    port1 = { port: 1 };
    port2 = { port: 2 };
  }
  const storage = (texts) => (refused ? { getItem() { throw new Error("refused"); } } : new Store(texts));
  const address = {};
  const window = { labGuard: guarded, origin, Worker };
  const document = {
    documentElement: {
      setAttribute: (name, value) => (did.attributes[name] = value),
      get className() { return did.className; },
      set className(words) { did.className = words; },
    },
    createElement: () => ({}),
    head: { appendChild: (made) => did.scripts.push(made.src) },
    addEventListener: (kind, then) => then(),
    getElementById: () => address,
    currentScript: { getAttribute: (name) => ({ "data-worker": worker, "data-inflate": inflate })[name] ?? null },
  };
  vm.runInNewContext(SOURCE, { window, document, Worker, MessageChannel, location: { search, protocol, hash, href: "https://host/lab/", pathname: "/lab/index.html" }, localStorage: storage(stored), sessionStorage: storage(session) });
  return { ...did, window, address };
}

test("the theme that was chosen is set before the first paint, an older name's too, and nothing else", () => {
  assert.deepEqual(run({ stored: { "rooflab:theme": "dark" } }).attributes, { "data-theme": "dark" });
  assert.deepEqual(run({ stored: { "ridgepoint:theme": "light" } }).attributes, { "data-theme": "light" });
  assert.deepEqual(run({ stored: { "rooflab:theme": "light", "ridgepoint:theme": "dark" } }).attributes, { "data-theme": "light" });
  assert.deepEqual(run({ stored: { "rooflab:theme": "blue" } }).attributes, {});
});

test("the landing is one row from the first paint where work is kept for this folder, and where the address leads into a track", () => {
  const folded = (options) => run(options).attributes["data-landing"] === "row";

  for (const name of ["ledger", "early", "draft:0123456789abcdef:cloud-titan:1"]) assert.ok(folded({ stored: { [`rooflab:/lab/:${name}`]: "{}" } }), name);
  assert.ok(folded({ stored: { "ridgepoint:ledger": "{}" } }));
  for (const hash of ["#edge-guardian/1", "#design=abc"]) assert.ok(folded({ hash }), hash);
  assert.ok(folded({ hash: "#mobile-nomad/2", refused: true }));
});

test("a newcomer sees the landing whole, whatever else the browser keeps", () => {
  const other = { "rooflab:theme": "dark", "rooflab:/lab/:told": "[]", "rooflab:/other/:ledger": "{}", "rooflab:/lab/:aside:1": "{}", "someone:/lab/:ledger": "{}" };

  for (const options of [{}, { stored: other }, { refused: true }, { hash: "#report" }, { hash: "#main" }]) assert.equal(run(options).attributes["data-landing"], undefined);
});

test("without storage the worker starts all the same", () => {
  assert.deepEqual(run({ refused: true, search: "?a=1" }).workers, [["w.js?v=1", "?a=1"], ["i.js", null]]);
});

test("the worker reads how to start from its name, and is handed to the page", () => {
  const { workers, window, told } = run({ search: "?start=ordinary" });
  assert.deepEqual(workers[0], ["w.js?v=1", "?start=ordinary"]);
  assert.ok(window.labWorker);
  assert.deepEqual(told.map(([to, message, count]) => [to, message?.type ?? null, count]), [["i.js", null, 1], ["w.js?v=1", "inflater", 1]]);
});

test("a tab in which this version was trapped falls back, without a thread that inflates; another version does not", () => {
  assert.deepEqual(run({ session: { "rooflab:trapped": "w.js?v=1" } }).workers, [["w.js?v=1", "?start=fallback"]]);
  assert.equal(run({ session: { "rooflab:trapped": "w.js?v=0" } }).workers.length, 2);
  assert.equal(run({ search: "?start=fallback" }).workers.length, 1);
});

test("nothing starts where there is no worker, and no thread where no file is named", () => {
  assert.deepEqual(run({ worker: null }).workers, []);
  assert.deepEqual(run({ inflate: null }).workers, [["w.js?v=1", ""]]);
});

test("a guard that the host refused comes as a file", () => {
  assert.deepEqual(run({ guarded: false }).scripts, ["js/guard.js"]);
  assert.deepEqual(run().scripts, []);
});

test("a frame without an origin is told its address; a file is no such frame", () => {
  const framed = run({ origin: "null" });
  assert.match(framed.className, /sandboxed/);
  assert.equal(framed.address.textContent, "https://host/lab/");
  assert.equal(run({ origin: "null", protocol: "file:" }).className, "");
});
