// Run the lab once and keep the interpreter's memory: node image.mjs CONFIG.json
import fs from "node:fs";
import path from "node:path";
import { readPack, writePack } from "./pack.mjs";
import { PYTHON_ENV, pristineModule, startTrimmed } from "./pyodide.mjs";

const PAGE = 256;
const config = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const out = (name) => path.join(config.out, name);
const inside = (name) => fs.readFileSync(path.join(config.inside, name), "utf8");
const everything = readPack(out("everything.pack"));
const libraries = [...everything.keys()].filter((name) => name.endsWith(".so"));
const options = { runtime: config.runtime, files: everything, libraries };

const py = await startTrimmed({ ...options, snapshot: true });
// Everything that the rehearsal loaded, and nothing of what it left behind: the pieces between would cost a third more.
py.runPython(inside("import_all.py"), { globals: py.toPy({ names: JSON.parse(fs.readFileSync(out("modules.json"), "utf8")) }) });
py.runPython(inside("run_lab.py"));
fs.writeFileSync(out("document.json"), py.runPython("browser.document()"));
fs.writeFileSync(out("words.json"), py.runPython("browser.page_words()"));
py.runPython(inside("tidy.py"));
zeroFreeMemory(py._module);
const snapshot = takeSnapshot(py);
const headLength = new Uint32Array(snapshot.buffer, 4, 1)[0];
const pristine = await pristineModule(options);
console.log(`layout ${pristine.layout}`);
if (!pristine.layout[1]) throw new Error("this Node cannot compile Python's call trampoline");
if (String(py._module.layout) !== String(pristine.layout)) throw new Error(`the lab was linked as ${py._module.layout}`);
writeImage(out("lab.image"), snapshot.slice(0, headLength), snapshot.subarray(headLength), pristine);
writePack(out("library.pack"), everything);
for (const name of libraries) fs.writeFileSync(out(`${path.basename(name).split(".")[0]}.so`), everything.get(name));
fs.writeFileSync(out("facts.json"), JSON.stringify({ libraries, env: PYTHON_ENV, run: inside("run_lab.py") }));
py.runPython("import rooflab.app.desk"); // the memory is taken: this only proves that the library has what the screens load
process.exit(0); // Panel's timers would keep the process alive

function takeSnapshot(py) {
  const module = py._module;
  const get = module.__hiwire_get;
  // A freed slot reads back as undefined, which the serialiser does not know; null is what it writes for an empty slot.
  module.__hiwire_get = (index) => get(index) ?? null;
  try {
    return py.makeMemorySnapshot({
      serializer(thing) {
        throw new Error(`The memory image would hold a JavaScript object that cannot be rebuilt: ${thing}`);
      },
    });
  } finally {
    module.__hiwire_get = get;
  }
}

/** Fill what the allocator holds as free with zeros, so that it costs nothing to ship; Python has no allocator of its own here. */
function zeroFreeMemory(module) {
  const limit = module.HEAPU32[module._emscripten_get_sbrk_ptr() >> 2];
  const held = [];
  for (const size of [65536, 16384, 4096, 1024, 512, 256, 128, 64, 32, 16]) {
    for (let at = module._malloc(size); at !== 0; at = module._malloc(size)) {
      module.HEAPU8.fill(0, at, at + size);
      held.push(at);
      if (at >= limit) break; // all that was free is taken: this came from the system
    }
  }
  held.forEach((at) => module._free(at));
}

/**
 * An image, in little-endian 32-bit words: length of the head, length of the memory, number of runs, length of the layout;
 * the snapshot's own header; the layout; [first page, number of pages] of each run that differs from the pristine module;
 * the pages' bytes.
 */
function writeImage(target, head, memory, pristine) {
  const differs = (page) => {
    for (let i = page * PAGE; i < (page + 1) * PAGE; i++) if (memory[i] !== (pristine.memory[i] ?? 0)) return true;
    return false;
  };
  const runs = [];
  for (let page = 0; page < memory.length / PAGE; page++) {
    if (!differs(page)) continue;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === page) last[1]++;
    else runs.push([page, 1]);
  }
  const padding = Buffer.alloc((4 - (head.length % 4)) % 4);
  const pages = runs.map(([page, count]) => memory.subarray(page * PAGE, (page + count) * PAGE));
  fs.writeFileSync(target, Buffer.concat([words(head.length, memory.length, runs.length, pristine.layout.length), head, padding, words(...pristine.layout), words(...runs.flat()), ...pages]));
  console.log(`memory ${memory.length / 1e6} MB, shipped ${pages.reduce((sum, part) => sum + part.length, 0) / 1e6} MB in ${runs.length} runs`);
}

function words(...values) {
  return Buffer.from(new Uint32Array(values).buffer);
}
