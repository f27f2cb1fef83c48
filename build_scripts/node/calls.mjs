// Find out which functions of the runtime a start and the lab's bench call: node calls.mjs CONFIG.json
import fs from "node:fs";
import path from "node:path";
import { readPack } from "./pack.mjs";
import { readImage } from "./image_file.mjs";
import { resumeNoting, writeFiles } from "./pyodide.mjs";

const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const out = (name) => path.join(config.out, name);
const { libraries } = JSON.parse(fs.readFileSync(out("facts.json"), "utf8"));
const asset = (name) => path.basename(name).split(".")[0];
const everything = readPack(out("library.pack"));
const files = new Map(libraries.map((name) => [name, fs.readFileSync(out(`${asset(name)}.noted.wasm`))]));
globalThis.XMLHttpRequest ??= class {};

const { py, noted } = await resumeNoting({
  runtime: config.runtime,
  files,
  libraries,
  program: out("wasm.noted.wasm"),
  image: readImage(out("lab.image")),
});
const browser = py.pyimport("rooflab.browser");
// As messages.js hears it; the rehearsal would have Python itself listen.
const hear = (_text, beside) => {
  const bytes = beside?.getBuffer("u8");
  bytes?.data.slice(0, 1);
  bytes?.release();
};
browser.connect(hear);
browser.attach();
browser.receive("import", JSON.stringify({ name: "one.json" }), new Uint8Array([123, 125]));
// The rehearsal itself is not in the library: what it takes to load it is not what the lab calls.
const before = noted.map(calls);
const started = before.map((each) => each.length);
writeFiles(py.FS, everything);
py.runPython("import sys; sys.path_importer_cache.clear(); sys.path.insert(0, '/rehearsal')");
writeFiles(py.FS, new Map([["/rehearsal/rehearsal.py", fs.readFileSync(path.join(config.pylib, "rooflab", "rehearsal.py"))]]));
py.runPython("import rehearsal");
noted.forEach((instance, i) => forget(instance, new Set(before[i])));
py.globals.set("hear", hear);
py.runPython("from rooflab import browser; connect = browser.connect; browser.connect = lambda _: connect(hear)");
py.pyimport("rehearsal").rehearse();
const called = Object.fromEntries(["wasm", ...libraries.map(asset)].map((name, i) => [name, calls(noted[i])]));
fs.writeFileSync(out("calls.json"), JSON.stringify(called));
console.log(`called at the start ${started}, with the bench ${Object.values(called).map((each) => each.length)}`);
process.exit(0); // Panel's timers would keep the process alive

/** The places, among the functions that a module defines, of those that were called. */
function calls({ exports }) {
  const found = [];
  for (let i = 0; exports[`rest.called.${i}`]; i++) if (exports[`rest.called.${i}`].value) found.push(i);
  return found;
}

function forget({ exports }, kept) {
  for (let i = 0; exports[`rest.called.${i}`]; i++) if (!kept.has(i)) exports[`rest.called.${i}`].value = 0;
}
