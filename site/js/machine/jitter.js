/**
 * The same kernel thousands of times: each run by itself, and with a time stamp a kernel beside it.
 *
 * exports runsWithin(plan, tick_s) -> number, jitter(options) -> {repeats, samples_s, observed_s}
 */

import { repeatsFor, rounded } from "./sampling.js";

/** @typedef {{runs: number, ticks: number, most_s: number}} JitterPlan */

/** How many runs of each kind fit into the time, each so many ticks of the clock long. @param {JitterPlan} plan @param {number} tick_s */
export function runsWithin({ runs, ticks, most_s }, tick_s) {
  return Math.max(1, Math.min(runs, Math.floor(most_s / (2 * ticks * tick_s))));
}

/**
 * @param {object} options
 * @param {JitterPlan} options.plan
 * @param {number} options.tick_s
 * @param {import("./kernels.js").Kernel} options.warm  says how many kernels make a run
 * @param {import("./kernels.js").Kernel} options.cold  has never run: its first run is the first sample
 * @param {() => number} options.read
 * @param {(done: number, total: number) => void} options.onStep
 * @param {{step: (planned_s: number) => void}} options.watch
 */
export function jitter({ plan, tick_s, warm, cold, read, onStep, watch }) {
  const run_s = plan.ticks * tick_s;
  const { repeats } = repeatsFor(warm.run, run_s, read);
  const total = runsWithin(plan, tick_s);
  const [samples_s, observed_s, stamps] = [[], [], new Float64Array(repeats)];
  cold.prepare();
  for (let done = 0; done < total; done++) {
    samples_s.push(taken(() => each(cold, repeats, () => 0, stamps), read));
    observed_s.push(taken(() => each(cold, repeats, read, stamps), read));
    watch.step(4 * run_s);
    if (done % 20 === 0) onStep(done, total);
  }
  return { repeats, samples_s, observed_s };
}

function each(kernel, repeats, stamp, stamps) {
  for (let i = 0; i < repeats; i++) {
    kernel.run(1);
    stamps[i] = stamp();
  }
}

function taken(act, read) {
  const from = read();
  act();
  return rounded(read() - from);
}
