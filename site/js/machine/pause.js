/**
 * Notices that the machine was paused, or so busy that a step took seconds longer than planned.
 *
 * exports openWatch(unplanned_s, read?) -> {step(planned_s) -> void}
 */

import { Refusal } from "./refusal.js";

/**
 * @param {number} unplanned_s  what a step may take beyond its plan
 * @param {() => number} [read]  the time of day in seconds: it goes on while the machine sleeps
 */
export function openWatch(unplanned_s, read = () => Date.now() / 1000) {
  let last = read();

  return {
    /** A step is done. @param {number} planned_s @throws {Refusal} it took far longer */
    step(planned_s) {
      const at = read();
      if (at - last > planned_s + unplanned_s) throw new Refusal("paused", `${at - last} s where ${planned_s} s were planned`);
      last = at;
    },
  };
}
