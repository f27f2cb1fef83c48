/**
 * Make Pyodide: every use of its experimental options in the browser is in this file.
 *
 * The binary libraries are loaded before Python starts, so that memory and table addresses are those of the build.
 *
 * exports openRuntime(assets, libraries, passed) -> Runtime
 */
import { loadPyodide } from "pyodide";
import { createLinking } from "./linking.js";
import { createRest } from "./rest.js";

const EMPTY_ZIP = Uint8Array.from([80, 75, 5, 6, ...new Array(18).fill(0)]);
const LOCK = JSON.stringify({
  info: { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.0" },
  packages: {},
});
const BASE = "https://runtime.invalid/"; // never requested: every address below it is answered from the assets

/**
 * @typedef {object} Runtime
 * @property {(image: import("./image.js").Image) => Promise<any>} resume  Pyodide with the image in its memory
 * @property {(files: Map<string, Uint8Array>, env: Record<string, string>) => Promise<any>} start  Pyodide, started
 * @property {() => void} fetchRest  begin to fetch what only `start` waits for
 * @property {() => Promise<void>} bringRest  all functions of the runtime; a start that was not resumed has them
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
  const names = ["wasm", ...Object.values(libraries)];
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

  const restModules = new Map();
  const later = (name) => {
    if (!restModules.has(name)) {
      const module = compiled(`${name}_rest`);
      restModules.set(name, module);
      module.catch(() => restModules.delete(name)); // whoever asks next tries again
    }
    return restModules.get(name);
  };
  const now = (name) => new WebAssembly.Module(assets.bytesNow(`${name}_rest`));
  let rest;

  const load = async (options, isWhole, prepare) => {
    const linking = createLinking();
    rest = createRest({ later, now });
    let refuse;
    const refused = new Promise((_, reject) => (refuse = reject));
    refused.catch(() => {});
    let resize;
    const restore = intercept(program, libraryModules, libraries, {
      async add(name, instance, imports) {
        resize ??= imports.env.emscripten_resize_heap;
        const shown = rest.add(name, instance, imports);
        if (isWhole) await rest.bring();
        return linking.add(shown, imports);
      },
      refuse,
    });
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
          await prepare(module, linking, resize);
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
    resume: (image) =>
      load({ _loadSnapshot: image.head }, assets.isHere, async (module, linking, resize) => {
        const finish = linking.fit(module, await image.layout);
        await image.restoreInto(module, resize);
        finish();
      }),
    start: (files, env) => load({ env, fsInit: (FS) => writeFiles(FS, files) }, true, async () => {}),
    async bringRest() {
      await rest.bring();
    },
    fetchRest: () => names.forEach((name) => later(name).catch(() => {})),
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
function intercept(program, libraryModules, names, { add, refuse }) {
  const { fetch } = globalThis;
  const { instantiate, instantiateStreaming } = WebAssembly;
  const library = new WeakMap(); // its module and the name of its asset, by what Pyodide takes for its bytes
  globalThis.fetch = async (request, options) => {
    const url = String(request);
    if (!url.startsWith(BASE)) return fetch(request, options);
    const path = url.slice(BASE.length);
    if (libraryModules.has(path)) {
      const module = await arrived(libraryModules.get(path));
      const header = dylinkHeader(module);
      library.set(header, { module, name: names[path] });
      return { ok: true, status: 200, arrayBuffer: async () => header };
    }
    return new Response(path.endsWith(".zip") ? EMPTY_ZIP : null);
  };
  WebAssembly.instantiateStreaming = async (_response, imports) => {
    const module = await arrived(program);
    const instance = await instantiate(module, imports)
      .then((made) => add("wasm", made, imports))
      .catch((error) => (refuse(error), Promise.reject(error)));
    return { module, instance };
  };
  WebAssembly.instantiate = async (source, imports) => {
    const known = library.get(source.buffer);
    if (!known) return instantiate(source, imports);
    const { module, name } = known;
    return { module, instance: await add(name, await instantiate(module, imports), imports) };
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
