/**
 * Make Pyodide: every use of its experimental options in the browser is in this file.
 *
 * The binary libraries are loaded before Python starts, so that memory and table addresses are those of the build.
 *
 * exports openRuntime(assets, libraries, passed) -> Runtime
 */
import { loadPyodide } from "pyodide";
import { createLinking } from "./linking.js";

const EMPTY_ZIP = Uint8Array.from([80, 75, 5, 6, ...new Array(18).fill(0)]);
const LOCK = JSON.stringify({
  info: { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.0" },
  packages: {},
});
const BASE = "https://runtime.invalid/"; // never requested: every address below it is answered from the assets

/**
 * @typedef {object} Runtime
 * @property {Promise<void>} scripted  Pyodide's script is there, or will never be
 * @property {(image: import("./image.js").Image) => Promise<any>} resume  Pyodide with the image in its memory
 * @property {(files: Map<string, Uint8Array>, env: Record<string, string>) => Promise<any>} start  Pyodide, started
 */

/**
 * Begin to fetch and compile everything at once; the calls then wait for what they need.
 * @param {import("./assets.js").Assets} assets
 * @param {Record<string, string>} libraries  name of the asset for each library, by its path in Python's file system
 * @param {(name: string) => void} passed  told of each stage that is over
 * @returns {Runtime}
 */
export function openRuntime(assets, libraries, passed) {
  const compiled = (name) => assets.stream(name).then(compile).catch((error) => Promise.reject(assets.fault(name, error)));
  const program = compiled("wasm");
  const creator = assets.module("asm");
  const libraryModules = new Map();
  for (const [path, name] of Object.entries(libraries)) {
    libraryModules.set(path, compiled(name));
  }
  program.then(() => passed("compiled"), () => {});
  creator.then(() => passed("script"), () => {});
  for (const promise of [program, creator, ...libraryModules.values()]) promise.catch(() => {});
  // Emscripten waits for ever where its program does not come, so the first failure is raced against the start.
  const failed = Promise.all([program, ...libraryModules.values()]).then(() => new Promise(() => {}));
  failed.catch(() => {});

  const load = async (options, prepare) => {
    const linking = createLinking();
    let refuse;
    const refused = new Promise((_, reject) => (refuse = reject));
    refused.catch(() => {});
    const restore = intercept(program, libraryModules, linking, refuse);
    try {
      const { default: createModule } = await creator;
      const loaded = loadPyodide({
        indexURL: BASE,
        lockFileContents: LOCK,
        packageBaseUrl: BASE,
        ...options,
        async createPyodideModule(settings) {
          const locate = settings.locateFile;
          settings.dynamicLibraries = Object.keys(libraries);
          settings.locateFile = (name) => (name in libraries ? BASE + name : locate(name));
          const module = await createModule(settings);
          passed("module");
          await prepare(module, linking);
          passed("memory");
          return module;
        },
      });
      return await Promise.race([loaded, failed, refused]);
    } finally {
      restore();
    }
  };

  return {
    scripted: creator.then(() => {}, () => {}),
    resume: (image) =>
      load({ _loadSnapshot: image.head }, async (module, linking) => {
        const finish = linking.fit(module, await image.layout);
        await image.restoreInto(module);
        finish();
      }),
    start: (files, env) => load({ env, fsInit: (FS) => writeFiles(FS, files) }, async () => {}),
  };
}

/** @param {any} FS Emscripten's file system @param {Map<string, Uint8Array>} files */
export function writeFiles(FS, files) {
  for (const [name, bytes] of files) {
    FS.mkdirTree(name.slice(0, name.lastIndexOf("/")));
    FS.writeFile(name, bytes, { canOwn: true });
  }
}

function compile(stream) {
  return WebAssembly.compileStreaming(new Response(stream, { headers: { "content-type": "application/wasm" } }));
}

/** Wait for what comes, and for ever for what does not: the start tells of that once, and Pyodide would tell the console. */
function arrived(promise) {
  return promise.catch(() => new Promise(() => {}));
}

/** Answer Pyodide's own requests from what is compiled already; the returned function takes the answers away again. */
function intercept(program, libraryModules, linking, refuse) {
  const { fetch } = globalThis;
  const { instantiate, instantiateStreaming } = WebAssembly;
  const library = new WeakMap();
  globalThis.fetch = async (request, options) => {
    const url = String(request);
    if (!url.startsWith(BASE)) return fetch(request, options);
    const path = url.slice(BASE.length);
    if (libraryModules.has(path)) {
      const module = await arrived(libraryModules.get(path));
      const header = dylinkHeader(module);
      library.set(header, module);
      return { ok: true, status: 200, arrayBuffer: async () => header };
    }
    return new Response(path.endsWith(".zip") ? EMPTY_ZIP : null);
  };
  WebAssembly.instantiateStreaming = async (_response, imports) => {
    const module = await arrived(program);
    const instance = await instantiate(module, imports).catch((error) => (refuse(error), Promise.reject(error)));
    return { module, instance: linking.add(instance, imports) };
  };
  WebAssembly.instantiate = async (source, imports) => {
    const module = library.get(source.buffer);
    return module ? { module, instance: linking.add(await instantiate(module, imports), imports) } : instantiate(source, imports);
  };
  return () => {
    globalThis.fetch = fetch;
    Object.assign(WebAssembly, { instantiate, instantiateStreaming });
  };
}

/** The start of a side module as Emscripten reads it: magic, version, and the custom section that says how to link. */
function dylinkHeader(module) {
  const section = new Uint8Array(WebAssembly.Module.customSections(module, "dylink.0")[0]);
  const name = new TextEncoder().encode("dylink.0");
  const size = 1 + name.length + section.length;
  return Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 0, ...leb128(size), name.length, ...name, ...section]).buffer;
}

function leb128(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value >>= 7;
  } while (value);
  return bytes;
}
