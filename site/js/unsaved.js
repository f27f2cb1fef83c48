/**
 * What this browser has not kept: one notice for as long as that is so, and a question before the page is left.
 *
 * exports startUnsaved(options) -> Unsaved
 */

import { showNotice } from "./notice.js";
import { saveFailureWords } from "./words.js";

const NO_ROOM =
  "This browser has no room left: what you fill in is not kept, and what you commit may not be saved. Keep this tab open, and free some space for this site.";

/**
 * @typedef {object} Unsaved
 * @property {(reason: import("./ledger.js").SaveFailure) => void} cannot  nothing can be saved here, and nothing was yet
 * @property {(result: import("./ledger.js").SaveResult) => void} step  a step was saved, or was not
 * @property {(areLost: boolean) => void} drafts  whether there are drafts that could not be kept
 * @property {() => void} release  the learner wants it gone
 */

/**
 * @param {object} options
 * @param {() => boolean} options.isOnlyHere  the ledger has something that is in no storage
 * @param {() => boolean} options.isTold  the learner knows already that drafts are not kept
 * @returns {Unsaved}
 */
export function startUnsaved({ isOnlyHere, isTold }) {
  let failed = false;
  let areLost = false;
  let released = false;
  let close = () => {};
  return { cannot, step, drafts, release: () => (released = true) };

  function cannot(reason) {
    tell("storage", saveFailureWords(reason));
  }

  function step({ ok, reason }) {
    failed = !ok;
    if (ok) close();
    else if (reason !== "conflict") cannot(reason); // ledger-news.js tells of the other tab
    guard();
    if (ok && areLost) drafts(areLost);
  }

  function drafts(now) {
    areLost = now;
    if (!failed && !areLost) close();
    if (!failed && areLost && !isTold()) tell("drafts", NO_ROOM);
    guard();
  }

  function tell(id, words) {
    close();
    close = showNotice({ id, kind: "failed", words });
  }

  /** Listened for only while there is need: a page that listens may not be kept for the browser's Back button. */
  function guard() {
    const isNeeded = isOnlyHere() || areLost;
    window[isNeeded ? "addEventListener" : "removeEventListener"]("beforeunload", ask);
  }

  function ask(event) {
    if (released || !(isOnlyHere() || areLost)) return;
    event.preventDefault();
    event.returnValue = true; // browsers of 2024
  }
}
