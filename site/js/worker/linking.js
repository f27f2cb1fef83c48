/**
 * How Emscripten's linker has laid out the runtime and its libraries. An image holds addresses and indices of functions,
 * so it fits only a module that is laid out as the build's was. The build runs this file too, under Node.
 *
 * exports createLinking() -> Linking, functionsByName(table, from) -> Map<string, Function>
 */

/**
 * @typedef {object} Linking
 * @property {(instance: WebAssembly.Instance, imports?: object) => WebAssembly.Instance} add
 *   note the runtime or a library as it is instantiated; returns what the linker is to see
 * @property {(module: any) => number[]} layout  length of the function table, index of the trampoline in it (0 where the
 *   engine cannot compile it), then memory base and table base of each library, in the order of loading
 * @property {(module: any, wanted: number[]) => () => void} fit  refuse a module that is laid out in another way; the
 *   returned function is to be called when the image is in its memory
 */

/** @returns {Linking} */
export function createLinking() {
  const bases = [];
  const layout = (module) => [module.wasmTable.length, module.HEAP32[trampolineAt(module)], ...bases];
  return {
    layout,
    add(instance, imports) {
      const own = instance.exports.__indirect_function_table;
      if (own) return withTableFunctions(instance, own, 1);
      const { __memory_base: memoryBase, __table_base: tableBase, __indirect_function_table: table } = imports?.env ?? {};
      if (typeof tableBase !== "number") return instance;
      bases.push(memoryBase, tableBase);
      return tableBase ? withTableFunctions(instance, table, tableBase) : instance;
    },
    fit(module, wanted) {
      const at = trampolineAt(module);
      const trampoline = module.HEAP32[at];
      // Python calls without it, but what the linker adds later must have the indices that it had in the build.
      if (!trampoline && module.wasmTable.length === wanted[0] - 1) module.wasmTable.grow(1);
      const found = layout(module);
      if (!trampoline) found[1] = wanted[1];
      if (String(found) !== String(wanted)) throw new Error(`this browser links Python in another way: ${found} where the image has ${wanted}`);
      return () => (module.HEAP32[at] = trampoline);
    },
  };
}

/** Where Python keeps the index of its call trampoline, as an index of HEAP32. */
function trampolineAt(module) {
  return (module.__PyRuntime + module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >> 2]) >> 2;
}

/**
 * In WebKit an exported function and the same function read from the table are two objects, so the linker would put every
 * such export into the table once more. There the instance gets the table's object for each of its exports.
 */
function withTableFunctions(instance, table, from) {
  const exported = Object.entries(instance.exports);
  const objects = new Set(exported.map(([, value]) => value));
  for (let i = from; i < table.length; i++) if (objects.has(table.get(i))) return instance;
  const inTable = functionsByName(table, from);
  const named = (value) => (typeof value === "function" && inTable.get(value.name)) || value;
  return { exports: Object.fromEntries(exported.map(([name, value]) => [name, named(value)])) };
}

/** The functions that an instance has just put into the table. An exported function's name is its index in its module. */
export function functionsByName(table, from) {
  const found = new Map();
  for (let i = from; i < table.length; i++) {
    const entry = table.get(i);
    if (entry) found.set(entry.name, entry);
  }
  return found;
}
