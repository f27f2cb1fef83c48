/**
 * What a failed save means to a learner, and what a failed change of the ledger does.
 *
 * exports saveFailureWords(reason) -> string, changeFailureWords(reason) -> string
 */

const WORDS = {
  full: "This browser's storage is full, so your latest step is not saved. Export your ledger now; then free some space for this site.",
  forbidden: "This browser does not let the page save (a private window, a setting, or a page around the lab), so your work lasts until you close this tab. Export your ledger to keep it.",
  absent: "This browser has no storage for this page, so your work lasts until you close this tab. Export your ledger to keep it.",
  unconfirmed: "The browser took your latest step but did not keep it. Export your ledger now.",
  erased: "Everything kept in this browser was erased, so your latest step is not saved. Export your ledger if you want to keep it.",
};

const CHANGE_WORDS = {
  full: "This browser's storage is full, so nothing was changed. Under Saved copies in the menu, delete one that you no longer need, then try again.",
  conflict: "Another tab has gone on with this ledger, so nothing was changed. Reload this page to go on from there.",
  erased: "Everything kept in this browser was erased. Reload this page to start afresh.",
};

/** @param {string} reason @returns {string} */
export function saveFailureWords(reason) {
  return WORDS[reason] ?? "Your latest step is not saved. Export your ledger now.";
}

/** @param {string} reason @returns {string} */
export function changeFailureWords(reason) {
  return CHANGE_WORDS[reason] ?? "The browser did not let the page change what it keeps, so nothing was changed.";
}
