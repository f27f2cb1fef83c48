/**
 * A thread that measures, as the page talks to it: one question at a time.
 *
 * exports openThread(make, onFailed) -> Thread
 */

import { Refusal } from "./refusal.js";

/**
 * @typedef {object} Thread
 * @property {(message: object, onStep?: (step: object) => void) => Promise<any>} ask  rejects with a Refusal
 * @property {() => void} end  at once, whatever it is doing
 */

/** A thread that says nothing for so long is gone: a browser ends one without a word. No step of a plan takes as long. */
const SILENT_MS = 60_000;

/** @param {() => Worker} make @param {number} [silent_ms] @returns {Thread} */
export function openThread(make, silent_ms = SILENT_MS) {
  const worker = make();
  let asked = null;
  let timer = null;

  function wait() {
    const from = Date.now();
    clearTimeout(timer);
    // The time of day goes on while the machine sleeps, and a timer does not.
    timer = setTimeout(() => asked?.reject(new Refusal(Date.now() - from > 2 * silent_ms ? "paused" : "failed", "no word of a thread")), silent_ms);
  }

  worker.onmessage = ({ data: { type, ...told } }) => {
    if (type === "done" || type === "refused") clearTimeout(timer);
    else wait();
    if (type === "done") asked?.resolve(told.answer ?? {});
    else if (type === "refused") asked?.reject(new Refusal(told.why, told.what));
    else asked?.onStep(told);
  };
  worker.onerror = (event) => {
    event.preventDefault?.();
    asked?.reject(new Refusal("failed", event.message));
  };

  return {
    ask(message, onStep = () => {}) {
      return new Promise((resolve, reject) => {
        asked = { resolve, reject, onStep };
        wait();
        worker.postMessage(message);
      });
    },
    end() {
      clearTimeout(timer);
      worker.terminate();
    },
  };
}
