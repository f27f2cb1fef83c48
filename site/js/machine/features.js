/**
 * What this browser's WebAssembly can do, asked with modules of a few bytes.
 *
 * exports simdOf(validate?) -> "relaxed"|"plain"|"none"
 */

/** A function that returns a vector: `instructions` make it. */
const probe = (...instructions) =>
  Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 4 + instructions.length, 1, 2 + instructions.length, 0, ...instructions, 11);

const ZERO = [65, 0, 253, 15]; // i32.const 0, i8x16.splat
const SIMD = probe(...ZERO);
const RELAXED = probe(...ZERO, ...ZERO, ...ZERO, 253, 133, 2); // f32x4.relaxed_madd

/** @param {(bytes: Uint8Array) => boolean} [validate] */
export function simdOf(validate = WebAssembly.validate) {
  if (!validate(SIMD)) return "none";
  return validate(RELAXED) ? "relaxed" : "plain";
}
