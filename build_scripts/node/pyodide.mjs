// Start Pyodide under Node; every experimental option that the build uses is in this file.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createLinking, functionsByName } from "../../site/js/worker/linking.js";

export const PYTHON_ENV = { PYTHONHASHSEED: "0", PYTHONOPTIMIZE: "2", PANEL_CDN_ROOT: "./panel/", HOME: "/home/pyodide", PYTHONPATH: "/lib/python3.14" };
const EMPTY_ZIP = Buffer.from("504b0506" + "00".repeat(18), "hex");

/** Start an interpreter with the published standard library. */
export async function startPublished(runtime) {
  const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")).href);
  return loadPyodide({ indexURL: runtime, env: { ...PYTHON_ENV } });
}

/**
 * Start an interpreter whose whole library is the given files, with its binary libraries loaded before Python starts,
 * so that memory and table addresses are the same in every process.
 * @param {{runtime: string, files: Map<string, Uint8Array>, libraries: string[], snapshot: boolean}} options
 */
export async function startTrimmed({ runtime, files, libraries, snapshot }) {
  const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")).href);
  const stdlib = path.join(fs.mkdtempSync("/tmp/rooflab-"), "empty.zip");
  fs.writeFileSync(stdlib, EMPTY_ZIP);
  try {
    return await loadPyodide({
      indexURL: runtime,
      stdLibURL: stdlib,
      env: { ...PYTHON_ENV },
      _makeSnapshot: snapshot,
      fsInit: (FS) => writeFiles(FS, files),
      createPyodideModule: await preloading(runtime, files, libraries),
    });
  } finally {
    fs.rmSync(path.dirname(stdlib), { recursive: true });
  }
}

/**
 * The memory of a module that has loaded its libraries and never run, which the image is a difference to, and how its
 * linker has laid it out, as a browser has to lay it out again.
 */
export async function pristineModule({ runtime, files, libraries }) {
  const create = await preloading(runtime, files, libraries);
  const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")).href);
  let pristine;
  const taken = new Error("taken");
  try {
    await loadPyodide({
      indexURL: runtime,
      env: { ...PYTHON_ENV },
      createPyodideModule: async (settings) => {
        settings.preRun = [];
        settings.noInitialRun = true;
        const module = await create(settings);
        pristine = { memory: module.HEAPU8.slice(), layout: module.layout };
        throw taken;
      },
    });
  } catch (error) {
    if (error !== taken) throw error;
  }
  return pristine;
}

/**
 * Resume an interpreter from an image, as the browser does, whose modules note which of their functions are called.
 * @param {{runtime: string, files: Map<string, Uint8Array>, libraries: string[], program: string, image: object}} options
 *   `program` is the runtime's own module; `image` is what readImage in image_file.mjs returns
 */
export async function resumeNoting({ runtime, files, libraries, program, image }) {
  const create = await preloading(runtime, files, libraries, program);
  const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")).href);
  let noted;
  const py = await loadPyodide({
    indexURL: runtime,
    _loadSnapshot: Promise.resolve(image.head),
    createPyodideModule: async (settings) => {
      const module = await create(settings);
      if (String(module.layout) !== String(image.layout)) throw new Error(`a module that notes its calls was linked as ${module.layout}`);
      module._emscripten_resize_heap?.(image.length);
      if (module.HEAPU8.length < image.length) module._malloc(image.length);
      for (const [at, bytes] of image.pages) module.HEAPU8.set(bytes, at);
      noted = module.noted;
      return module;
    },
  });
  return { py, noted };
}

export function writeFiles(FS, files) {
  for (const [name, bytes] of files) {
    FS.mkdirTree(path.dirname(name));
    FS.writeFile(name, bytes, { canOwn: true });
  }
}

async function preloading(runtime, files, libraries, program) {
  const { default: create } = await import(pathToFileURL(path.join(runtime, "pyodide.asm.mjs")).href);
  const folder = fs.mkdtempSync("/tmp/rooflab-");
  const real = new Map();
  libraries.forEach((name, i) => {
    const file = path.join(folder, `${i}.so`);
    fs.writeFileSync(file, files.get(name));
    real.set(name, file);
  });
  process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
  return async (settings) => {
    const locate = settings.locateFile;
    settings.dynamicLibraries = [...libraries];
    settings.locateFile = (name) => real.get(name) ?? locate(name);
    const linking = createLinking();
    const noted = [];
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (source, imports) => {
      const isOwn = imports?.env && typeof imports.env.__table_base !== "number"; // the runtime's own module
      const made = await instantiate(program && isOwn ? fs.readFileSync(program) : source, imports);
      if (!made.instance) return made;
      const instance = program ? withoutNotes(made.instance) : made.instance;
      if (imports?.env) noted.push(made.instance);
      proveNames(instance, imports);
      return { ...made, instance: linking.add(instance, imports) };
    };
    try {
      const module = await create(settings);
      module.layout = linking.layout(module);
      module.noted = noted;
      return module;
    } finally {
      WebAssembly.instantiate = instantiate;
    }
  };
}

/** The instance as Emscripten's linker may see it. */
function withoutNotes(instance) {
  return { exports: Object.fromEntries(Object.entries(instance.exports).filter(([name]) => !name.startsWith("rest."))) };
}

/**
 * Where linking.js cannot compare functions it goes by their names: here, where it can, both must tell the same of every
 * function of these very modules.
 */
function proveNames({ exports }, imports) {
  const own = exports.__indirect_function_table;
  const from = own ? 1 : imports?.env?.__table_base;
  if (!from) return;
  const table = own ?? imports.env.__indirect_function_table;
  const names = functionsByName(table, from);
  const entries = new Set(names.values());
  for (let i = from; i < table.length; i++) {
    const entry = table.get(i);
    if (entry && names.get(entry.name) !== entry) throw new Error(`two functions of the table have the name ${entry.name}`);
  }
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value !== "function") continue;
    const same = entries.has(value) ? value : undefined;
    if (names.get(value.name) !== same) throw new Error(`the function ${name} is not the one that the table has under its name`);
  }
}
