/**
 * The kernels as the worker calls them: their arrays, what these hold before, and the call of one run.
 *
 * exports arraysOf(row) -> number[], openKernel(row, instance, memory) -> Kernel
 */

import { BIAS, FIRST, SECOND, WEIGHTS, ZERO, fill, sum } from "./inputs.js";
import { placesOf } from "./layout.js";

/**
 * @typedef {object} Row  of the plan
 * @property {string} kernel
 * @property {string} variant
 * @property {number} size
 *
 * @typedef {object} Kernel
 * @property {() => void} prepare  bring in every page, and the numbers that it begins with
 * @property {(repeats: number) => void} run
 * @property {() => number} check  the checksum of one run over fresh numbers
 * @property {Float32Array|undefined} output  where the result lies, if in memory
 */

const ARRAY_BYTES = 2 ** 26;
const BIAS_COLUMNS = 1024;
const SIDE = 4096;
const PANEL_BYTES = 4 * 256 * (64 + 256);
const [M, A] = [-1, 1];
const [S, SCALE] = [2, 2];

const square = (n) => 4 * n * n;
const columns = (count) => 4 * SIDE * count;

/** Of each: bytes of its arrays, the cycles that fill them, which one is the result, and the call of one run. */
const KERNELS = {
  peak: {
    arrays: () => [],
    cycles: [],
    call: (made, { variant, size }) => made[`peak_${variant}`](size, M, A),
  },
  triad: {
    arrays: ({ size }) => [size, size, size],
    cycles: [ZERO, FIRST, SECOND],
    many: (made, { size }, [a, b, c], repeats) => made.triad(a, b, c, size, S, repeats),
  },
  chain: {
    arrays: () => [ARRAY_BYTES, ARRAY_BYTES, ARRAY_BYTES],
    cycles: [ZERO, FIRST, ZERO],
    call: (made, { variant, size }, [y, x, z]) =>
      variant === "fused" ? made.chain_fused(x, y, ARRAY_BYTES, size, M, A) : made.chain_passes(x, y, z, ARRAY_BYTES, size, M, A),
  },
  epilogue: {
    arrays: ({ size }) => [size, size, size, 4 * BIAS_COLUMNS],
    cycles: [ZERO, FIRST, ZERO, BIAS],
    call: (made, { variant, size }, [y, x, z, bias]) => made[`epilogue_${variant}`](x, y, z, size, bias, SCALE),
  },
  gemm: {
    arrays: ({ size: n }) => [square(n), square(n), square(n), PANEL_BYTES],
    cycles: [ZERO, FIRST, SECOND, ZERO],
    call: (made, { variant, size }, [c, a, b, panels]) => made[`gemm_${variant}`](a, b, c, size, panels),
  },
  batch: {
    arrays: ({ size }) => [columns(size), square(SIDE), columns(size)],
    cycles: [ZERO, WEIGHTS, FIRST],
    call: (made, { size }, [y, w, x]) => made.batch(w, x, y, size),
  },
};

/** Bytes of the arrays of a row, the result first. @param {Row} row @returns {number[]} */
export function arraysOf(row) {
  return KERNELS[row.kernel].arrays(row);
}

/**
 * @param {Row} row
 * @param {WebAssembly.Instance} instance
 * @param {WebAssembly.Memory} memory
 * @returns {Kernel}
 */
export function openKernel(row, instance, memory) {
  const kernel = KERNELS[row.kernel];
  const sizes = kernel.arrays(row);
  const { at } = placesOf(sizes);
  const arrays = sizes.map((size, i) => new Float32Array(memory.buffer, at[i], size / 4));
  let returned = 0;
  const once = () => (returned = kernel.call(instance.exports, row, at));

  function prepare() {
    arrays.forEach((numbers, i) => fill(numbers, kernel.cycles[i]));
  }

  function run(repeats) {
    if (kernel.many) kernel.many(instance.exports, row, at, repeats);
    else for (let i = 0; i < repeats; i++) once();
  }

  function check() {
    prepare();
    run(1);
    return arrays[0] ? sum(arrays[0]) : returned;
  }

  return { prepare, run, check, output: arrays[0] };
}
