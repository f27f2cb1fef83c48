/**
 * What the kernels compute with: small whole numbers in cycles, so that float32 is exact in any order.
 *
 * exports ZERO, FIRST, SECOND, WEIGHTS, BIAS (Float32Array, one cycle each), fill(numbers, cycle), sum(numbers) -> number
 */

const cycle = (length, value) => Float32Array.from({ length }, (_, i) => value(i));

export const ZERO = cycle(1, () => 0);
export const FIRST = cycle(11, (i) => ((i * 7 + 3) % 11) - 5);
export const SECOND = cycle(7, (i) => ((i * 5 + 1) % 7) - 3);
export const WEIGHTS = cycle(3, (i) => (i % 3) - 1);
export const BIAS = cycle(5, (i) => i - 2);

/** Repeat a cycle over all numbers, which also brings their pages in. @param {Float32Array} numbers @param {Float32Array} cycle */
export function fill(numbers, cycle) {
  numbers.set(cycle.subarray(0, numbers.length));
  for (let done = cycle.length; done < numbers.length; done *= 2) numbers.copyWithin(done, 0, done); // the end cuts the last
}

/** @param {Float32Array} numbers */
export function sum(numbers) {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i];
  return total;
}
