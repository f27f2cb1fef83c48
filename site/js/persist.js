/**
 * Ask the browser not to delete what the page keeps; where it may do so all the same, say so once.
 *
 * exports startPersist(options) -> {ask: () => Promise<void>}
 */

import { showNotice } from "./notice.js";

const SEVEN_DAYS = "This browser may delete the lab's data after seven days without a visit. Export your ledger before a longer break.";
const NO_ROOM = "This browser may delete the lab's data when the device is short of space. Export your ledger from time to time.";

/**
 * @param {object} options
 * @param {import("./memo.js").Memo} options.memo
 * @param {() => void} options.onExport
 */
export function startPersist({ memo, onExport }) {
  let asked = false;
  return { ask };

  /** To be called when there is something to lose. */
  async function ask() {
    if (asked) return;
    asked = true;
    const words = warning(await isPersistent(memo.firstTime("persist") || isInstalled()));
    if (words === null || !memo.firstTime("may-delete")) return;
    showNotice({
      id: "persist",
      place: document.getElementById("persist-place"),
      words,
      actions: [{ label: "Export my ledger", run: onExport }, { label: "Dismiss" }],
    });
  }
}

/** Firefox asks the learner, so it is asked once; other browsers decide by themselves, and anew once the lab is installed. */
async function isPersistent(request) {
  try {
    return (await navigator.storage.persisted()) || (request && (await navigator.storage.persist()));
  } catch {
    return false; // older browsers, and pages that are not served over https
  }
}

/** WebKit counts the days whatever it has granted, but not for an app on the home screen. */
function warning(persistent) {
  if (navigator.vendor.startsWith("Apple") && !isInstalled()) return SEVEN_DAYS;
  return persistent ? null : NO_ROOM;
}

function isInstalled() {
  return navigator.standalone === true || window.matchMedia("(display-mode: standalone)").matches;
}
