/**
 * The rest of the runtime: those functions of its modules that a start does not call. They come in a second module for each
 * (build_scripts/split_wasm.py makes the two), which fills a table that the first has for them.
 *
 * A function that is called before it has come is brought at once, while its caller waits.
 *
 * exports createRest(bringing) -> Rest
 */

const PREFIX = "rest.";
// (module (import "r" "l" (func)) (export "l" (func 0))): a table takes no function but one of WebAssembly.
const FORWARD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0], // a type
  ...[2, 7, 1, 1, 114, 1, 108, 0, 0, 7, 5, 1, 1, 108, 0, 0], // the import, the export
);

/**
 * @typedef {object} Rest
 * @property {(name: string, instance: WebAssembly.Instance, imports: object) => WebAssembly.Instance} add
 *   note a module's instance; returns what the linker is to see of it
 * @property {() => Promise<void>} bring  fill all tables
 *
 * @param {object} bringing
 * @param {(name: string) => Promise<WebAssembly.Module>} bringing.later  the second module of a module
 * @param {(name: string) => WebAssembly.Module} bringing.now  the same, while everything waits
 * @returns {Rest}
 */
export function createRest({ later, now }) {
  const parts = [];
  return {
    add(name, instance, imports) {
      const all = Object.entries(instance.exports);
      const shared = Object.fromEntries(all.filter(([each]) => each.startsWith(PREFIX)));
      const table = shared[`${PREFIX}table`];
      if (!table) return instance;
      const part = { name, isThere: false };
      part.fill = (module) => {
        if (!part.isThere) new WebAssembly.Instance(module, { ...imports, rest: shared });
        part.isThere = true;
      };
      table.set(0, forward(() => part.fill(trapping(() => now(name)))));
      parts.push(part);
      return { exports: Object.fromEntries(all.filter(([each]) => !each.startsWith(PREFIX))) };
    },
    async bring() {
      await Promise.all(parts.filter((part) => !part.isThere).map(async (part) => part.fill(await later(part.name))));
    },
  };
}

function forward(act) {
  return new WebAssembly.Instance(new WebAssembly.Module(FORWARD), { r: { l: act } }).exports.l;
}

/** Python cannot go on in the middle of a function that has not come: that is as bad as a trap, and is told as one. */
function trapping(act) {
  try {
    return act();
  } catch (error) {
    throw new WebAssembly.RuntimeError(`a part of the runtime did not come: ${error?.message ?? error}`);
  }
}
