/**
 * One sample: so many runs that the clock's step does not matter, and the seconds of one of them.
 *
 * exports repeatsFor(run, sample_s, read) -> {repeats, run_s}, sampled(run, repeats, read) -> seconds, rounded(value) -> number
 */

const ENOUGH = 0.5; // of a sample, to learn how many runs fill it
const MOST_GROWTH = 8;
const MOST_REPEATS = 2 ** 24;

/** Three significant digits: what is recorded, and what every figure derives from. @param {number} value */
export function rounded(value) {
  return Number(value.toPrecision(3));
}

/**
 * Seconds of one run, as the mean of `repeats`.
 * @param {(repeats: number) => void} run
 * @param {number} repeats
 * @param {() => number} read  in seconds
 */
export function sampled(run, repeats, read) {
  const from = read();
  run(repeats);
  return (read() - from) / repeats;
}

/**
 * How many runs fill a sample. They grow until half a sample lasted as long by the clock, which may have moved by a step too many or
 * stood still; then one more says how long it is now, for by then the code is compiled for speed.
 * @param {(repeats: number) => void} run
 * @param {number} sample_s
 * @param {() => number} read
 */
export function repeatsFor(run, sample_s, read) {
  let repeats = 1;
  let run_s = sampled(run, repeats, read);
  while (run_s * repeats < ENOUGH * sample_s && repeats < MOST_REPEATS) {
    repeats = Math.max(repeats + 1, grown(repeats, ENOUGH * sample_s, run_s));
    run_s = sampled(run, repeats, read);
  }
  if (repeats === 1 && run_s >= sample_s) return { repeats, run_s };
  run_s = sampled(run, repeats, read);
  return { repeats: grown(repeats, sample_s, run_s), run_s };
}

/** As many runs as fill a sample if each takes so long, and at most eight times as many as before. */
function grown(repeats, sample_s, run_s) {
  const wanted = run_s > 0 ? Math.ceil(sample_s / run_s) : Infinity;
  return Math.max(1, Math.min(wanted, MOST_GROWTH * repeats, MOST_REPEATS));
}
