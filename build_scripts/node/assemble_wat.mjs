/**
 * Assemble WebAssembly text: `node assemble_wat.mjs <folder of wabt> <folder of texts>` writes x.wasm beside each x.wat.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [wabtFolder, folder] = process.argv.slice(2);
const wabt = await createRequire(import.meta.url)(wabtFolder)();

for (const name of readdirSync(folder).filter((each) => each.endsWith(".wat"))) {
  const module = wabt.parseWat(name, readFileSync(join(folder, name), "utf8"), { simd: true, relaxed_simd: true, bulk_memory: true, exceptions: true });
  module.validate();
  writeFileSync(join(folder, name.replace(/\.wat$/, ".wasm")), module.toBinary({ write_debug_names: false }).buffer);
  module.destroy();
}
