/**
 * One run that the learner asked for: its threads, and what ends it early.
 *
 * exports openRun(makeWorker, page?) -> Run
 */

import { Refusal } from "./refusal.js";
import { openThread } from "./thread.js";

/**
 * @typedef {object} Run
 * @property {() => import("./thread.js").Thread} thread
 * @property {(why: import("./refusal.js").Why) => void} refuse  end it: nothing of it is kept
 * @property {<T>(work: () => Promise<T>) => Promise<T>} over  do the work unless it is ended; then all threads are gone
 */

/**
 * @param {() => Worker} makeWorker
 * @param {Document} [page]
 * @returns {Run}
 */
export function openRun(makeWorker, page = document) {
  const threads = [];
  let ended = false;
  let refuse;
  const refused = new Promise((_, reject) => (refuse = (why) => reject(new Refusal(why))));
  refused.catch(() => {});
  const hidden = () => page.hidden && refuse("hidden");

  return {
    thread() {
      const made = openThread(makeWorker);
      if (ended) made.end();
      else threads.push(made);
      return made;
    },
    refuse: (why) => refuse(why),
    async over(work) {
      page.addEventListener("visibilitychange", hidden);
      hidden();
      try {
        return await Promise.race([refused, work()]);
      } finally {
        ended = true;
        page.removeEventListener("visibilitychange", hidden);
        for (const each of threads) each.end();
      }
    },
  };
}
