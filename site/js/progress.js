/**
 * How far a long start has come, shown only once it is long, or once nothing has come for a while.
 *
 * exports createProgress(options?) -> Progress
 */

import { announce } from "./announce.js";

/**
 * @typedef {object} Progress
 * @property {(step: {words: string, received?: number, total?: number}) => void} update
 * @property {() => void} heard  something came, though nothing that can be counted
 * @property {() => void} done
 */

/**
 * @param {object} [options]
 * @param {number} [options.delayMs]
 * @param {number} [options.patienceMs]
 * @param {(times: number) => void} [options.onStill]  nothing has come for so many times the patience
 * @returns {Progress}
 */
export function createProgress({ delayMs = 1500, patienceMs = 10_000, onStill = () => {} } = {}) {
  const box = document.getElementById("progress");
  const bar = /** @type {HTMLProgressElement} */ (document.getElementById("progress-bar"));
  const words = document.getElementById("progress-words");
  let over = false;
  let still = 0;
  let shown = "Loading the lab";
  let patience = setTimeout(tellStill, patienceMs);
  const delay = setTimeout(() => (box.hidden = !words.dataset.begun), delayMs);

  return {
    update(step) {
      words.dataset.begun = "yes";
      if (over) return;
      const counted = step.total > 0 && step.received >= 0;
      shown = counted ? `${step.words}: ${megabytes(step.received)} of ${megabytes(step.total)} MB` : step.words;
      words.textContent = shown;
      if (counted) {
        bar.max = step.total;
        bar.value = Math.min(step.received, step.total);
      } else {
        bar.removeAttribute("value");
      }
      if (performance.now() > delayMs) box.hidden = false;
      heard();
    },
    heard,
    done() {
      over = true;
      clearTimeout(delay);
      clearTimeout(patience);
      box.hidden = true;
    },
  };

  function heard() {
    if (over) return;
    clearTimeout(patience);
    patience = setTimeout(tellStill, patienceMs);
    if (still) words.textContent = shown;
    still = 0;
  }

  function tellStill() {
    words.textContent = `${shown}. Nothing has come for ${(patienceMs * (still + 1)) / 1000} seconds; a slow connection or device only needs longer. If it stays so, reload the page.`;
    box.hidden = false;
    if (!still) announce(words.textContent);
    patience = setTimeout(tellStill, patienceMs);
    onStill(++still);
  }
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
