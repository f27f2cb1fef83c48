/**
 * Wait until the learner's hand rests: what can wait would cost the processor that answers a moved control.
 *
 * exports createQuiet(now?) -> {stir() -> void, last(ms) -> Promise<void>}
 */

/**
 * @typedef {object} Quiet
 * @property {() => void} stir  something was asked
 * @property {(ms: number) => Promise<void>} last  settled once nothing was asked for so long, from now on
 */

/** @param {() => number} now  milliseconds @returns {Quiet} */
export function createQuiet(now = () => performance.now()) {
  let stirred = 0;
  return {
    stir: () => (stirred = now()),
    async last(ms) {
      stirred = now();
      for (let left = ms; left > 0; left = stirred + ms - now()) await new Promise((resolve) => setTimeout(resolve, left));
    },
  };
}
