/**
 * How far a long start has come, shown only once it is long.
 *
 * exports createProgress(delayMs?) -> Progress
 */

/**
 * @typedef {object} Progress
 * @property {(step: {words: string, received?: number, total?: number}) => void} update
 * @property {() => void} done
 */

/** @param {number} [delayMs] @returns {Progress} */
export function createProgress(delayMs = 1500) {
  const box = document.getElementById("progress");
  const bar = /** @type {HTMLProgressElement} */ (document.getElementById("progress-bar"));
  const words = document.getElementById("progress-words");
  let timer = setTimeout(() => (box.hidden = !words.dataset.begun), delayMs);

  return {
    update(step) {
      words.dataset.begun = "yes";
      if (!timer) return;
      const counted = step.total > 0 && step.received >= 0;
      words.textContent = counted ? `${step.words}: ${megabytes(step.received)} of ${megabytes(step.total)} MB` : step.words;
      if (counted) {
        bar.max = step.total;
        bar.value = Math.min(step.received, step.total);
      } else {
        bar.removeAttribute("value");
      }
      if (performance.now() > delayMs) box.hidden = false;
    },
    done() {
      clearTimeout(timer);
      timer = 0;
      box.hidden = true;
    },
  };
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
