/**
 * The clock of a picture: seconds of the system, at a named pace, while the picture runs.
 *
 * exports createClock() -> Clock
 */

/** A frame that comes later than this, after the machine slept, moves the system no further. */
const LONGEST_FRAME_S = 1;

/**
 * @typedef {{period_s: number, step_s: number, rungs_s: number[], words: string[], chosen: number}} Pace
 *
 * @typedef {object} Clock
 * @property {(pace: Pace|null) => void} take  a picture's own pace; how much slower or faster the learner chose stays
 * @property {(elapsed_s: number) => void} run  so much of the learner's time has passed
 * @property {() => void} step  one step of the picture
 * @property {(by: number) => void} shift  rungs faster, or slower
 * @property {(by: number) => boolean} canShift
 * @property {() => number} now  in seconds of the system
 * @property {() => string} words  how the two times compare
 */

/** @returns {Clock} */
export function createClock() {
  /** @type {Pace|null} */
  let pace = null;
  let shifted = 0;
  let now_s = 0;
  const rung = () => Math.min(Math.max(pace.chosen + shifted, 0), pace.rungs_s.length - 1);

  return {
    take: (its) => (pace = its),
    run: (elapsed_s) => pace && (now_s += Math.min(elapsed_s, LONGEST_FRAME_S) * pace.rungs_s[rung()]),
    step: () => pace && (now_s += pace.step_s),
    shift(by) {
      if (this.canShift(by)) shifted = rung() + by - pace.chosen;
    },
    canShift: (by) => pace !== null && rung() + by >= 0 && rung() + by < pace.rungs_s.length,
    now: () => now_s,
    words: () => (pace ? pace.words[rung()] : ""),
  };
}
