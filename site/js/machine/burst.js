/**
 * All cores at once: each worker notes when a stretch of its runs ended; the rate of all is added over their common time.
 *
 * exports burst(kernel, options) -> Log, together(logs, windows) -> number[]|null
 */

import { repeatsFor, rounded } from "./sampling.js";

/** @typedef {{from_s: number, ends_s: number[], repeats: number}} Log  of one worker; a stretch is `repeats` runs */

const STRETCH_S = 0.005;

/** How many runs make a stretch. @param {import("./kernels.js").Kernel} kernel @param {() => number} read */
export function stretchOf(kernel, read) {
  return repeatsFor(kernel.run, STRETCH_S, read).repeats;
}

/**
 * Run from an agreed time on.
 * @param {import("./kernels.js").Kernel} kernel
 * @param {{at_s: number, for_s: number, repeats: number, read: () => number}} options
 * @returns {Log}
 */
export function burst(kernel, { at_s, for_s, repeats, read }) {
  while (read() < at_s);
  const from_s = read();
  const ends_s = [];
  do {
    kernel.run(repeats);
    ends_s.push(read());
  } while (ends_s.at(-1) < at_s + for_s);
  return { from_s, ends_s, repeats };
}

/**
 * Seconds of a run of one worker, on average, in each of so many windows of the time in which all workers ran.
 * @param {Log[]} logs
 * @param {number} windows
 * @returns {number[]|null} null where they had too little time in common
 */
export function together(logs, windows) {
  const from = Math.max(...logs.map((log) => log.from_s));
  const to = Math.min(...logs.map((log) => log.ends_s.at(-1)));
  const width = (to - from) / windows;
  if (!(width > 4 * STRETCH_S)) return null;
  return Array.from({ length: windows }, (_, window) => {
    const [left, right] = [from + window * width, from + (window + 1) * width];
    const rate = logs.reduce((sum, log) => sum + (runsBy(log, right) - runsBy(log, left)), 0) / width;
    return rounded(logs.length / rate);
  });
}

/** Runs that a worker had done by a time; within a stretch they are taken as even. */
function runsBy({ from_s, ends_s, repeats }, at_s) {
  let before = from_s;
  let done = 0;
  for (const end of ends_s) {
    if (at_s < end) return done + (repeats * (at_s - before)) / (end - before);
    done += repeats;
    before = end;
  }
  return done;
}
