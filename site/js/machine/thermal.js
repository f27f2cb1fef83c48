/**
 * A kernel for a minute: how many runs it did in each stretch of time.
 *
 * exports thermal(kernel, options) -> void, rates(logs, run_flop) -> [number, number][]
 */

import { rounded } from "./sampling.js";

/** @typedef {[from_s: number, to_s: number, runs: number]} Stretch  of one worker, since the agreed time */

/**
 * @param {import("./kernels.js").Kernel} kernel
 * @param {object} options
 * @param {number} options.at_s  when all begin
 * @param {number} options.seconds
 * @param {number} options.every_s
 * @param {() => number} options.read
 * @param {{step: (planned_s: number) => void}} options.watch
 * @param {(stretch: Stretch) => void} options.onStretch
 */
export function thermal(kernel, { at_s, seconds, every_s, read, watch, onStretch }) {
  while (read() < at_s);
  for (let from = read() - at_s; from < seconds; ) {
    let runs = 0;
    let to = from;
    while (to - from < every_s) {
      kernel.run(1);
      runs++;
      to = read() - at_s;
    }
    watch.step(2 * every_s);
    onStretch([from, to, runs]);
    from = to;
  }
}

/**
 * The rate of all workers over time; the stretches of the first say when.
 * @param {Stretch[][]} logs  of each worker
 * @param {number} run_flop
 * @returns {[number, number][]} seconds since the beginning, FLOP/s
 */
export function rates(logs, run_flop) {
  const length = Math.min(...logs.map((log) => log.length));
  return Array.from({ length }, (_, i) => {
    const rate = logs.reduce((sum, log) => sum + log[i][2] / (log[i][1] - log[i][0]), 0);
    return [rounded(logs[0][i][1]), rounded(rate * run_flop)];
  });
}
