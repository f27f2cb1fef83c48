/**
 * The clock of the measurements, and how coarse it is.
 *
 * exports now() -> seconds, tickOf(read?) -> seconds
 */

const TICKS = 25;
const MOST_READS = 5_000_000;

/** Seconds on the one time line of the page and its workers. */
export function now() {
  return (performance.timeOrigin + performance.now()) / 1000;
}

/**
 * The middle one of the steps in which a clock moves.
 * @param {() => number} [read]  in milliseconds
 * @returns {number} seconds
 */
export function tickOf(read = () => performance.now()) {
  const steps = [];
  let last = read();
  for (let reads = 0; steps.length < TICKS && reads < MOST_READS; reads++) {
    const at = read();
    if (at > last) steps.push(at - last);
    last = at;
  }
  return steps.length > 0 ? steps.sort((a, b) => a - b)[steps.length >> 1] / 1000 : Infinity;
}
