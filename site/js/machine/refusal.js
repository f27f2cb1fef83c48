/**
 * Why nothing is recorded. The words are Python's.
 *
 * exports Refusal
 */

/** @typedef {"no-simd"|"no-memory"|"hidden"|"stopped"|"paused"|"coarse-clock"|"failed"} Why */

export class Refusal extends Error {
  /** @param {Why} why */
  constructor(why, message = why) {
    super(message);
    this.why = why;
  }
}
