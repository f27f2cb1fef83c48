/**
 * Measures rows one after the other, round by round, so that a drift of the machine meets all alike.
 *
 * exports measureRows(plan, tools) -> MeasuredRow[]
 */

import { repeatsFor, rounded, sampled } from "./sampling.js";

/**
 * @typedef {import("./kernels.js").Row} Row
 * @typedef {Row & {workers: number, where: string, repeats: number, samples_s: number[], checksum: number}} MeasuredRow
 */

/** A first run may wait for its compiler, and for memory. */
const FIRST_S = 20;

/**
 * @param {{rows: Row[], rounds: number, sample_s: number, slow_s: number}} plan
 * @param {object} tools
 * @param {(row: Row) => import("./kernels.js").Kernel} tools.open
 * @param {() => number} tools.read  the clock, in seconds
 * @param {{step: (planned_s: number) => void}} tools.watch
 * @param {(row: Row) => void} tools.onStep  a round of a row is done
 * @returns {MeasuredRow[]}
 */
export function measureRows({ rows, rounds, sample_s, slow_s }, { open, read, watch, onStep }) {
  const opened = rows.map((row) => {
    const kernel = open(row);
    const checksum = kernel.check();
    const { repeats, run_s } = repeatsFor(kernel.run, sample_s, read);
    watch.step(FIRST_S);
    onStep(row);
    return { row, kernel, checksum, repeats, run_s, samples_s: [] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const each of opened) {
      if (round === 0 || each.run_s <= slow_s) takeSample(each, read, watch);
      onStep(each.row);
    }
  }
  return opened.map(({ row, repeats, samples_s, checksum }) => ({ ...row, workers: 1, where: "wasm", repeats, samples_s, checksum }));
}

function takeSample({ kernel, repeats, run_s, samples_s }, read, watch) {
  kernel.prepare();
  samples_s.push(rounded(sampled(kernel.run, repeats, read)));
  watch.step(2 * repeats * run_s);
}
