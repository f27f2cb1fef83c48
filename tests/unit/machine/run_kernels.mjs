/**
 * Run kernels as the page's thread does, and print of each its checksum after one run, again after more, and the sum of its output by place: `node run_kernels.mjs <module.wasm> <rows as JSON>`.
 */
import { readFileSync } from "node:fs";
import { openKernel } from "../../../site/js/machine/kernels.js";
import { memoryFor } from "../../../site/js/machine/memory.js";

const [file, text] = process.argv.slice(2);
const rows = JSON.parse(text);
const memory = memoryFor(rows);
const { instance } = await WebAssembly.instantiate(readFileSync(file), { env: { memory } });
const checksums = rows.map((row) => {
  const kernel = openKernel(row, instance, memory);
  const first = kernel.check();
  kernel.run(3);
  return [first, kernel.check(), kernel.output?.reduce((sum, each, i) => sum + each * ((i % 13) + 1), 0) ?? null];
});
console.log(JSON.stringify(checksums));
